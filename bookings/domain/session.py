"""Plan, change and cancel sessions. Changes that bookers must hear of are told in the same transaction."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from bookings.domain.deadlines import set_deadlines
from bookings.domain.ending import end
from bookings.domain.errors import Refused
from bookings.domain.locking import locked_session, retried
from bookings.domain.seats import recount
from bookings.messages import tell_cancelled, tell_changed, tell_offered
from bookings.models import Booking, Session
from bookings.providers import refuse_without_charter
from bookings.rules import Refusal, State
from bookings.staffmessages import tell_facilitators
from vaern.audit.domain import record
from vaern.people.models import User

# What moves an entry in somebody's calendar (RFC 5546 §2.1.4, domain.md §7).
CALENDAR_FIELDS = ("starts_at", "ends_at", "place")
# What the bookers hear of: the link for taking part as well, which can be mended to the last.
TOLD_FIELDS = (*CALENDAR_FIELDS, "online_link")


class CapacityBelowTaken(Exception):
    """The capacity would be below the seats that are taken (domain.md I7)."""

    def __init__(self, taken: int) -> None:
        super().__init__(str(taken))
        self.taken = taken


@retried
@transaction.atomic
def plan_session(*, values: dict[str, Any], facilitators: Collection[User] = (), actor_id: int | None) -> Session:
    """Plan a new session of these `values` (field → value) with its facilitators.

    Raises NoCharter for a public one of a provider without a valid charter on that day, or Busy.
    """
    session = Session(**values)
    refuse_without_charter(session)
    set_deadlines(session)
    session.save()
    session.facilitators.set(facilitators)
    tell_facilitators(session, new=facilitators)
    record(
        action="session.planned",
        subject_type="session",
        subject_key=str(session.uuid),
        actor_id=actor_id,
        facilitators=len(facilitators),
    )
    return session


@retried
def change_session(
    *,
    session_id: int,
    changes: dict[str, Any],
    facilitators: Collection[User] | None = None,
    actor_id: int | None,
) -> Session:
    """Write `changes` (field → value) to a session and tell its bookers when time or place is another.

    More room, or another waiting rule, lets those who wait go ahead; open offers end with registration at the latest.
    `facilitators` are those it shall have; None leaves them as they are. Raises CapacityBelowTaken (I7), Refused for a
    session that is cancelled or a move of one that has begun, NoCharter when it becomes public, or moves, to where its
    provider has no valid charter, or Busy.
    """
    with locked_session(session_id) as session:
        return change_locked(session, changes=changes, facilitators=facilitators, actor_id=actor_id)


def change_locked(
    session: Session, *, changes: dict[str, Any], facilitators: Collection[User] | None, actor_id: int | None
) -> Session:
    """Do what `change_session` says on a session that the caller has locked, perhaps together with others."""
    if session.status == Session.Status.CANCELLED:
        raise Refused(Refusal.SESSION_CANCELLED)
    changed = {name for name, value in changes.items() if getattr(session, name) != value}
    moved = changed.intersection(CALENDAR_FIELDS)
    if moved and timezone.now() >= session.starts_at:
        # What has begun has been where and when it was; moving it would move it to another year's goal.
        raise Refused(Refusal.BEGUN)
    for name in changed:
        setattr(session, name, changes[name])
    held_by = set(session.facilitators.all())
    hold_now = held_by if facilitators is None else set(facilitators)
    if held_by != hold_now:
        changed.add("facilitators")
    _refuse_capacity(session, changed)
    if changed & {"visibility", "starts_at", "workshop"}:
        refuse_without_charter(session)
    if not changed:
        return session
    changed |= set_deadlines(session, changed=changed)
    told = changed.intersection(TOLD_FIELDS)
    if told:
        session.calendar_sequence += 1
    session.save()
    if "closes_at" in changed or "starts_at" in changed:
        _clamp_offers(session, tell=not told)
    if "capacity" in changed:
        recount(session)  # who may hold up the line follows from it
    if facilitators is not None:
        session.facilitators.set(facilitators)
    record(
        action="session.changed",
        subject_type="session",
        subject_key=str(session.uuid),
        actor_id=actor_id,
        fields=sorted(changed),
    )
    tell_facilitators(
        session, new=hold_now - held_by, gone=held_by - hold_now, moved=held_by & hold_now if told else ()
    )
    if told:
        _tell_all(session)
    return session


def _refuse_capacity(session: Session, changed: set[str]) -> None:
    """Refuse another kind of seat while somebody has one, and fewer seats than are taken (I7)."""
    if "capacity_unit" in changed and session.bookings.active().exists():
        raise CapacityBelowTaken(session.seats_taken)
    if session.capacity is not None and session.capacity < session.seats_taken:
        raise CapacityBelowTaken(session.seats_taken)


def _tell_all(session: Session) -> None:
    for booking in session.bookings.active().order_by("pk").prefetch_related("lines", "people"):
        booking.version += 1
        booking.save(update_fields=["version"])
        tell_changed(booking, session)


@retried
def cancel_session(*, session_id: int, reason: str, actor_id: int | None) -> list[Booking]:
    """Cancel a session and every active booking of it, tell each booker why, and return those bookings (domain.md §3).

    Cancelling twice ends and writes nothing the second time. Raises Refused for a session that has been held,
    ValueError without a reason, or Busy.
    """
    if not reason.strip():
        raise ValueError("a session is cancelled with a reason")
    with locked_session(session_id) as session:
        if session.status == Session.Status.CANCELLED:
            return []
        if session.status == Session.Status.HELD:
            raise Refused(Refusal.ENDED)
        now = timezone.now()
        session.status = Session.Status.CANCELLED
        session.cancel_reason = reason
        session.save(update_fields=["status", "cancel_reason"])
        ended = list(session.bookings.active().order_by("pk").prefetch_related("lines", "people"))
        for booking in ended:
            was_confirmed = booking.state == State.CONFIRMED
            end(booking, State.CANCELLED, now=now, reason=reason)
            tell_cancelled(booking, session, invited=was_confirmed)
        tell_facilitators(session, gone=session.facilitators.all(), reason=reason)
        recount(session)
        record(
            action="session.cancelled",
            subject_type="session",
            subject_key=str(session.uuid),
            actor_id=actor_id,
        )
        return ended


def _clamp_offers(session: Session, *, tell: bool) -> None:
    """Let no offer outlast registration (I2): one that would ends with it, and its booker hears of it (once)."""
    closes_at = session.booking_ends_at
    late = session.bookings.filter(state=State.OFFERED, offer_expires_at__gt=closes_at).order_by("pk")
    for booking in late.prefetch_related("lines", "people"):
        booking.offer_expires_at = closes_at
        booking.version += int(tell)
        booking.save(update_fields=["offer_expires_at", "version"])
        if tell:
            tell_offered(booking, session)
    recount(session)
