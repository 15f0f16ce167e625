"""A certificate as it was made; nothing of it changes but how it ends (docs/decisions/0034)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, PersonLine
from vaern.certificates.rules import Standing, shown_code, standing

NEVER_CHANGED = "a certificate never changes; revoke it or replace it"


def private_storage() -> Storage:
    """Return where files lie that only our views hand out."""
    return storages["private"]


class CertificateSettings(models.Model):
    """The one row of settings. A certificate keeps what held when it was made."""

    validity_years = models.PositiveSmallIntegerField(
        _("valid for so many years"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("The person's name is kept so long, and forgotten after it."),
    )
    issuer = models.CharField(
        _("issued by"), max_length=120, default="Københavns Kommune", help_text=_("As it stands on new certificates.")
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For staff; “skal bekræftes” until it is decided.")
    )

    class Meta:
        verbose_name = _("settings of certificates")
        verbose_name_plural = _("settings of certificates")
        constraints: ClassVar = [
            models.CheckConstraint(name="certificates_one_row_of_settings", condition=Q(pk=1)),
        ]

    def __str__(self) -> str:
        return str(_("Settings of certificates"))


class Certificate(models.Model):
    """One person's attendance at one session, as it was printed. `vaern.certificates.domain` writes it."""

    class Reason(models.TextChoices):
        """Why it was taken back; told to its holder and to staff, not to everybody."""

        WRONG_NAME = "name", _("The name is wrong")
        WRONG_FACTS = "facts", _("Something else in it is wrong")
        NOT_THERE = "absent", _("The person was not there")
        ASKED = "asked", _("The holder has asked for it")
        OTHER = "other", _("Something else")

    CLASS: ClassVar = "class"

    code = models.CharField(_("code"), max_length=16, unique=True)
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("booking")
    )
    person = models.ForeignKey(
        PersonLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
        verbose_name=_("person"),
    )
    holder = models.CharField(max_length=30, help_text="Which of the booking: the class's adult, or a person line.")
    name = models.CharField(_("name"), max_length=120, blank=True, help_text="Empty when it has been forgotten.")
    workshop = models.CharField(_("workshop"), max_length=255)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    detail = models.CharField(_("took part as"), max_length=400, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120)
    language = models.CharField(_("language"), max_length=10)
    issued_at = models.DateTimeField(_("issued"))
    last_day = models.DateField(_("valid until"))

    file = models.CharField(max_length=200, blank=True, help_text="Where the PDF lies, in the private storage.")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    ended_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    class Meta:
        verbose_name = _("certificate of attendance")
        verbose_name_plural = _("certificates of attendance")
        ordering: ClassVar = ["-issued_at", "-pk"]
        permissions: ClassVar = [("revoke_certificate", _("Can revoke and replace certificates"))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["booking", "holder"], condition=Q(ended_at__isnull=True), name="certificate_one_that_holds"
            ),
            models.CheckConstraint(
                name="certificate_ends_with_a_reason",
                condition=Q(ended_at__isnull=True, reason="") | (Q(ended_at__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(name="certificate_file_has_a_hash", condition=Q(file="") | ~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.shown_code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; refuse to write it a second time."""
        if not self._state.adding:
            raise TypeError(NEVER_CHANGED)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: whoever has the code is told how it stands."""
        raise TypeError(NEVER_CHANGED)

    @property
    def shown_code(self) -> str:
        """Return the code in fours."""
        return shown_code(self.code)

    @property
    def is_printed(self) -> bool:
        """Say whether the PDF has been made."""
        return bool(self.sha256)

    def standing_on(self, today: dt.date) -> Standing:
        """Return how it stands. One query for one that has ended."""
        ended = self.ended_at is not None
        replaced = ended and Certificate.objects.filter(replaces=self).exists()
        return standing(ended=ended, replaced=replaced, last_day=self.last_day, today=today)
