"""A personal calendar feed: all bookings of one address, behind a link of its own."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """The one feed of an e-mail address. Only the hash of its token is stored; a new link ends the old one."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"))
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("personal calendar feed")
        verbose_name_plural = _("personal calendar feeds")
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="calendar_feed_once_an_address")]

    def __str__(self) -> str:
        return str(self.pk)
