"""The timed job of the page cache."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from vaern.outbox.registry import timed_job
from vaern.pagecache.middleware import KEPT_SECONDS
from vaern.pagecache.models import purge_changes

# Well after the last page that could be kept under them, so that a lower count never meets an older page.
KEEP = dt.timedelta(seconds=5 * KEPT_SECONDS)


@timed_job("purge_changes", every=dt.timedelta(minutes=10))
def purge_old_changes() -> int:
    """Delete the stamps that no kept page can carry any more."""
    return purge_changes(now=timezone.now(), older_than=KEEP)
