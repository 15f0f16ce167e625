"""Made-up facts with which staff see how a text looks. Nobody in them exists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import mailtexts
from bookings.calendar import CANCEL, REQUEST
from bookings.mails import (
    booking_values,
    class_text,
    evaluation_label,
    link_label,
    moment,
    session_values,
    visit_values,
)
from vaern.outbox.texts import Link, Rows, TextKind, Value, register_samples

CLASS = {"label": "7.B", "pupils": 24, "adults": 2}
ADDRESS = "/booking/eksempel/"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def _facts() -> dict[str, Any]:
    starts = timezone.now().replace(minute=0, second=0, microsecond=0) + 14 * DAY
    return {
        "recipient_name": "Kim Eksempel",
        "recipient": "kim@example.dk",
        "workshop": _("Sources on the net"),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + 2 * HOUR).isoformat(),
        "place": _("At the school"),
        "online_link": "",
        "school": "Eksempelskolen",
        "classes": [CLASS],
        "reference": "ABCD2345",
        "prepare": _("Read the text that is attached to the workshop."),
        "reason": _("The room is closed."),
        "answer": _("The room is closed."),
        "position": 3,
        "offer_expires_at": (timezone.now() + 2 * DAY).isoformat(),
        "before_starts_at": (starts - 7 * DAY).isoformat(),
        "proposed_starts_at": starts.isoformat(),
        "proposed_ends_at": (starts + 2 * HOUR).isoformat(),
        "wishes": [{"starts_at": starts.isoformat(), "ends_at": (starts + 2 * HOUR).isoformat()}],
    }


def _booking(kind: TextKind) -> dict[str, Value]:
    cancels = kind in {mailtexts.cancelled, mailtexts.called_off}
    values = booking_values({**_facts(), "state": "waitlisted"}, attached=True, method=CANCEL if cancels else REQUEST)
    return {
        **values,
        "link": Link(settings.VAERN_BASE_URL + ADDRESS, link_label(kind)),
        "evaluation": Link(settings.VAERN_BASE_URL + "/evaluering/eksempel/", evaluation_label()),
        "cancel_until": moment(timezone.now() + 7 * DAY),
        "links": Rows((("", _("Sources on the net")), ("", settings.VAERN_BASE_URL + ADDRESS))),
        "workshops": _("Sources on the net"),
    }


def _visit(kind: TextKind) -> dict[str, Value]:
    state = "declined" if kind is mailtexts.visit_declined else "proposed"
    return visit_values({**_facts(), "state": state, "link": settings.VAERN_BASE_URL + ADDRESS})


def _staff() -> dict[str, Value]:
    return {
        **session_values(_facts()),
        "groups": Rows((("", f"{class_text(CLASS)}, Eksempelskolen"),)),
        "link": Link(settings.VAERN_BASE_URL + ADDRESS, _("Report attendance")),
        "new": Rows((("", _("Sources on the net") + ": 2"),)),
        "requests": Rows((("", "ABCD2345: " + _("Sources on the net")),)),
        "visits": Rows((("", "EFGH2345: " + _("Sources on the net")),)),
        "failures": Rows((("", str(mailtexts.reminder.name) + ": 1"),)),
        "below_minimum": Rows((("", _("Sources on the net")),)),
        "unreported": Rows((("", _("Sources on the net")),)),
    }


VISITS = (
    mailtexts.visit_received,
    mailtexts.visit_proposed,
    mailtexts.visit_declined,
    mailtexts.visit_withdrawn,
)
STAFF = (
    mailtexts.facilitator_new,
    mailtexts.facilitator_changed,
    mailtexts.facilitator_cancelled,
    mailtexts.facilitator_day,
    mailtexts.attendance_missing,
    mailtexts.digest,
)
BOOKERS = (
    mailtexts.received,
    mailtexts.confirmed,
    mailtexts.waiting,
    mailtexts.offered,
    mailtexts.offer_lapsed,
    mailtexts.changed,
    mailtexts.numbers,
    mailtexts.moved,
    mailtexts.cancelled,
    mailtexts.called_off,
    mailtexts.rejected,
    mailtexts.reminder,
    mailtexts.day_before,
    mailtexts.thanks,
    mailtexts.links,
)


def register() -> None:
    """Make the samples known to the previews."""
    for kind in BOOKERS:
        register_samples([kind.key], lambda kind=kind: _booking(kind))  # type: ignore[misc]
    for kind in VISITS:
        register_samples([kind.key], lambda kind=kind: _visit(kind))  # type: ignore[misc]
    register_samples([kind.key for kind in STAFF], _staff)
