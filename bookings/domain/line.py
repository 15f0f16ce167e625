"""The waiting list moves: offers that have run out end, and whoever is next gets the seats (domain.md I5).

Called by `bookings.domain.locking` alone, around every verb that has a session locked: so no verb can forget it.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from bookings.domain.ending import end
from bookings.domain.seats import recount
from bookings.messages import tell_booked, tell_offer_lapsed, tell_offered
from bookings.models import Booking, Overtaking, Session
from bookings.rules import Place, State, bypass_is_free, next_in_line, offer_ends
from vaern.audit.domain import record


def is_due(session: Session, *, now: dt.datetime) -> bool:
    """Say whether time alone has something to do: an offer has run out, or one who waits may go ahead since today."""
    if session.offers_end_at is not None and session.offers_end_at <= now:
        return True
    return bool(session.waiting) and _stands_open(session) and _next(session, _line(session), now=now) is not None


def settle(session: Session, *, now: dt.datetime) -> None:
    """End the offers that have run out, then give free seats to those who are next, until nobody is.

    The caller has the session locked, and has counted what it has changed itself.
    """
    changed = _expire(session, now=now)
    if changed:
        recount(session)
    if session.waiting and _stands_open(session):
        promoted = _promote(session, now=now)
        changed = changed or promoted
        if promoted:
            recount(session)


def note_overtaking(session: Session, by: Booking, *, now: dt.datetime, taken: int | None = None) -> None:
    """Note that `by` gets seats before everybody who waits: they do not fit. `session.free` is what was free before."""
    if session.waiting:
        waiting = [each for each in session.bookings.waiting() if each.pk != by.pk]
        _pass_over(session, waiting, by, free=session.free or 0, taken=taken or by.seats, now=now)


def _stands_open(session: Session) -> bool:
    return session.status == Session.Status.PLANNED


def _line(session: Session) -> list[Booking]:
    return list(session.bookings.waiting())


def _next(session: Session, line: list[Booking], *, now: dt.datetime) -> int | None:
    return next_in_line(
        [
            Place(each.seats, each.passed_over, session.capacity is None or each.seats <= session.capacity)
            for each in line
        ],
        free=session.free,
        rule=session.waiting_rule,
        closes_at=session.booking_ends_at,
        now=now,
    )


def _expire(session: Session, *, now: dt.datetime) -> bool:
    """End the offers that have run out, and say whether there were any."""
    if session.offers_end_at is None or session.offers_end_at > now:
        return False
    overdue = session.bookings.filter(state=State.OFFERED, offer_expires_at__lte=now).order_by("pk")
    for booking in overdue.prefetch_related("lines", "people"):
        end(booking, State.EXPIRED, now=now)
        _record("booking.expired", booking, session)
        tell_offer_lapsed(booking, session)
    return True


def _promote(session: Session, *, now: dt.datetime) -> bool:
    line, promoted = _line(session), False
    while (index := _next(session, line, now=now)) is not None:
        chosen = line.pop(index)
        free = session.free
        if index:
            _pass_over(session, line[:index], chosen, free=free or 0, taken=chosen.seats, now=now)
        _give_seats(session, chosen, now=now)
        session.seats_taken += chosen.seats  # for the next round; counted anew at the end
        promoted = True
    return promoted


def _give_seats(session: Session, booking: Booking, *, now: dt.datetime) -> None:
    """Confirm who asked for it, offer the seats to the others (domain.md §3, WAITLISTED → …)."""
    if booking.confirm_at_once:
        booking.state, booking.confirmed_at = State.CONFIRMED, now
    else:
        booking.state = State.OFFERED
        booking.offer_expires_at = offer_ends(closes_at=session.booking_ends_at, now=now)
    booking.version += 1
    booking.save(update_fields=["state", "offer_expires_at", "confirmed_at", "version"])
    if booking.state == State.CONFIRMED:
        _record("booking.promoted", booking, session)
        tell_booked(booking, session)
    else:
        _record("booking.offered", booking, session)
        tell_offered(booking, session)


def _pass_over(
    session: Session, passed: list[Booking], by: Booking, *, free: int, taken: int, now: dt.datetime
) -> None:
    """Write down each overtaking with its reason, and count it for those who were passed over."""
    closing = bypass_is_free(closes_at=session.booking_ends_at, now=now)
    Overtaking.objects.bulk_create(
        Overtaking(
            session=session,
            passed=each,
            by=by,
            reason=Overtaking.Reason.CLOSING if closing else Overtaking.Reason.TOO_LARGE,
            wanted=each.seats,
            taken=taken,
            free=free,
            at=now,
        )
        for each in passed
    )
    session.bookings.filter(pk__in=[each.pk for each in passed]).update(passed_over=F("passed_over") + 1)
    for each in passed:
        each.passed_over += 1


def _record(action: str, booking: Booking, session: Session) -> None:
    record(
        action=action,
        subject_type="booking",
        subject_key=str(booking.uuid),
        session=str(session.uuid),
        seats=booking.seats,
    )
