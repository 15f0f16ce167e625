"""A personal calendar feed: all bookings of one address, and the sessions its owner holds, behind a link of its own."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """The one feed of an e-mail address, or of a `user`. Only the hash of its token is stored; a new link ends the old.

    One that was begun by somebody signed in has that `user`, and shows the sessions he or she holds as well. Whoever
    has no more than a booking's link cannot begin or end that one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("personal calendar feed")
        verbose_name_plural = _("personal calendar feeds")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), condition=Q(user__isnull=True), name="calendar_feed_once_an_address"
            ),
            models.UniqueConstraint(fields=["user"], name="calendar_feed_once_a_user"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
