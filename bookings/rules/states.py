"""A booking's states, and the reasons why something cannot be done."""

from __future__ import annotations

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """A booking's states; the last three are ends and never left (domain.md I6)."""

    REQUESTED = "requested", _("Requested")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Offered a place")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")
    EXPIRED = "expired", _("Expired")
    REJECTED = "rejected", _("Rejected")


ACTIVE = frozenset({State.REQUESTED, State.WAITLISTED, State.OFFERED, State.CONFIRMED})
ENDED = frozenset(State) - ACTIVE
SEAT_HOLDING = frozenset({State.OFFERED, State.CONFIRMED})


class Refusal(Enum):
    """Why something cannot be booked, changed or reported. Texts are in `bookings.texts`, tests match these."""

    SESSION_CANCELLED = "session_cancelled"
    STARTED = "started"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    FULL = "full"
    TOO_FEW_SEATS = "too_few_seats"
    OTHERS_WAIT = "others_wait"
    GROUP_TOO_SMALL = "group_too_small"
    GROUP_TOO_LARGE = "group_too_large"
    ALREADY_BOOKED = "already_booked"
    APPROVAL_NEEDED = "approval_needed"
    NOT_BOOKED_HERE = "not_booked_here"
    ONLY_TOGETHER = "only_together"
    ENDED = "ended"
    HAS_ATTENDANCE = "has_attendance"
    TOO_LATE_TO_CANCEL = "too_late_to_cancel"
    NOT_STARTED = "not_started"
    BEGUN = "begun"
    NOT_REQUESTED = "not_requested"
    NOT_OFFERED = "not_offered"
    OFFER_LAPSED = "offer_lapsed"
    ANOTHER_WORKSHOP = "another_workshop"
    VISIT_CLOSED = "visit_closed"
    NOT_PROPOSED = "not_proposed"
    FACILITATOR_BUSY = "facilitator_busy"
    TIME_PASSED = "time_passed"
