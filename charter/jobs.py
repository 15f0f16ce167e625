"""The timed jobs of the charter."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from charter.domain.receipts import issue_receipts
from charter.domain.reminders import remind
from charter.domain.retention import forget_evidence
from charter.domain.watch import check_chain, check_seal
from vaern.outbox.registry import timed_job

REMIND_FROM = dt.time(8)


@timed_job("charter_receipts", every=dt.timedelta(minutes=1))
def make_receipts() -> int:
    """Print, seal and mail the receipts that are missing."""
    return issue_receipts()


@timed_job("charter_reminders", every=dt.timedelta(minutes=30))
def remind_partners() -> int:
    """Remind of terms that end; in the daytime only."""
    now = timezone.now()
    return remind(now=now) if timezone.localtime(now).time() >= REMIND_FROM else 0


@timed_job("charter_chain", every=dt.timedelta(days=1))
def check_evidence() -> int | None:
    """Check the whole chain of evidence."""
    return check_chain(now=timezone.now())


@timed_job("charter_seal", every=dt.timedelta(days=1))
def watch_seal() -> str:
    """Warn before the seal's certificate lapses."""
    return check_seal(now=timezone.now())


@timed_job("charter_retention", every=dt.timedelta(days=1))
def forget() -> int:
    """Erase the evidence whose time is over (domain.md §9)."""
    return sum(forget_evidence(now=timezone.now()))
