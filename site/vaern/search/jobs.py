"""The timed jobs of search."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from vaern.outbox.registry import timed_job
from vaern.search import domain


@timed_job("forget_misses", every=dt.timedelta(days=1))
def forget_misses() -> int:
    """Delete the counts of vain searches after twelve months."""
    return domain.forget_misses(today=timezone.localdate())


@timed_job("index_pages", every=dt.timedelta(days=1))
def index_pages() -> int:
    """Index every page anew: words of related rows (subjects, themes) change without the page."""
    return domain.rebuild()
