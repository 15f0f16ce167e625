"""From a session's row to the facts that the rules decide on, for list, page, form and verb alike (domain.md I10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from bookings.models import AttendanceRecord, Booking, GroupLine, Session, SessionSeries
from bookings.rules import (
    Group,
    GroupLimits,
    Refusal,
    SessionFacts,
    State,
    answer,
    availability,
    cancellation,
    renumbering,
)
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
        takes_sessions=bool(session.workshop.live and session.workshop.takes_sessions),
        approval_needed=session.approval_needed,
        capacity=session.capacity,
        waiting_rule=session.waiting_rule,
        waiting=session.waiting,
        blocked=session.line_blocked,
        only_together=session.series is not None and session.series.mode == SessionSeries.Mode.ALL,
    )


def group_limits(session: Session) -> GroupLimits:
    """Return the workshop's smallest and largest group, in pupils."""
    return GroupLimits(smallest=session.workshop.group_min, largest=session.workshop.group_max)


def groups_of(lines: Iterable[GroupLine]) -> tuple[Group, ...]:
    """Return the classes of a booking in numbers."""
    return tuple(Group(line.pupils) for line in lines)


def smallest_party(session: Session) -> int:
    """Return the fewest seats that anybody can book: a date with room for fewer is one that nobody can book."""
    by_pupils = (
        session.capacity_unit == Session.Unit.PEOPLE and session.workshop.audience == WorkshopPage.Audience.CLASS
    )
    return (session.workshop.group_min or 1) if by_pupils else 1


def bookable(session: Session, *, now: dt.datetime) -> Refusal | None:
    """Answer whether anybody at all can book the session at `now` without waiting, and if not, why."""
    return availability(session_facts(session), now=now, seats=smallest_party(session))


def can_wait(session: Session, *, now: dt.datetime) -> bool:
    """Answer whether a party could be put on the session's waiting list at `now`: it is full, and has one."""
    return answer(session_facts(session), now=now, seats=smallest_party(session)).may_wait


# Of a booking: two questions that each have an index, where one over both kinds would read all records.
IS_REPORTED = Q(
    Exists(AttendanceRecord.objects.filter(line__booking=OuterRef("pk")))
    | Exists(AttendanceRecord.objects.filter(person__booking=OuterRef("pk")))
)


def is_reported(booking: Booking) -> bool:
    """Say whether attendance is reported for a class or a person of it; one query, none when it was read with it."""
    known: bool | None = getattr(booking, "known_reported", None)
    if known is not None:
        return known
    return Booking.objects.filter(IS_REPORTED, pk=booking.pk).exists()


def cancellable(
    booking: Booking, session: Session, *, now: dt.datetime, by_staff: bool = False, reported: bool | None = None
) -> Refusal | None:
    """Answer whether this booking of this session can be cancelled at `now`, and if not, why.

    One query, none when the caller knows whether attendance is `reported`.
    """
    known = is_reported(booking) if reported is None else reported
    return cancellation(session_facts(session), state=State(booking.state), now=now, by_staff=by_staff, reported=known)


def renumberable(
    booking: Booking,
    session: Session,
    *,
    seats: int,
    now: dt.datetime,
    by_staff: bool = False,
    groups: tuple[Group, ...] = (),
    reported: bool | None = None,
) -> Refusal | None:
    """Answer whether this booking can have `seats` in place of those it has, and if not, why.

    One query, none when the caller knows whether attendance is `reported`.
    """
    return renumbering(
        session_facts(session),
        state=State(booking.state),
        before=booking.seats,
        after=seats,
        now=now,
        by_staff=by_staff,
        reported=is_reported(booking) if reported is None else reported,
        groups=groups,
        limits=group_limits(session),
    )


def place_in_line(booking: Booking) -> int:
    """Return where a waiting booking stands, 1 for the first; 0 when it does not wait. One query."""
    if booking.state != State.WAITLISTED:
        return 0
    keys = list(booking.session.bookings.waiting().values_list("pk", flat=True))
    return keys.index(booking.pk) + 1
