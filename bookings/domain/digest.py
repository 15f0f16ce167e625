"""The coordinators' overview of the day: one message each working morning, none when there is nothing to tell."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.contrib.auth.models import Permission
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.deadlines import at
from bookings.domain.asking import long_unreported
from bookings.models import Booking, Session, VisitRequest
from bookings.rules import State
from bookings.staffmessages import language_of
from vaern.design.formats import COPENHAGEN, format_date
from vaern.outbox.domain import enqueue_once
from vaern.outbox.models import Message, Told
from vaern.outbox.registry import name_of
from vaern.people.models import User
from vaern.schooldays.rules import is_working_day

DIGEST_AT = dt.time(7)
BELOW_MINIMUM_WITHIN = dt.timedelta(days=14)
MOST_LINES = 20
KEY = "bookings.digest"
DAY = dt.timedelta(days=1)


def tell_coordinators(*, now: dt.datetime) -> int:
    """Put the day's overview into the outbox once it is morning on a working day; return how many were told."""
    day = now.astimezone(COPENHAGEN).date()
    if not is_working_day(day) or now < at(day, DIGEST_AT):
        return 0
    if Told.objects.filter(key=f"{KEY}:{day}").exists():
        return 0
    since = Told.objects.filter(key__startswith=f"{KEY}:").order_by("-at").values_list("at", flat=True).first()
    since = max(since or now - DAY, now - 7 * DAY)
    told = 0
    for person in coordinators():
        with translation.override(language_of(person)):
            parts = contents(since=since, now=now)
        if any(parts.values()):
            told += enqueue_once(
                key=f"{KEY}.to:{day}:{person.pk}",
                kind=KEY,
                recipient=person.email,
                language=language_of(person),
                context={**parts, "recipient_name": str(person)},
                thread=f"digest:{person.pk}",
                version=day.toordinal(),
            )
    Told.objects.get_or_create(key=f"{KEY}:{day}", defaults={"at": now})
    return told


def coordinators() -> QuerySet[User]:
    """Return those whose role it is to handle bookings."""
    may = Permission.objects.filter(content_type__app_label="bookings", codename="manage_bookings")
    return (
        User.objects.filter(is_active=True)
        .filter(Q(groups__permissions__in=may))
        .exclude(email="")
        .distinct()
        .order_by("pk")
    )


def contents(*, since: dt.datetime, now: dt.datetime) -> dict[str, list[str]]:
    """Return the lines of each part, in the language that is active; nobody's name is in them."""
    return {
        "new": _new(since),
        "requests": _requests(),
        "visits": _visits(),
        "failures": _failures(since),
        "below_minimum": _below_minimum(now),
        "unreported": _unreported(now),
    }


def _new(since: dt.datetime) -> list[str]:
    rows = Booking.objects.filter(created_at__gt=since).select_related("session__workshop")
    counts = Counter(_called(row.session) for row in rows.order_by("session__starts_at", "pk"))
    return _cut([f"{called}: {number}" for called, number in counts.items()])


def _requests() -> list[str]:
    rows = Booking.objects.filter(state=State.REQUESTED).select_related("session__workshop")
    return _cut([f"{row.reference}: {_called(row.session)}" for row in rows.order_by("session__starts_at", "pk")])


def _visits() -> list[str]:
    """Return the requests for visits that wait for a coordinator; with a proposal out, it is the school's turn."""
    rows = VisitRequest.objects.filter(state=VisitRequest.State.OPEN).select_related("workshop")
    return _cut([f"{row.reference}: {row.workshop.title}" for row in rows.order_by("created_at", "pk")])


def _failures(since: dt.datetime) -> list[str]:
    """Return what was given up or came back since then; a sign-in code that ran out is nobody's business."""
    rows = Message.objects.undelivered().exclude(kind__startswith="people.")
    gone = rows.filter(Q(send_after__gt=since) | Q(sent_at__gt=since) | Q(expires_at__gt=since))
    counts = Counter((name_of(row.kind), row.get_state_display()) for row in gone)
    return _cut([f"{name}, {state}: {number}" for (name, state), number in sorted(counts.items())])


def _below_minimum(now: dt.datetime) -> list[str]:
    """Return the sessions of the next two weeks with fewer places taken than the workshop's smallest group."""
    rows = Session.objects.upcoming(now).filter(
        starts_at__lte=now + BELOW_MINIMUM_WITHIN,
        capacity_unit=Session.Unit.PEOPLE,
        workshop__group_min__gt=F("seats_taken"),
    )
    lines = [
        _("%(session)s: %(taken)s of at least %(minimum)s")
        % {"session": _called(row), "taken": row.seats_taken, "minimum": row.workshop.group_min}
        for row in rows.select_related("workshop")
    ]
    return _cut(lines)


def _unreported(now: dt.datetime) -> list[str]:
    """Return the sessions whose facilitators have been asked three times, or that have nobody to ask."""
    return _cut([_called(row) for row in long_unreported(now).select_related("workshop")])


def _called(session: Session) -> str:
    return f"{session.workshop.title}, {format_date(session.starts_at, 'plain')}"


def _cut(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], _("and %(number)s more") % {"number": more}]
