"""Signatures, the terms they give, and the receipts of terms."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from charter.frozen import FrozenModel
from charter.models.evidence import Event
from charter.models.partners import Partner
from charter.models.texts import CharterText


class Signature(FrozenModel):
    """Who signed is in the personal part of `event`, which can be erased; what was signed stands."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request_uuid = models.UUIDField(editable=False)
    signatory_uuid = models.UUIDField(editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="signatures")
    text = models.ForeignKey(CharterText, on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    statement = models.TextField()
    organisation_name = models.CharField(max_length=200)
    cvr = models.CharField(max_length=8, blank=True)
    authority = models.CharField(max_length=8)
    provider = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    signed_at = models.DateTimeField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="signature")

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering: ClassVar = ["signed_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request_uuid", "signatory_uuid", "text"], name="charter_signed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_name} {self.signed_at:%Y-%m-%d}"


class TermQuerySet(models.QuerySet["Term"]):
    """Terms by the day on which they hold."""

    def standing(self) -> Self:
        """Return the terms that were not annulled."""
        return self.exclude(end_kind=Term.End.ANNULLED)

    def on(self, day: dt.date) -> Self:
        """Return the terms that cover `day`, a date in Copenhagen."""
        return self.standing().with_end().filter(valid_from__lte=day, ends_on__gt=day)

    def with_end(self) -> Self:
        """Add `ends_on`, the first day that is not covered."""
        return self.annotate(ends_on=Coalesce("ended_on", "valid_until"))


class Term(models.Model):
    """[valid_from, valid_until): one partner is covered. Terms of a partner never overlap (migration 0002)."""

    class End(models.TextChoices):
        """Why it ended before its time."""

        NONE = "", _("Runs its time")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ANNULLED = "annulled", _("Annulled")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="terms", verbose_name=_("partner"))
    request_uuid = models.UUIDField(unique=True, editable=False)
    text = models.ForeignKey(CharterText, on_delete=models.PROTECT, related_name="+", verbose_name=_("text"))
    organisation_name = models.CharField(_("organisation"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    signed_at = models.DateTimeField(_("signed at"))
    code = models.CharField(_("verification code"), max_length=20, unique=True)
    ended_on = models.DateField(_("ended on"), null=True)
    end_kind = models.CharField(_("ended by"), max_length=10, choices=End.choices, blank=True)
    end_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering: ClassVar = ["-valid_from", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="charter_term_in_order", condition=Q(valid_from__lt=F("valid_until"))),
            models.CheckConstraint(
                name="charter_term_end_whole",
                condition=Q(end_kind="", ended_on__isnull=True)
                | (
                    ~Q(end_kind="")
                    & Q(ended_on__isnull=False, ended_on__gte=F("valid_from"), ended_on__lte=F("valid_until"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_name} {self.valid_from}–{self.valid_until}"

    @property
    def until(self) -> dt.date:
        """Return the first day that is not covered."""
        return self.ended_on or self.valid_until

    @property
    def last_day(self) -> dt.date:
        """Return the last day that is covered, which is what people read."""
        return self.until - dt.timedelta(days=1)


class Receipt(FrozenModel):
    """The PDF of a term, made and sealed once."""

    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="receipt")
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    certificate = models.CharField(max_length=64, help_text="SHA-256 of the certificate that sealed it")
    timestamped = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return self.sha256

    def as_facts(self) -> dict[str, Any]:
        """Return what an event tells of it."""
        return {"sha256": self.sha256, "certificate": self.certificate, "timestamped": self.timestamped}
