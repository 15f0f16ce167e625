"""The timed jobs of guidance."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from vaern.guidance.domain import remind_of_overdue
from vaern.outbox.registry import timed_job


@timed_job("remind_contacts", every=dt.timedelta(days=7))
def remind_contacts() -> int:
    """Remind those who keep numbers that are to be checked; a number is in one mail a week."""
    return remind_of_overdue(now=timezone.now(), today=timezone.localdate())
