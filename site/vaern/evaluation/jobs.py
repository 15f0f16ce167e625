"""The timed jobs of the evaluation."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from vaern.evaluation.domain import close_evaluations
from vaern.evaluation.reminders import remind
from vaern.outbox.registry import timed_job


@timed_job("remind_evaluations", every=dt.timedelta(hours=1))
def remind_evaluations() -> int:
    """The one reminder, to those who have not answered."""
    return remind(now=timezone.now())


@timed_job("close_evaluations", every=dt.timedelta(days=1))
def close_evaluations_daily() -> int:
    """Count the answers of closed sessions with their workshops, and forget who has answered."""
    return close_evaluations()
