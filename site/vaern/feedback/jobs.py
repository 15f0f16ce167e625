"""The timed job of feedback."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from vaern.feedback.domain import forget_old
from vaern.outbox.registry import timed_job


@timed_job("forget_feedback", every=dt.timedelta(days=1))
def forget_feedback() -> int:
    """Delete answers that are more than twelve months old."""
    return forget_old(now=timezone.now())
