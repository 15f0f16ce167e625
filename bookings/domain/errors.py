"""What a verb raises when it does not do what it was asked."""

from __future__ import annotations

from typing import Any

from bookings.rules import Refusal


class Refused(Exception):
    """The change is not allowed; `why` says which rule, `label` which class, person or booking where it is about one.

    `may_wait`: there are not the seats, but the booker could be put on the waiting list.
    """

    def __init__(self, why: Refusal, *, label: str = "", free: int | None = None, may_wait: bool = False) -> None:
        super().__init__(why.value)
        self.why = why
        self.label = label
        self.free = free
        self.may_wait = may_wait


class SentBefore(Exception):
    """The form has made a booking (or a request) already, and now says something else: it needs a key of its own."""

    def __init__(self, booking: Any) -> None:
        super().__init__(booking.reference)
        self.booking = booking
