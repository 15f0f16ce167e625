"""May a booking be cancelled, have other numbers, be moved, or be reported?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bookings.rules.answers import (
    NO_LIMITS,
    Answer,
    Group,
    GroupLimits,
    SessionFacts,
    answer,
    for_staff,
    no_room,
    sizes,
)
from bookings.rules.states import ACTIVE, SEAT_HOLDING, Refusal, State


def cancellation(
    session: SessionFacts, *, state: State, now: dt.datetime, by_staff: bool = False, reported: bool = False
) -> Refusal | None:
    """Answer "may this booking be cancelled?": the booker until the deadline, staff always (domain.md §3).

    Nobody once attendance is `reported` for a class of it: those who came would leave the goal (domain.md §5).
    A booking that holds no confirmed seat has no deadline but the session's start: nobody is let down by it.
    """
    if state not in ACTIVE:
        return Refusal.ENDED
    if reported:
        return Refusal.HAS_ATTENDANCE
    deadline = session.cancel_until if state == State.CONFIRMED else session.starts_at
    if not by_staff and now >= deadline:
        return Refusal.TOO_LATE_TO_CANCEL
    return None


def renumbering(
    session: SessionFacts,
    *,
    state: State,
    before: int,
    after: int,
    now: dt.datetime,
    by_staff: bool = False,
    reported: bool = False,
    groups: tuple[Group, ...] = (),
    limits: GroupLimits = NO_LIMITS,
) -> Refusal | None:
    """Answer "may this booking have `after` seats in place of `before`?" (domain.md §3, CONFIRMED n → m).

    The booker until registration closes, staff until attendance is reported. Fewer is always possible; more only when
    the difference fits, by the same rule as a booking of the difference. One that holds no seat yet only stays within
    the capacity.
    """
    reasons = {
        Refusal.ENDED: state not in ACTIVE,
        Refusal.SESSION_CANCELLED: session.cancelled,
        Refusal.HAS_ATTENDANCE: reported,
        Refusal.STARTED: not by_staff and now >= session.starts_at,
        Refusal.CLOSED: not by_staff and now >= session.closes_at,
    }
    why = next((why for why, holds in reasons.items() if holds), None)
    why = why or (None if by_staff else sizes(groups, limits))
    if why:
        return why
    if session.capacity is not None and after > max(session.capacity, before):
        return Refusal.FULL if session.free == 0 else Refusal.TOO_FEW_SEATS
    if state in SEAT_HOLDING and after > before:
        return no_room(session, now=now, seats=after - before)
    return None


def moving(
    source: SessionFacts,
    target: SessionFacts,
    *,
    state: State,
    seats: int,
    now: dt.datetime,
    by_staff: bool = False,
    reported: bool = False,
    groups: tuple[Group, ...] = (),
    limits: GroupLimits = NO_LIMITS,
    wait: bool = False,
) -> Answer:
    """Answer what a booking becomes on another session (domain.md §3, CONFIRMED on one session → on another).

    The booker as long as the booking can be cancelled and the other session booked; staff whatever the deadlines, but
    never past the capacity or those who wait. What is confirmed stays confirmed or does not move; what waits may wait
    on the other session as well, at the end of its line.
    """
    refusal = cancellation(source, state=state, now=now, by_staff=by_staff, reported=reported)
    if refusal:
        return Answer(None, refusal)
    holds_seats = state in SEAT_HOLDING
    if by_staff:
        target = for_staff(target, now=now)
        target = replace(target, approval_needed=target.approval_needed and not holds_seats)
    elif holds_seats and target.approval_needed:
        return Answer(None, Refusal.APPROVAL_NEEDED)
    return answer(
        target,
        now=now,
        seats=seats,
        groups=groups,
        limits=NO_LIMITS if by_staff else limits,
        wait=wait and not holds_seats,
    )


def reporting(*, starts_at: dt.datetime, cancelled: bool, now: dt.datetime) -> Refusal | None:
    """Answer "may attendance be reported?": from the session's start on, unless it was cancelled (domain.md §4)."""
    if cancelled:
        return Refusal.SESSION_CANCELLED
    return Refusal.NOT_STARTED if now < starts_at else None
