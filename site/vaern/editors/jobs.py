"""The timed jobs of the editors."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from vaern.editors.domain import send_review_notices
from vaern.outbox.registry import timed_job


@timed_job("review_notices", every=dt.timedelta(days=1))
def review_notices() -> int:
    """Tell those who are responsible for pages whose review is due."""
    return send_review_notices(today=timezone.localdate())
