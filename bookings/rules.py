"""Pure decisions about bookings: no database, no clock of their own, tested as tables (domain.md §3, §4)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
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
SEAT_HOLDING = frozenset({State.OFFERED, State.CONFIRMED})


class Refusal(Enum):
    """Why something cannot be booked, cancelled or reported. Texts are in `bookings.texts`, tests match these."""

    SESSION_CANCELLED = "session_cancelled"
    STARTED = "started"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    FULL = "full"
    TOO_FEW_SEATS = "too_few_seats"
    GROUP_TOO_SMALL = "group_too_small"
    GROUP_TOO_LARGE = "group_too_large"
    ALREADY_BOOKED = "already_booked"
    APPROVAL_NEEDED = "approval_needed"
    NOT_BOOKED_HERE = "not_booked_here"
    ENDED = "ended"
    HAS_ATTENDANCE = "has_attendance"
    TOO_LATE_TO_CANCEL = "too_late_to_cancel"
    NOT_STARTED = "not_started"
    BEGUN = "begun"


@dataclass(frozen=True)
class SessionFacts:
    """What a decision about a session needs to know, read under its lock when something is to be written."""

    cancelled: bool
    starts_at: dt.datetime
    opens_at: dt.datetime | None
    closes_at: dt.datetime
    cancel_until: dt.datetime
    free: int | None
    takes_sessions: bool = True
    approval_needed: bool = False


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


def availability(
    session: SessionFacts,
    *,
    now: dt.datetime,
    seats: int = 1,
    groups: tuple[Group, ...] = (),
    limits: GroupLimits = NO_LIMITS,
) -> Refusal | None:
    """Answer "can this be booked, and if not, why?" for list, page, form and verb alike (domain.md I10).

    `seats` is the number wanted, in the session's own unit; a list, which has no party, asks for the fewest that
    anybody can book (`bookings.facts.bookable`). Returns None when it can be booked at `now`.
    """
    closed = _window(session, now)
    if closed:
        return closed
    if session.approval_needed:
        # Requests wait for a coordinator's screen (domain.md §3); until then such a date is not booked here.
        return Refusal.APPROVAL_NEEDED
    if limits.largest is not None and any(group.pupils > limits.largest for group in groups):
        return Refusal.GROUP_TOO_LARGE
    if limits.smallest is not None and any(group.pupils < limits.smallest for group in groups):
        return Refusal.GROUP_TOO_SMALL
    if session.free is not None and session.free < seats:
        return Refusal.FULL if session.free == 0 else Refusal.TOO_FEW_SEATS
    return None


def _window(session: SessionFacts, now: dt.datetime) -> Refusal | None:
    """Say why the booking window is not open at `now`. It is open from opens_at, and closed from closes_at on."""
    if session.cancelled:
        return Refusal.SESSION_CANCELLED
    if not session.takes_sessions:
        return Refusal.NOT_BOOKED_HERE
    if now >= session.starts_at:
        return Refusal.STARTED
    if session.opens_at is not None and now < session.opens_at:
        return Refusal.NOT_OPEN_YET
    if now >= session.closes_at:
        return Refusal.CLOSED
    return None


def cancellation(
    session: SessionFacts, *, state: State, now: dt.datetime, by_staff: bool = False, reported: bool = False
) -> Refusal | None:
    """Answer "may this booking be cancelled?": the booker until the deadline, staff always (domain.md §3).

    Nobody once attendance is `reported` for a class of it: those who came would leave the goal (domain.md §5).
    """
    if state not in ACTIVE:
        return Refusal.ENDED
    if reported:
        return Refusal.HAS_ATTENDANCE
    if not by_staff and now >= session.cancel_until:
        return Refusal.TOO_LATE_TO_CANCEL
    return None


def reporting(*, starts_at: dt.datetime, cancelled: bool, now: dt.datetime) -> Refusal | None:
    """Answer "may attendance be reported?": from the session's start on, unless it was cancelled (domain.md §4)."""
    if cancelled:
        return Refusal.SESSION_CANCELLED
    return Refusal.NOT_STARTED if now < starts_at else None


def label_key(label: str) -> str:
    """Return a class label for comparison: "7. b", "7B" and "7.B" are one class (domain.md §3)."""
    return re.sub(r"[\s.\-]+", "", fold(label)).removeprefix("klasse")


def fold(text: str) -> str:
    """Return text for comparison: composed, case-folded, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
