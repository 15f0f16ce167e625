"""Organisations, schools, administrations and users (domain.md §1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class ValidityQuerySet(models.QuerySet[Any]):
    """Rows that hold from one date until (not on) another; an open end is empty."""

    from_field = "valid_from"
    to_field = "valid_to"

    def on(self, day: dt.date) -> Self:
        """Return what held on `day`, a date in Copenhagen."""
        return self.filter(
            Q(**{f"{self.from_field}__isnull": True}) | Q(**{f"{self.from_field}__lte": day}),
            Q(**{f"{self.to_field}__isnull": True}) | Q(**{f"{self.to_field}__gt": day}),
        )


class OrganisationQuerySet(ValidityQuerySet):
    """Organisations, by kind and by date."""

    from_field = "active_from"
    to_field = "active_to"

    def schools(self) -> Self:
        """Return the schools, with their register facts loaded."""
        return self.filter(kind=Organisation.Kind.SCHOOL).select_related("school")


class Organisation(models.Model):
    """Anybody who takes part as a body. Never deleted once used: `active_to` closes it."""

    class Kind(models.TextChoices):
        """The four kinds of domain.md §1."""

        SCHOOL = "school", _("School")
        ADMINISTRATION = "administration", _("Administration")
        PARTNER = "partner", _("Partner")
        SUPPLIER = "supplier", _("Supplier")

    class Category(models.TextChoices):
        """A partner's neutral category: never religion, politics or ethnicity (domain.md §8)."""

        SUPPLIER = "supplier", _("Supplier")
        ASSOCIATION = "association", _("Association")
        EDUCATION = "education", _("Education")
        HOUSING = "housing", _("Housing organisation")
        OTHER = "other", _("Other")

    class District(models.TextChoices):
        """Copenhagen's ten districts (bydele)."""

        INDRE_BY = "indre-by", "Indre By"
        OESTERBRO = "oesterbro", "Østerbro"
        NOERREBRO = "noerrebro", "Nørrebro"
        VESTERBRO = "vesterbro-kongens-enghave", "Vesterbro/Kongens Enghave"
        VALBY = "valby", "Valby"
        VANLOESE = "vanloese", "Vanløse"
        BROENSHOEJ = "broenshoej-husum", "Brønshøj-Husum"
        BISPEBJERG = "bispebjerg", "Bispebjerg"
        AMAGER_OEST = "amager-oest", "Amager Øst"
        AMAGER_VEST = "amager-vest", "Amager Vest"

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices, blank=True)
    district = models.CharField(_("district"), max_length=40, choices=District.choices, blank=True)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(_("active until"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organisation_active_in_order",
                condition=Q(active_from__isnull=True)
                | Q(active_to__isnull=True)
                | Q(active_from__lt=models.F("active_to")),
                violation_error_message=_("It must be active from an earlier date than until."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """What the national register says of a school. The institution number is the only key; names are not unique."""

    organisation = models.OneToOneField(
        Organisation,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="school",
        verbose_name=_("organisation"),
    )
    institution_number = models.CharField(
        _("institution number"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^\d{6}$", _("An institution number has six digits."))],
    )
    institution_type = models.CharField(
        _("institution type"), max_length=4, help_text=_("The register's code, e.g. 1012")
    )
    institution_type_name = models.CharField(_("name of the type"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=4, blank=True)
    owner = models.CharField(_("owner"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")

    def __str__(self) -> str:
        return f"{self.organisation.name} ({self.institution_number})"


class SchoolGroupQuerySet(ValidityQuerySet):
    """The dated table from institution type to goal group."""

    def as_mapping(self, day: dt.date) -> dict[str, str]:
        """Return {institution type: group} as it held on `day`."""
        return groups_on(self, day)


class SchoolGroup(models.Model):
    """Which goal group an institution type counts in, and from when (domain.md §1). Staff edit it."""

    class Group(models.TextChoices):
        """Whom the pupils of a school count for."""

        PUBLIC = "public", _("Public school")
        PRIVATE = "private", _("Free or private school")
        NOT_COUNTED = "not_counted", _("Not counted")

    institution_type = models.CharField(_("institution type"), max_length=4)
    type_name = models.CharField(_("name of the type"), max_length=100)
    group = models.CharField(_("goal group"), max_length=20, choices=Group.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    objects = SchoolGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("school type and goal group")
        verbose_name_plural = _("school types and goal groups")
        ordering: ClassVar = ["institution_type", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["institution_type", "valid_from"], name="school_group_once_a_day"),
            models.CheckConstraint(
                name="school_group_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=models.F("valid_to")),
                violation_error_message=_("It must be valid from an earlier date than until."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_type} {self.type_name}: {self.get_group_display()}"


def groups_on(rows: Iterable[SchoolGroup], day: dt.date) -> dict[str, str]:
    """Return {institution type: group} as it held on `day`: of the rows that hold, the newest `valid_from` decides.

    So one new row changes a type from its date on, also when the row before it is left open (decision 10).
    """
    holding = [row for row in rows if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)]
    return {row.institution_type: row.group for row in sorted(holding, key=lambda row: row.valid_from)}


class Administration(models.Model):
    """One of the city's administrations; a row and not an enum, since names and number change (domain.md §1)."""

    code = models.CharField(_("code"), max_length=10)
    name_da = models.CharField(_("Danish name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    counts_in_preparedness_goal = models.BooleanField(_("counts in the preparedness goal"), default=False)

    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("administration")
        verbose_name_plural = _("administrations")
        ordering: ClassVar = ["code", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="administration_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_da


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address, and need no password: they sign in by a code."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user with this address, lower-cased; without a password none will ever match."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an administrator with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this address in any letter case."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """Staff, facilitators, signatories. Teachers and parents never need an account."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("organisation")
    )
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("administration")
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering: ClassVar = ["first_name", "last_name", "email"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_any_case_once",
                violation_error_message=_("There is a user with this e-mail address already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email
