"""The timed jobs of bookings."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from bookings.domain.offers import expire_offers, move_lines
from bookings.domain.retention import forget_contacts
from vaern.outbox.registry import timed_job


@timed_job("forget_contacts", every=dt.timedelta(days=1))
def forget_contacts_daily() -> int:
    """Forget the contacts of sessions a year ago (domain.md §9)."""
    return forget_contacts(now=timezone.now())


@timed_job("move_waiting_lists", every=dt.timedelta(minutes=1))
def move_waiting_lists() -> int:
    """End offers that have run out and let the next in line have the seats (domain.md §3: the minute job)."""
    now = timezone.now()
    return expire_offers(now=now) + move_lines(now=now)
