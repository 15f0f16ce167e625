"""The coordinator's panels on the home page of the admin, and on the screen of the day: each row leads to where it is
done. One query each, but where it says otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin import words
from bookings.models import Booking, Session, VisitRequest
from bookings.permissions import may_report, sessions_to_report
from bookings.queries import unreported
from bookings.rules import State
from vaern.cms.dashboard import ROWS, DashboardPanel, Listing, Row, first_rows, register_panel
from vaern.design.formats import COPENHAGEN, format_date
from vaern.guidance.dashboard import may_check, unchecked
from vaern.outbox.models import Message
from vaern.outbox.registry import name_of
from vaern.workspace import needs
from vaern.workspace.permissions import MESSAGES, coordinates, manages, sees_sessions, sessions_of

KEY = "desk-"
DAY = dt.timedelta(days=1)
Read = Callable[[HttpRequest], Listing]


def days_ahead(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return from when to when "today and next week" is: from midnight to the end of next week's Sunday."""
    today = now.astimezone(COPENHAGEN).date()
    after = today + dt.timedelta(days=14 - today.weekday())
    return (
        dt.datetime.combine(today, dt.time(), tzinfo=COPENHAGEN),
        dt.datetime.combine(after, dt.time(), tzinfo=COPENHAGEN),
    )


def near(user: Any, now: dt.datetime) -> QuerySet[Session]:
    """Return the user's sessions of today and until the end of next week, soonest first."""
    first, until = days_ahead(now)
    rows = sessions_of(user).exclude(status=Session.Status.CANCELLED)
    return rows.filter(starts_at__gte=first, starts_at__lt=until).order_by("starts_at", "pk")


def session_link(session: Session) -> str:
    """Return the address of a session's page."""
    return reverse("staff_sessions:inspect", args=[session.pk])


def sessions_link(need: str) -> str:
    """Return the address of the list of sessions that need the same."""
    return f"{reverse('staff_sessions:index')}?need={need}"


def _today(request: HttpRequest) -> Listing:
    now = timezone.now()
    rows = near(request.user, now).filter(ends_at__gte=now).select_related("workshop")
    count, found = first_rows(rows)
    coordinator = coordinates(request.user)
    return Listing(
        count,
        [
            Row(words.called(row), session_link(row) if coordinator else _report(row), words.seats_of(row))
            for row in found
        ],
        reverse("workspace_today"),
    )


def _report(session: Session) -> str:
    return reverse("bookings:attendance", args=[session.uuid])


def _visits(_request: HttpRequest) -> Listing:
    waiting = VisitRequest.objects.filter(state=VisitRequest.State.OPEN).select_related("workshop")
    count, found = first_rows(waiting.order_by("created_at", "pk"))
    rows = [
        Row(
            f"{row.school_name}: {row.workshop.title}",
            reverse("staff_visits:answer", args=[row.pk]),
            _since(row.created_at),
        )
        for row in found
    ]
    return Listing(count, rows, f"{reverse('staff_visits:index')}?state=open")


def _approvals(_request: HttpRequest) -> Listing:
    waiting = Booking.objects.filter(state=State.REQUESTED).select_related("session__workshop")
    count, found = first_rows(waiting.order_by("created_at", "pk"))
    rows = [
        Row(
            f"{row.school_name or row.contact_name}: {words.called(row.session)}",
            reverse("staff_bookings:inspect", args=[row.pk]),
            _since(row.created_at),
        )
        for row in found
    ]
    return Listing(count, rows, reverse("staff_approvals:index"))


def _since(moment: dt.datetime) -> str:
    return _("received on %(day)s") % {"day": format_date(moment, "plain")}


def _unreported(request: HttpRequest) -> Listing:
    rows = unreported(timezone.now()).filter(pk__in=sessions_to_report(request.user).order_by().values("pk"))
    count, found = first_rows(rows.select_related("workshop"))
    everybody = coordinates(request.user)
    url = sessions_link("unreported") if everybody else reverse("bookings:sessions")
    return Listing(count, [Row(words.called(row), _report(row)) for row in found], url)


def _sessions(need: str, note: Callable[[Session], str]) -> Read:
    def read(_request: HttpRequest) -> Listing:
        _label, rows = needs.NEEDS[need]
        count, found = first_rows(rows(timezone.now()).select_related("workshop"))
        return Listing(
            count, [Row(words.called(row), session_link(row), note(row)) for row in found], sessions_link(need)
        )

    return read


def _taken_of_minimum(session: Session) -> str:
    return _("%(taken)s of at least %(minimum)s") % {
        "taken": session.seats_taken,
        "minimum": session.workshop.group_min,
    }


def _failed(_request: HttpRequest) -> Listing:
    """A sign-in code that ran out is nobody's business (as in the coordinators' digest)."""
    now = timezone.now()
    rows = Message.objects.undelivered().exclude(kind__startswith="people.")
    rows = rows.filter(Q(created_at__gt=now - 30 * DAY)).exclude(last_error="given up by staff")
    count, found = first_rows(rows.order_by("-pk"))
    return Listing(
        count,
        [
            Row(name_of(row.kind), reverse("staff_messages:inspect", args=[row.pk]), row.get_state_display())
            for row in found
        ],
        f"{reverse('staff_messages:index')}?state=failed",
    )


def _charters(_request: HttpRequest) -> Listing:
    """Return the providers of coming public dates on which their charter is not valid. Four queries."""
    now = timezone.now()
    rows = needs.without_charter(now).select_related("workshop__provider")
    names: dict[str, int] = {}
    for row in rows:
        names[str(row.workshop.provider)] = names.get(str(row.workshop.provider), 0) + 1
    return Listing(
        len(names),
        [
            Row(name, sessions_link("no_charter"), _("%(count)s public dates") % {"count": number})
            for name, number in list(names.items())[:ROWS]
        ],
        sessions_link("no_charter"),
    )


def _contacts(request: HttpRequest) -> Listing:
    """The coordinator sees that they are overdue; checking them is the editors'."""
    found = unchecked(request)
    return Listing(found.count, [replace(row, url="") for row in found.rows])


def _reads_messages(user: Any) -> bool:
    return bool(manages(user) and user.has_perm(MESSAGES))


PANELS = (
    (
        "today",
        gettext_lazy("Today and next week"),
        gettext_lazy("No sessions until the end of next week."),
        sees_sessions,
        _today,
    ),
    ("visits", gettext_lazy("Visits to answer"), gettext_lazy("No school waits for an answer."), manages, _visits),
    (
        "approvals",
        gettext_lazy("Bookings to approve"),
        gettext_lazy("No booking waits for approval."),
        manages,
        _approvals,
    ),
    (
        "unreported",
        gettext_lazy("Attendance is missing"),
        gettext_lazy("Every session that was held has been reported."),
        may_report,
        _unreported,
    ),
    (
        "below",
        gettext_lazy("Below the minimum within two weeks"),
        gettext_lazy("No session of the next two weeks has too few."),
        coordinates,
        _sessions("below_minimum", _taken_of_minimum),
    ),
    (
        "full",
        gettext_lazy("More than 90 % full"),
        gettext_lazy("There is room on every session."),
        coordinates,
        _sessions("nearly_full", words.seats_of),
    ),
    (
        "failed",
        gettext_lazy("Messages that did not arrive"),
        gettext_lazy("Every message of the last 30 days has arrived."),
        _reads_messages,
        _failed,
    ),
    (
        "charter",
        gettext_lazy("Providers without a valid charter"),
        gettext_lazy("Every provider with public dates has a valid charter."),
        coordinates,
        _charters,
    ),
    (
        "contacts",
        gettext_lazy("Contacts that an editor should check"),
        gettext_lazy("Every number has been checked within six months."),
        lambda user: coordinates(user) and not may_check(user),
        _contacts,
    ),
)

for number, (key, title, nothing, allowed, read) in enumerate(PANELS):
    register_panel(DashboardPanel(KEY + key, title, nothing, allowed, read, number + 1))
