"""The only writer of a session's seats and of how its line stands (domain.md I1, I9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Min, Q, Sum

from bookings.models import Booking, Session
from bookings.rules import MAX_PASSED, SEAT_HOLDING, Group, State
from vaern.tables.together import Changed

COUNTED = ("seats_taken", "waiting", "line_blocked", "offers_end_at")


def recount(session: Session) -> None:
    """Write the seats that the session's bookings hold. The caller has the session locked and has changed its bookings.

    Counted anew and not moved by a difference, so that an error can never stay.
    """
    holding, waiting = Q(state__in=SEAT_HOLDING), Q(state=State.WAITLISTED)
    # One that is larger than the whole date since its capacity was cut holds nobody up (rules.line).
    ever_fits = Q() if session.capacity is None else Q(seats__lte=session.capacity)
    counted = session.bookings.active().aggregate(
        taken=Sum("seats", filter=holding),
        waiting=Count("pk", filter=waiting),
        blocked=Count("pk", filter=waiting & ever_fits & Q(passed_over__gte=MAX_PASSED)),
        offers_end=Min("offer_expires_at"),
    )
    session.seats_taken = counted["taken"] or 0
    session.waiting = counted["waiting"]
    session.line_blocked = counted["blocked"] > 0
    session.offers_end_at = counted["offers_end"]
    session.save(update_fields=COUNTED)


def count_in(session: Session, booking: Booking) -> list[Changed]:
    """Count a booking that is being made, and return what of the session the caller writes with it.

    It is what `recount` would find, without reading all the others: the one verb that many press at the same moment
    holds the lock no longer with a thousand bookings than with ten.
    """
    if booking.state in SEAT_HOLDING:
        session.seats_taken += booking.seats
        return [(session, ["seats_taken"])]
    if booking.state == State.WAITLISTED:
        session.waiting += 1
        return [(session, ["waiting"])]
    return []


def seats_for(groups: Iterable[Group], *, unit: str) -> int:
    """Return how many seats these classes take: one each, or one a pupil. Adults take none (domain.md §3)."""
    counted = list(groups)
    return len(counted) if unit == Session.Unit.GROUPS else sum(group.pupils for group in counted)
