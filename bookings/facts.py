"""From a session's row to the facts that the rules decide on, for list, page, form and verb alike (domain.md I10)."""

from __future__ import annotations

import datetime as dt

from bookings.models import AttendanceRecord, Booking, Session
from bookings.rules import GroupLimits, Refusal, SessionFacts, State, availability, cancellation
from courses.models import WorkshopPage


def session_facts(session: Session) -> SessionFacts:
    """Return what the rules need to know of a session; reads its workshop."""
    return SessionFacts(
        cancelled=session.status == Session.Status.CANCELLED,
        starts_at=session.starts_at,
        opens_at=session.opens_at,
        closes_at=session.booking_ends_at,
        cancel_until=session.cancel_ends_at,
        free=session.free,
        takes_sessions=_booked_here(session.workshop),
        approval_needed=session.approval_needed,
    )


def _booked_here(workshop: WorkshopPage) -> bool:
    """Say whether dates of this workshop are booked on this site; so far those for school classes are."""
    return bool(workshop.live and workshop.takes_sessions and workshop.audience == WorkshopPage.Audience.CLASS)


def group_limits(session: Session) -> GroupLimits:
    """Return the workshop's smallest and largest group, in pupils."""
    return GroupLimits(smallest=session.workshop.group_min, largest=session.workshop.group_max)


def bookable(session: Session, *, now: dt.datetime) -> Refusal | None:
    """Answer whether anybody at all can book the session at `now`, and if not, why."""
    smallest = session.workshop.group_min or 1
    # A date with room for fewer than the smallest class is no date that anybody can book.
    seats = smallest if session.capacity_unit == Session.Unit.PEOPLE else 1
    return availability(session_facts(session), now=now, seats=seats)


def cancellable(booking: Booking, session: Session, *, now: dt.datetime, by_staff: bool = False) -> Refusal | None:
    """Answer whether this booking of this session can be cancelled at `now`, and if not, why. One query."""
    return cancellation(
        session_facts(session),
        state=State(booking.state),
        now=now,
        by_staff=by_staff,
        reported=AttendanceRecord.objects.filter(line__booking=booking).exists(),
    )
