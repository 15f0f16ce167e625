"""Can this be booked, and what does it become? One function for list, page, form, verb and mail (domain.md I10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from bookings.rules.line import WaitingRule, bypass_is_free
from bookings.rules.states import Refusal, State


@dataclass(frozen=True)
class SessionFacts:
    """What a decision about a session needs to know, read under its lock when something is to be written.

    `waiting` is the number of bookings on the waiting list, `blocked` says that one of them has been passed over as
    often as it may be: then seats are kept for it.
    """

    cancelled: bool
    starts_at: dt.datetime
    opens_at: dt.datetime | None
    closes_at: dt.datetime
    cancel_until: dt.datetime
    free: int | None
    takes_sessions: bool = True
    approval_needed: bool = False
    capacity: int | None = None
    waiting_rule: str = WaitingRule.NONE
    waiting: int = 0
    blocked: bool = False
    only_together: bool = False


@dataclass(frozen=True)
class Group:
    """One class in numbers."""

    pupils: int


@dataclass(frozen=True)
class GroupLimits:
    """A workshop's smallest and largest group in pupils; None is no limit."""

    smallest: int | None = None
    largest: int | None = None


NO_LIMITS = GroupLimits()


@dataclass(frozen=True)
class Answer:
    """What a booking would become, or why there is none. `may_wait`: refused for want of seats, but one can wait."""

    state: State | None
    refusal: Refusal | None = None
    may_wait: bool = False


def answer(
    session: SessionFacts,
    *,
    now: dt.datetime,
    seats: int = 1,
    groups: tuple[Group, ...] = (),
    limits: GroupLimits = NO_LIMITS,
    wait: bool = False,
    together: bool = False,
) -> Answer:
    """Answer what booking `seats` at `now` leads to (domain.md §3, the first three transitions).

    `seats` is the number wanted, in the session's own unit; a list, which has no party, asks for the fewest that
    anybody can book (`bookings.facts.bookable`). `wait`: the booker takes a place on the waiting list when it does not
    fit. `together`: booked with the other dates of its series.
    """
    refusal = _window(session, now, together=together) or sizes(groups, limits)
    if refusal:
        return Answer(None, refusal)
    shortage = no_room(session, now=now, seats=seats)
    # What is larger than the date never fits, so waiting would be in vain.
    ever_fits = session.capacity is None or seats <= session.capacity
    can_wait = shortage is not None and session.waiting_rule != WaitingRule.NONE and ever_fits
    if shortage and not (wait and can_wait):
        return Answer(None, shortage, may_wait=can_wait)
    if session.approval_needed:
        return Answer(State.REQUESTED)
    return Answer(State.WAITLISTED if shortage else State.CONFIRMED)


def availability(
    session: SessionFacts,
    *,
    now: dt.datetime,
    seats: int = 1,
    groups: tuple[Group, ...] = (),
    limits: GroupLimits = NO_LIMITS,
) -> Refusal | None:
    """Answer "can this be booked without waiting, and if not, why?"; the first half of `answer`."""
    return answer(session, now=now, seats=seats, groups=groups, limits=limits).refusal


def may_wait(session: SessionFacts, *, now: dt.datetime, seats: int = 1) -> bool:
    """Say whether a booking of `seats` would be let onto the waiting list: full for it, and there is one."""
    return answer(session, now=now, seats=seats).may_wait


def no_room(session: SessionFacts, *, now: dt.datetime, seats: int) -> Refusal | None:
    """Say why `seats` more cannot be had at once, or None.

    A newcomer stands behind all who wait, and overtakes them only as one of them might (I5): never in a strict
    session, and not when one of them may not be passed over again. Those who may be do not fit, or they would have
    been promoted.
    """
    if session.free is not None and session.free < seats:
        return Refusal.FULL if session.free == 0 else Refusal.TOO_FEW_SEATS
    if session.waiting and now < session.closes_at:
        kept = session.blocked and not bypass_is_free(closes_at=session.closes_at, now=now)
        if kept or session.waiting_rule == WaitingRule.STRICT:
            return Refusal.OTHERS_WAIT
    return None


def for_staff(session: SessionFacts, *, now: dt.datetime) -> SessionFacts:
    """Return the facts as they hold for staff, whom the deadlines do not bind; capacity and line bind them as well.

    From the close of registration on the line stands still, so there is nobody to be fair to and nothing to wait for.
    """
    asked = replace(session, opens_at=None, closes_at=session.starts_at, only_together=False)
    if now >= session.closes_at:
        return replace(asked, waiting_rule=WaitingRule.NONE, waiting=0)
    return replace(asked, blocked=asked.blocked and not bypass_is_free(closes_at=session.closes_at, now=now))


def on_approval(session: SessionFacts, *, now: dt.datetime, seats: int, wait: bool) -> Answer:
    """Answer what a request becomes when a coordinator approves it: its seats are checked again (domain.md §3)."""
    return answer(replace(for_staff(session, now=now), approval_needed=False), now=now, seats=seats, wait=wait)


def _window(session: SessionFacts, now: dt.datetime, *, together: bool) -> Refusal | None:
    """Say why the booking window is not open at `now`. It is open from opens_at, and closed from closes_at on."""
    # Of several reasons the one that nobody can change comes first.
    reasons = {
        Refusal.SESSION_CANCELLED: session.cancelled,
        Refusal.NOT_BOOKED_HERE: not session.takes_sessions,
        Refusal.STARTED: now >= session.starts_at,
        Refusal.NOT_OPEN_YET: session.opens_at is not None and now < session.opens_at,
        Refusal.CLOSED: now >= session.closes_at,
        Refusal.ONLY_TOGETHER: session.only_together and not together,
    }
    return next((why for why, holds in reasons.items() if holds), None)


def sizes(groups: tuple[Group, ...], limits: GroupLimits) -> Refusal | None:
    """Say whether a class is too large or too small for the workshop."""
    if limits.largest is not None and any(group.pupils > limits.largest for group in groups):
        return Refusal.GROUP_TOO_LARGE
    if limits.smallest is not None and any(group.pupils < limits.smallest for group in groups):
        return Refusal.GROUP_TOO_SMALL
    return None
