"""The timed jobs of files that come in and go out."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from vaern.exchange.exporting import make_waiting_exports, purge_exports
from vaern.exchange.importing import purge_imports, take_in_waiting
from vaern.outbox.registry import timed_job


@timed_job("make_exports", every=dt.timedelta(seconds=2))
def make_exports() -> int:
    """Make the large files that somebody has ordered."""
    return make_waiting_exports()


@timed_job("take_in_files", every=dt.timedelta(seconds=2))
def take_in_files() -> int:
    """Take in the large files that somebody has sent and confirmed."""
    return take_in_waiting()


@timed_job("purge_exchange", every=dt.timedelta(hours=1))
def purge_exchange() -> int:
    """Delete yesterday's files."""
    now = timezone.now()
    return purge_exports(now=now) + purge_imports(now=now)
