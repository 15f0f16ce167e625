"""An editor's word that a translation is still right."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from wagtail.models import Page


class StillRight(models.Model):
    """Somebody compared a translation with its Danish page, as it was published at `source_published_at`."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+", primary_key=True)
    source_published_at = models.DateTimeField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField()
