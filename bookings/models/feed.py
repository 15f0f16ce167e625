"""A personal calendar feed: one booking, or all that a signed-in user has, behind a link of its own."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking


class CalendarFeed(models.Model):
    """The one feed of a `booking`, or of a `user`. Only the hash of its token is stored; a new link ends the old.

    Begun with a booking's link it holds that booking and nothing else: anybody can book with somebody else's address,
    so a booking's link proves no address. Begun by somebody signed in it holds all bookings of the address that the
    user has now, and the sessions he or she holds.
    """

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("booking")
    )
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
            models.UniqueConstraint(fields=["booking"], name="calendar_feed_once_a_booking"),
            models.UniqueConstraint(fields=["user"], name="calendar_feed_once_a_user"),
            models.CheckConstraint(
                name="calendar_feed_of_one",
                condition=Q(booking__isnull=False, user__isnull=True) | Q(booking__isnull=True, user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
