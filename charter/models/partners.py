"""Who can sign: partners and their signatories."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.rules import cvr_is_valid
from vaern.people.models import Organisation


def check_cvr(value: str) -> None:
    """Raise ValidationError for what is no CVR number (modulus 11)."""
    if not cvr_is_valid(value):
        raise ValidationError(_("This is no CVR number. It has eight digits, and one of them may be mistyped."))


class Partner(models.Model):
    """An organisation that is asked to sign. Its name, neutral category and period are the organisation's own."""

    class Stage(models.TextChoices):
        """How far a possible partner has come."""

        FOUND = "found", _("Found")
        CONTACTED = "contacted", _("Contacted")
        DIALOGUE = "dialogue", _("In dialogue")
        AGREEMENT = "agreement", _("Agreement")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="charter_partner", verbose_name=_("organisation")
    )
    cvr = models.CharField(
        _("CVR number"),
        max_length=8,
        blank=True,
        validators=[check_cvr],
        help_text=_("Eight digits. An association may have none."),
    )
    language = models.CharField(
        _("language of its messages"), max_length=2, choices=[("da", _("Danish")), ("en", _("English"))], default="da"
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.FOUND)
    on_public_list = models.BooleanField(
        _("named on the public list"),
        default=False,
        help_text=_("Only when the partner has said yes to it."),
    )

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering: ClassVar = ["organisation__name", "pk"]
        permissions: ClassVar = [
            ("view_register", _("Can see the charter's register")),
            ("manage_register", _("Can send requests and end terms")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cvr"],
                condition=~models.Q(cvr=""),
                name="charter_partner_cvr_once",
                violation_error_message=_("Another partner has this CVR number."),
            )
        ]

    def __str__(self) -> str:
        return self.organisation.name


class Signatory(models.Model):
    """A person who may sign for a partner, at the address where codes are sent."""

    class Authority(models.TextChoices):
        """By what right."""

        ALONE = "alone", _("Alone")
        JOINTLY = "jointly", _("Jointly with the others")
        PROXY = "proxy", _("By proxy")

    class State(models.TextChoices):
        """A signatory whom the partner has named waits for our approval."""

        PROPOSED = "proposed", _("Waits for approval")
        ACTIVE = "active", _("May sign")
        ENDED = "ended", _("Signs no more")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="signatories", verbose_name=_("partner")
    )
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    authority = models.CharField(_("signs"), max_length=8, choices=Authority.choices, default=Authority.ALONE)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ACTIVE)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering: ClassVar = ["partner", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "email"],
                condition=~models.Q(state="ended"),
                name="charter_signatory_address_once",
                violation_error_message=_("The partner has a signatory with this address already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
