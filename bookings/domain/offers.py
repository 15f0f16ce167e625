"""Answer an offer of seats, or let it run out (domain.md §3, OFFERED → CONFIRMED, CANCELLED, EXPIRED)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from bookings.domain.ending import end
from bookings.domain.engine import note
from bookings.domain.errors import Refused
from bookings.domain.locking import Busy, locked_booking, locked_session, retried
from bookings.domain.seats import recount
from bookings.messages import tell_booked, tell_cancelled
from bookings.models import Booking, Session
from bookings.rules import Refusal, State


@retried
def accept_offer(*, booking_id: int, actor_id: int | None = None) -> Booking:
    """Take the seats that are offered, before the offer ends.

    Accepting what is confirmed already answers with it and writes nothing. Raises Refused when there is no offer or it
    has run out (it is then ended, and the seats go to the next), Booking.DoesNotExist, or Busy.
    """
    with locked_booking(booking_id) as (booking, session):
        if booking.state == State.CONFIRMED:
            return booking
        _refuse_without_offer(booking)
        booking.state, booking.confirmed_at = State.CONFIRMED, timezone.now()
        booking.offer_expires_at = None
        booking.version += 1
        booking.save(update_fields=["state", "offer_expires_at", "confirmed_at", "version"])
        recount(session)
        note("booking.accepted", booking, session, actor_id=actor_id, seats=booking.seats)
        tell_booked(booking, session)
        return booking


@retried
def decline_offer(*, booking_id: int, actor_id: int | None = None) -> Booking:
    """Say no thanks to the seats that are offered: the booking ends, and the next in line gets them.

    Possible as long as the offer stands, whatever the cancellation deadline. Declining twice writes nothing the second
    time. Raises Refused when there is no offer, Booking.DoesNotExist, or Busy.
    """
    with locked_booking(booking_id) as (booking, session):
        if booking.state == State.CANCELLED:
            return booking
        _refuse_without_offer(booking)
        end(booking, State.CANCELLED, now=timezone.now())
        recount(session)
        note("booking.declined", booking, session, actor_id=actor_id)
        tell_cancelled(booking, session, invited=False)
        return booking


def _refuse_without_offer(booking: Booking) -> None:
    """Refuse what is not offered. An offer that has run out was ended when the session was locked."""
    if booking.state == State.EXPIRED:
        raise Refused(Refusal.OFFER_LAPSED)
    if booking.state != State.OFFERED:
        raise Refused(Refusal.NOT_OFFERED if booking.is_active else Refusal.ENDED)


def expire_offers(*, now: dt.datetime) -> int:
    """End the offers that have run out at `now` and promote the next, session by session; return how many sessions.

    For the minute job: a session that nobody touches would keep its seats for those who do not answer. One that is busy
    is left for the next minute, or for whoever touches it first.
    """
    due = Session.objects.filter(offers_end_at__lte=now).order_by("offers_end_at", "pk")
    return sum(_touch(session_id) for session_id in list(due.values_list("pk", flat=True)))


def move_lines(*, now: dt.datetime) -> int:
    """Promote where time alone has made somebody eligible: seven days before registration closes (I5)."""
    open_lines = Session.objects.filter(waiting__gt=0, line_blocked=True, starts_at__gt=now).order_by("pk")
    blocked = [session for session in open_lines if now < session.booking_ends_at]
    return sum(_touch(session.pk) for session in blocked)


def _touch(session_id: int) -> bool:
    """Lock a session and let go: what is due is written with it."""
    try:
        _lock_and_let_go(session_id)
    except Busy:
        return False
    return True


@retried
def _lock_and_let_go(session_id: int) -> None:
    with locked_session(session_id):
        pass
