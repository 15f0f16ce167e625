"""What is told because time passes: reminders, the note of the day before, thanks, and the coordinators' overview.

Each is told once for each booking and day, however often the jobs run, and is caught up with after an outage. Nothing
is told to bookings that have ended, and nothing that looks ahead once the session has begun.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from bookings.deadlines import days_before
from bookings.domain.deadlines import rule_for
from bookings.messages import recipients, snapshot
from bookings.models import AttendanceRecord, Booking, GroupLine, PersonLine, Session
from bookings.presence import Presence, together
from bookings.rules import State
from bookings.staffmessages import language_of, session_snapshot
from vaern.design.formats import COPENHAGEN
from vaern.outbox.domain import enqueue_once
from vaern.outbox.models import Told

REMIND_AT, DAY_BEFORE_AT, THANK_AT = dt.time(9), dt.time(10), dt.time(9)
FURTHEST = dt.timedelta(days=62)
# Thanks that are later than this would only puzzle.
THANK_WITHIN = dt.timedelta(days=14)


def remind(*, now: dt.datetime) -> int:
    """Put the reminders that are due into the outbox, so many days before as the session says; return how many."""
    days: dict[int, int] = {}

    def due(session: Session) -> dt.datetime | None:
        number = session.reminder_days
        if number is None:
            if session.workshop_id not in days:
                days[session.workshop_id] = rule_for(session.workshop_id).reminder_days
            number = days[session.workshop_id]
        return days_before(session.starts_at, number, REMIND_AT) if number else None

    return _tell_ahead("bookings.reminder", due, now=now, within=FURTHEST)


def tell_day_before(*, now: dt.datetime) -> int:
    """Put the notes of the day before into the outbox, to bookers and to facilitators; return how many."""

    def due(session: Session) -> dt.datetime | None:
        return days_before(session.starts_at, 1, DAY_BEFORE_AT)

    within = dt.timedelta(days=2)
    return _tell_ahead("bookings.day_before", due, now=now, within=within) + _tell_facilitators(due, now, within)


def thank(*, now: dt.datetime) -> int:
    """Put the thanks of the day after into the outbox, for those whose session took place; return how many."""
    over = Session.objects.exclude(status=Session.Status.CANCELLED).filter(
        ends_at__gt=now - THANK_WITHIN, ends_at__lte=now
    )
    told = 0
    for session in _with_bookings(over):
        if days_before(session.ends_at, -1, THANK_AT) <= now:
            there = [booking for booking in _confirmed(session) if _may_have_come(booking)]
            told += sum(_tell_booking("bookings.thanks", booking, session) for booking in there)
    return told


def _tell_ahead(
    kind: str, due: Callable[[Session], dt.datetime | None], *, now: dt.datetime, within: dt.timedelta
) -> int:
    coming = Session.objects.upcoming(now).filter(starts_at__lte=now + within)
    told = 0
    for session in _with_bookings(coming):
        moment = due(session)
        if moment is None or moment > now:
            continue
        for booking in _confirmed(session):
            # Who booked after it was due has all of it in the confirmation.
            if booking.created_at < moment:
                told += _tell_booking(kind, booking, session, expires_at=session.starts_at)
    return told


def _with_bookings(sessions: QuerySet[Session]) -> Iterable[Session]:
    confirmed = Booking.objects.filter(state=State.CONFIRMED).exclude(contact_email="").order_by("pk")
    records = Prefetch("records", AttendanceRecord.objects.current(), to_attr="current_records")
    lines = Prefetch("lines", GroupLine.objects.prefetch_related(records))
    people = Prefetch("people", PersonLine.objects.prefetch_related(records))
    return sessions.select_related("workshop").prefetch_related(
        Prefetch("bookings", confirmed.prefetch_related(lines, people), to_attr="confirmed_bookings")
    )


def _confirmed(session: Session) -> list[Booking]:
    """Return the confirmed bookings, as they were prefetched."""
    found: list[Booking] = session.confirmed_bookings  # type: ignore[attr-defined]
    return found


def _may_have_come(booking: Booking) -> bool:
    """Say whether anybody of it may have come: it is not known of all its classes and persons that they did not."""
    rows: list[Any] = [*booking.lines.all(), *booking.people.all()]
    return together([record for row in rows for record in row.current_records], len(rows)) is not Presence.ABSENT


def _tell_booking(kind: str, booking: Booking, session: Session, *, expires_at: dt.datetime | None = None) -> int:
    """Tell the contact and the adult in charge, each once for this booking and this day; return how many were told."""
    day = session.starts_at.astimezone(COPENHAGEN).date()
    told, keys = 0, _keys(kind, booking, day)
    known = set(Told.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    if len(known) == len(keys):
        return 0
    context = snapshot(booking, session)
    for address, name in recipients(booking).items():
        is_contact = address == booking.contact_email
        told += enqueue_once(
            key=keys[address],
            kind=kind,
            recipient=address,
            language=booking.language,
            context={**context, "recipient_name": name, "is_contact": is_contact},
            thread=f"booking:{booking.uuid}",
            version=booking.version,
            expires_at=expires_at,
        )
    return told


def _keys(kind: str, booking: Booking, day: dt.date) -> dict[str, str]:
    """Return what is kept so that nobody is told twice: no address, only the role."""
    return {
        address: f"{kind}:{booking.uuid}:{day}:{'contact' if address == booking.contact_email else 'responsible'}"
        for address in recipients(booking)
    }


def _tell_facilitators(due: Callable[[Session], dt.datetime | None], now: dt.datetime, within: dt.timedelta) -> int:
    told = 0
    coming = Session.objects.upcoming(now).filter(starts_at__lte=now + within).prefetch_related("facilitators")
    for session in coming.select_related("workshop"):
        moment = due(session)
        if moment is None or moment > now:
            continue
        groups = _groups(session)
        day = session.starts_at.astimezone(COPENHAGEN).date()
        for person in session.facilitators.all():
            if person.email and person.is_active:
                told += enqueue_once(
                    key=f"bookings.facilitator_day:{session.uuid}:{day}:{person.pk}",
                    kind="bookings.facilitator_day",
                    recipient=person.email,
                    language=language_of(person),
                    context={**session_snapshot(session, person), "groups": groups},
                    thread=f"session-day:{session.uuid}",
                    expires_at=session.starts_at,
                )
    return told


def _groups(session: Session) -> list[dict[str, Any]]:
    lines = GroupLine.objects.filter(session=session, booking__state=State.CONFIRMED).select_related("booking")
    return [
        {
            "label": line.label,
            "pupils": line.pupils,
            "adults": line.adults,
            "school": line.booking.school_name,
            "needs": line.need_names,
        }
        for line in lines
    ]
