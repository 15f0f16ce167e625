"""What has been said about reviews."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class ReviewNotice(models.Model):
    """The last mail about a page's review: about which date, of which kind, to whom."""

    class Kind(models.TextChoices):
        """Soon, or too late."""

        DUE = "due", _("Review is due soon")
        OVERDUE = "overdue", _("Review is overdue")

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    review_on = models.DateField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_on = models.DateField()

    class Meta:
        verbose_name = _("notice of review")
        verbose_name_plural = _("notices of review")
        default_permissions: ClassVar = ()
        permissions: ClassVar = [("approve_guidance", _("Can approve guidance"))]

    def __str__(self) -> str:
        return f"{self.page_id} {self.kind} {self.review_on}"
