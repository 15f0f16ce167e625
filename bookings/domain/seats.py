"""The only writer of a session's seats (domain.md I1, I9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum

from bookings.models import Session
from bookings.rules import Group


def recount(session: Session) -> None:
    """Write the seats that the session's bookings hold. The caller has the session locked and has changed its bookings.

    Counted anew and not moved by a difference, so that an error can never stay.
    """
    taken = session.bookings.holding_seats().aggregate(total=Sum("seats"))["total"] or 0
    session.seats_taken = taken
    session.save(update_fields=["seats_taken"])


def seats_for(groups: Iterable[Group], *, unit: str) -> int:
    """Return how many seats these classes take: one each, or one a pupil. Adults take none (domain.md §3)."""
    counted = list(groups)
    return len(counted) if unit == Session.Unit.GROUPS else sum(group.pupils for group in counted)
