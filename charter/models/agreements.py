"""Cooperation agreements, which count in their year's goal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charter.models.partners import Partner


class Agreement(models.Model):
    """What a partner and the city do together, from when until when; the document itself is in the records system."""

    class Kind(models.TextChoices):
        """What it is about."""

        WORKSHOPS = "workshops", _("Workshops")
        MATERIALS = "materials", _("Teaching materials")
        DIALOGUE = "dialogue", _("Dialogue and events")
        OTHER = "other", _("Other")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("partner"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    agreed_on = models.DateField(_("agreed on"), help_text=_("The day that counts in the year's goal."))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    record_number = models.CharField(
        _("number in the records system"), max_length=60, blank=True, help_text=_("Where the document is kept.")
    )

    class Meta:
        verbose_name = _("cooperation agreement")
        verbose_name_plural = _("cooperation agreements")
        ordering: ClassVar = ["-agreed_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="charter_agreement_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_from__lt=F("valid_until")),
                violation_error_message=_("It must be valid from an earlier date than until."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} ({self.get_kind_display()})"
