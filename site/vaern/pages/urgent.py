"""Urgent messages: a banner on every public page, from a moment until another."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

AT_ONCE = 2


class UrgentQuerySet(models.QuerySet["UrgentMessage"]):
    """Messages by time."""

    def shown_at(self, now: dt.datetime) -> Self:
        """Return what is shown at `now`: warnings first, then what began last; two at most."""
        current = self.filter(starts_at__lte=now, ends_at__gt=now)
        return current.order_by("-level", "-starts_at", "pk")


class UrgentMessage(models.Model):
    """What everybody who comes to the site has to know now."""

    class Level(models.TextChoices):
        """How it looks. In the order of the alphabet, warnings come after information."""

        INFO = "info", _("Information")
        WARNING = "warning", _("Warning")

    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.INFO)
    text_da = models.CharField(_("text in Danish"), max_length=240)
    text_en = models.CharField(_("text in English"), max_length=240)
    link_url = models.CharField(
        _("link"), max_length=200, blank=True, help_text=_("A page of this site, beginning with /. May be empty.")
    )
    starts_at = models.DateTimeField(_("shown from"), help_text=_("On a whole minute."))
    ends_at = models.DateTimeField(_("shown until"), help_text=_("On a whole minute. It disappears by itself."))

    objects = UrgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("urgent message")
        verbose_name_plural = _("urgent messages")
        ordering: ClassVar = ["-starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="urgent_ends_after_start", condition=Q(ends_at__gt=models.F("starts_at"))),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """Return the text in the language that is active."""
        return self.text_en if get_language() == "en" else self.text_da

    @property
    def link(self) -> str:
        """Return the link in the language that is active."""
        return f"/en{self.link_url}" if self.link_url and get_language() == "en" else self.link_url

    @property
    def is_shown(self) -> bool:
        """Say whether it is shown now."""
        return self.starts_at <= timezone.now() < self.ends_at

    def clean(self) -> None:
        """Refuse an end before the start, a link elsewhere, and a third message at the same time."""
        super().clean()
        if not (self.starts_at and self.ends_at):
            return
        # The page cache keeps pages by the minute (decision 0021).
        self.starts_at = self.starts_at.replace(second=0, microsecond=0)
        self.ends_at = self.ends_at.replace(second=0, microsecond=0)
        if self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end must be after the start.")})
        if self.link_url and (not self.link_url.startswith("/") or self.link_url.startswith("//")):
            raise ValidationError({"link_url": _("The link must lead to a page of this site and begin with /.")})
        if self._too_many():
            raise ValidationError(
                {"starts_at": _("Two messages are shown at that time already. End one of them first.")}
            )

    def _too_many(self) -> bool:
        """Say whether at some moment of this message two others are shown: the count can only rise at a start."""
        others = list(
            UrgentMessage.objects.filter(starts_at__lt=self.ends_at, ends_at__gt=self.starts_at).exclude(pk=self.pk)
        )
        moments = [max(self.starts_at, other.starts_at) for other in others]
        return any(sum(other.starts_at <= moment < other.ends_at for other in others) >= AT_ONCE for moment in moments)
