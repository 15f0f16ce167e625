"""An answer to "Was this page useful?". No address, no browser, no person (domain.md §8)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

MAX_TEXT = 300


class Feedback(models.Model):
    """Yes or no to a page, and what the reader wrote; marked by an editor when it is dealt with."""

    class State(models.TextChoices):
        """What an editor has made of it."""

        NEW = "new", _("New")
        HANDLED = "handled", _("Handled")
        SPAM = "spam", _("Spam")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    useful = models.BooleanField(_("useful"))
    text = models.CharField(_("text"), max_length=MAX_TEXT, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField(_("received"), db_index=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering: ClassVar = ["-received_at", "-pk"]

    def __str__(self) -> str:
        answer = _("Yes") if self.useful else _("No")
        return f"{answer}: {self.text}"
