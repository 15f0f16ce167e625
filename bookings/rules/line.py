"""The waiting list: who is next, and how long an offer lasts (domain.md I5).

A booking that waits is *eligible* when every earlier one does not fit, and has been passed over fewer than three times
or registration closes within seven days. In a strict session only the first is eligible.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_PASSED = 3
BYPASS_FREE = dt.timedelta(days=7)
OFFER_LASTS = dt.timedelta(hours=48)


class WaitingRule(models.TextChoices):
    """How the waiting list moves."""

    BOUNDED_BYPASS = "bounded", _("Whoever fits, but nobody is passed over more than three times")
    STRICT = "strict", _("Strictly in order")
    NONE = "none", _("No waiting list")


@dataclass(frozen=True)
class Place:
    """One booking's place in the line: the seats it wants, and how often it has been passed over.

    `ever_fits` is False when it wants more than the whole date has since its capacity was cut: it holds nobody up.
    """

    seats: int
    passed_over: int
    ever_fits: bool = True


def next_in_line(
    line: Sequence[Place], *, free: int | None, rule: str, closes_at: dt.datetime, now: dt.datetime
) -> int | None:
    """Return the index of the first in `line` (oldest first) that is eligible and fits, or None (I5).

    All before it are passed over by it. Nothing moves from the close of registration on. A line that is left when the
    waiting list is switched off (NONE) takes no more bookings, and moves as a bounded one.
    """
    if now >= closes_at:
        return None
    for index, place in enumerate(line):
        if free is None or place.seats <= free:
            return index
        if not may_be_passed(place, rule=rule, closes_at=closes_at, now=now):
            return None
    return None


def may_be_passed(place: Place, *, rule: str, closes_at: dt.datetime, now: dt.datetime) -> bool:
    """Say whether one that does not fit may be passed over once more."""
    if not place.ever_fits:
        return True
    if rule == WaitingRule.STRICT:
        return False
    return place.passed_over < MAX_PASSED or bypass_is_free(closes_at=closes_at, now=now)


def bypass_is_free(*, closes_at: dt.datetime, now: dt.datetime) -> bool:
    """Say whether registration closes within seven days, so that seats rather go to whoever fits than to nobody."""
    return closes_at - now <= BYPASS_FREE


def offer_ends(*, closes_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return when an offer made at `now` ends: after 48 hours, or when registration closes (domain.md §3)."""
    return min(now + OFFER_LASTS, closes_at)
