"""How a booking comes to its end; the verbs that end one are elsewhere."""

from __future__ import annotations

import datetime as dt

from bookings.models import Booking
from bookings.rules import State


def end(booking: Booking, state: State, *, now: dt.datetime, reason: str = "") -> None:
    """Bring a booking to one of its ends; the caller has its session locked and recounts the seats."""
    booking.state = state
    booking.ended_at = now
    booking.end_reason = reason
    booking.offer_expires_at = None
    booking.version += 1
    booking.calendar_sequence += 1
    booking.save(update_fields=["state", "ended_at", "end_reason", "offer_expires_at", "version", "calendar_sequence"])
    # A class or a person whose booking has ended may be booked again (I3).
    booking.lines.update(active=False)
    booking.people.update(active=False)
