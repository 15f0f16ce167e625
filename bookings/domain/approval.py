"""Approve or reject requests, one or many at once (domain.md §3, REQUESTED → …)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.utils import timezone

from bookings.domain.ending import end
from bookings.domain.engine import note, refused
from bookings.domain.errors import Refused
from bookings.domain.line import note_overtaking
from bookings.domain.locking import locked_sessions, retried
from bookings.domain.seats import recount
from bookings.facts import session_facts
from bookings.messages import tell_booked, tell_rejected, tell_waiting
from bookings.models import Booking, Session
from bookings.rules import Answer, Refusal, State, on_approval


@retried
def approve(*, booking_ids: Collection[int], wait: bool = False, actor_id: int | None) -> list[Booking]:
    """Approve requests: all or nothing, the oldest first; their seats are checked again.

    `wait`: those that there is no room for are put on the waiting list, in the place that the time of their request
    gives them. What is approved already writes nothing. Raises Refused (`label` is the reference) when one of them
    cannot be approved, Booking.DoesNotExist, or Busy.
    """
    with _locked(booking_ids) as (bookings, sessions):
        now = timezone.now()
        for booking in bookings:
            _approve(booking, sessions[booking.session_id], wait=wait, now=now, actor_id=actor_id)
        return bookings


@retried
def reject(*, booking_ids: Collection[int], reason: str, actor_id: int | None) -> list[Booking]:
    """Reject requests with one reason, which the bookers are told: all or nothing.

    What is rejected already writes nothing. Raises Refused when one of them is no request, ValueError without a reason,
    Booking.DoesNotExist, or Busy.
    """
    if not reason.strip():
        raise ValueError("a request is rejected with a reason")
    with _locked(booking_ids) as (bookings, sessions):
        now = timezone.now()
        for booking in bookings:
            if booking.state == State.REJECTED:
                continue
            _refuse_unless_requested(booking)
            end(booking, State.REJECTED, now=now, reason=reason)
            note("booking.rejected", booking, sessions[booking.session_id], actor_id=actor_id)
            tell_rejected(booking, sessions[booking.session_id])
        return bookings


@contextmanager
def _locked(booking_ids: Collection[int]) -> Iterator[tuple[list[Booking], dict[int, Session]]]:
    """Yield the bookings, the oldest first, with all their sessions locked in ascending order."""
    wanted = set(booking_ids)
    while True:
        session_ids = set(Booking.objects.filter(pk__in=wanted).values_list("session_id", flat=True))
        with locked_sessions(session_ids) as sessions:
            rows = Booking.objects.filter(pk__in=wanted).prefetch_related("lines", "people")
            bookings = list(rows.order_by("created_at", "pk"))
            if len(bookings) < len(wanted):
                raise Booking.DoesNotExist
            if {booking.session_id for booking in bookings} <= session_ids:
                for booking in bookings:
                    booking.session = sessions[booking.session_id]
                yield bookings, sessions
                return


def _approve(booking: Booking, session: Session, *, wait: bool, now: dt.datetime, actor_id: int | None) -> None:
    if booking.state in {State.CONFIRMED, State.WAITLISTED, State.OFFERED}:
        return
    _refuse_unless_requested(booking)
    found: Answer = on_approval(session_facts(session), now=now, seats=booking.seats, wait=wait)
    if found.state is None:
        raise refused(found, session, label=booking.reference)
    if found.state == State.CONFIRMED:
        note_overtaking(session, booking, now=now)
        booking.confirmed_at = now
    else:
        booking.queued_at = booking.created_at
    booking.state = found.state
    booking.version += 1
    booking.save(update_fields=["state", "queued_at", "confirmed_at", "version"])
    recount(session)
    note("booking.approved", booking, session, actor_id=actor_id, state=found.state.value, seats=booking.seats)
    if found.state == State.CONFIRMED:
        tell_booked(booking, session)
    else:
        tell_waiting(booking, session)


def _refuse_unless_requested(booking: Booking) -> None:
    if booking.state != State.REQUESTED:
        raise Refused(Refusal.NOT_REQUESTED if booking.is_active else Refusal.ENDED, label=booking.reference)
