"""Whom to call, as records: one number is written in one place and checked there."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from vaern.design.formats import COPENHAGEN, format_phone
from vaern.guidance import rules

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def validate_phone(value: str) -> None:
    """Refuse what cannot be rung."""
    try:
        rules.normal_phone(value)
    except ValueError as error:
        raise ValidationError(
            _("Write a Danish number of eight digits, a short number, or + and a country code.")
        ) from error


def validate_hours(value: str) -> None:
    """Refuse hours that the page could not compare with the clock."""
    try:
        rules.minutes_of(value)
    except ValueError as error:
        raise ValidationError(_("Write the hours as 9.00-15.00, within one day.")) from error


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts by use and by when they were checked."""

    def in_use(self) -> Self:
        """Return those that pages may show."""
        return self.filter(in_use=True)

    def acute(self) -> Self:
        """Return the numbers for acute danger, in the editors' order."""
        return self.in_use().filter(acute=True).exclude(phone="")

    def overdue(self, today: dt.date) -> Self:
        """Return those in use that were never checked, or more than six months ago."""
        stale = models.Q(last_checked_on__isnull=True) | models.Q(last_checked_on__lt=rules.oldest_good(today))
        return self.in_use().filter(stale)


def _hours_field(label: Any) -> models.CharField[str, str]:
    return models.CharField(label, max_length=15, blank=True, validators=[validate_hours])


class Contact(models.Model):
    """A number to call, what happens then, and when somebody last made sure that it holds."""

    key = models.SlugField(unique=True, null=True, blank=True, editable=False)
    name_da = models.CharField(_("Danish name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    organisation_da = models.CharField(_("organisation, in Danish"), max_length=120, blank=True)
    organisation_en = models.CharField(_("organisation, in English"), max_length=120, blank=True)
    phone = models.CharField(
        _("telephone number"),
        max_length=20,
        blank=True,
        validators=[validate_phone],
        help_text=_("Empty while nobody has confirmed it: the page then says that the number is to be confirmed."),
    )
    hours_da = models.CharField(_("opening hours, in Danish"), max_length=120, blank=True)
    hours_en = models.CharField(_("opening hours, in English"), max_length=120, blank=True)
    what_happens_da = models.TextField(_("what happens when you call, in Danish"), max_length=400, blank=True)
    what_happens_en = models.TextField(_("what happens when you call, in English"), max_length=400, blank=True)
    anonymous_da = models.CharField(_("can I be anonymous?, in Danish"), max_length=200, blank=True)
    anonymous_en = models.CharField(_("can I be anonymous?, in English"), max_length=200, blank=True)

    monday = _hours_field(_("Mondays"))
    tuesday = _hours_field(_("Tuesdays"))
    wednesday = _hours_field(_("Wednesdays"))
    thursday = _hours_field(_("Thursdays"))
    friday = _hours_field(_("Fridays"))
    saturday = _hours_field(_("Saturdays"))
    sunday = _hours_field(_("Sundays"))

    acute = models.BooleanField(
        _("for acute danger"),
        default=False,
        help_text=_("Shown first, in the box for acute danger on every guidance page."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    in_use = models.BooleanField(
        _("in use"), default=True, help_text=_("Pages do not show a contact that is not in use. It is never deleted.")
    )
    unverified = models.BooleanField(
        _("to be confirmed"),
        default=True,
        help_text=_("The page says that the City of Copenhagen has not confirmed this yet."),
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
        help_text=_("Who is reminded when the number is to be checked; without one, all editors are."),
    )
    last_checked_on = models.DateField(_("last checked"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("checked by"),
    )
    reminded_in = models.CharField(max_length=8, blank=True, editable=False)

    objects = ContactQuerySet.as_manager()

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("name_da"), FieldPanel("name_en")], heading=_("Name")),
        FieldRowPanel([FieldPanel("organisation_da"), FieldPanel("organisation_en")], heading=_("Organisation")),
        FieldPanel("phone"),
        FieldRowPanel([FieldPanel("hours_da"), FieldPanel("hours_en")], heading=_("Opening hours")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel(day) for day in WEEKDAYS[:4]]),
                FieldRowPanel([FieldPanel(day) for day in WEEKDAYS[4:]]),
            ],
            heading=_("Hours by the day"),
            help_text=_("If you write them, the page can say “open now”. Write 9.00-15.00; an empty day is closed."),
        ),
        FieldRowPanel(
            [FieldPanel("what_happens_da"), FieldPanel("what_happens_en")], heading=_("What happens when you call")
        ),
        FieldRowPanel([FieldPanel("anonymous_da"), FieldPanel("anonymous_en")], heading=_("Can I be anonymous?")),
        FieldRowPanel([FieldPanel("acute"), FieldPanel("position")], heading=_("Where it stands")),
        FieldRowPanel([FieldPanel("in_use"), FieldPanel("unverified")], heading=_("Status")),
        FieldPanel("responsible"),
    ]

    class Meta:
        verbose_name = _("contact record")
        verbose_name_plural = _("contact records")
        ordering: ClassVar = ["position", "name_da"]

    def __str__(self) -> str:
        return f"{self.name} ({format_phone(self.phone)})" if self.phone else self.name

    def clean(self) -> None:
        """Store the number as it is rung."""
        super().clean()
        if self.phone:
            with suppress(ValueError):  # the field's validator has said so already
                self.phone = rules.normal_phone(self.phone)

    @property
    def name(self) -> str:
        """Return the name in the language being written; the Danish one stands in for a missing English one."""
        return (self.name_en or self.name_da) if get_language() == "en" else self.name_da

    @property
    def name_language(self) -> str:
        """Return the language to mark the name with where it is not the page's, or nothing."""
        return "da" if get_language() == "en" and not self.name_en else ""

    @property
    def organisation(self) -> str:
        """Return whose number it is, or nothing."""
        return self._said("organisation")

    @property
    def hours(self) -> str:
        """Return the opening hours in words."""
        return self._said("hours")

    @property
    def what_happens(self) -> str:
        """Return what happens when one calls."""
        return self._said("what_happens")

    @property
    def anonymous(self) -> str:
        """Return whether one can be anonymous."""
        return self._said("anonymous")

    def _said(self, name: str) -> str:
        """Return a text in the language being written and in no other: English pages show no Danish text."""
        return str(getattr(self, f"{name}_{'en' if get_language() == 'en' else 'da'}"))

    @property
    def is_overdue(self) -> bool:
        """Say whether the number is to be checked again."""
        return rules.is_overdue(self.last_checked_on, timezone.localdate())

    def is_open(self, moment: dt.datetime, *, is_holiday: bool) -> bool | None:
        """Say whether it is open at `moment`; None where it is not certain, as with a number nobody has checked."""
        if self.unverified or self.is_overdue:
            return None
        week = [getattr(self, day) for day in WEEKDAYS]
        return rules.is_open(week, moment.astimezone(COPENHAGEN), is_holiday=is_holiday)
