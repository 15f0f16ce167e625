"""Counting downloads: one number a file and day, and nothing about who."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from materials.models import DownloadCount

logger = logging.getLogger(__name__)


def count_download(*, file_id: int, day: dt.date) -> None:
    """Add one to the file's number of the day.

    One short statement, except for the first download of a day. A database that cannot take it costs a number and
    never a reader's file: the failure is logged.
    """
    try:
        if not _add_one(file_id, day):
            _begin(file_id, day)
    except DatabaseError:
        logger.warning("a download of file %s was not counted", file_id, exc_info=True)


def _add_one(file_id: int, day: dt.date) -> bool:
    rows = DownloadCount.objects.filter(file_id=file_id, day=day)
    return bool(rows.update(count=F("count") + 1))


def _begin(file_id: int, day: dt.date) -> None:
    """Write the day's first number; whoever was first in the meantime has made the row that we add to."""
    try:
        with transaction.atomic():
            DownloadCount.objects.create(file_id=file_id, day=day, count=1)
    except IntegrityError:
        _add_one(file_id, day)
