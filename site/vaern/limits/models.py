"""What has been counted. No address and no network is stored: only a hash that changes every day."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """How often somebody came to a door since `resets_at` was set; counts anew after it."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    resets_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
