"""The timed jobs of the plan."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from vaern.guidance.plans.domain import remind_of_revisions
from vaern.guidance.plans.prints import print_missing
from vaern.outbox.registry import timed_job


@timed_job("print_plan", every=dt.timedelta(minutes=1))
def print_plan() -> int:
    """Make the PDFs and packs of newly adopted versions."""
    return print_missing()


@timed_job("remind_of_revisions", every=dt.timedelta(days=1))
def remind_of_plan_revisions() -> int:
    """Tell those responsible, once, that the plan must be revised within six months."""
    return remind_of_revisions(today=timezone.localdate())
