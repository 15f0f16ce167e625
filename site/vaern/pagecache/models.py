"""The version stamp of all that public pages show (docs/decisions/0021-page-cache.md)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Count, Max
from django.db.models.functions import Now


class Change(models.Model):
    """One transaction that wrote something which a public page may show. Only ever added, so nobody waits for it."""

    at = models.DateTimeField(db_default=Now(), db_index=True)


def current_stamp() -> str:
    """Return the stamp of what is committed now; another after each commit that wrote public content. One query.

    The greatest number alone would not do: of two transactions the later number may be committed first, and then the
    earlier one, which only the count tells. Purged rows lower the count; the cache's entries are gone by then.
    """
    seen = Change.objects.aggregate(newest=Max("pk"), number=Count("pk"))
    return f"{seen['newest'] or 0}.{seen['number']}"


def purge_changes(*, now: dt.datetime, older_than: dt.timedelta) -> int:
    """Delete what no cached page can still be stamped with, and return how many rows went."""
    deleted, _kinds = Change.objects.filter(at__lt=now - older_than).delete()
    return deleted
