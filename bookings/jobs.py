"""The timed jobs of bookings."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from bookings.domain.retention import forget_contacts
from vaern.outbox.registry import timed_job


@timed_job("forget_contacts", every=dt.timedelta(days=1))
def forget_contacts_daily() -> int:
    """Forget the contacts of sessions a year ago (domain.md §9)."""
    return forget_contacts(now=timezone.now())
