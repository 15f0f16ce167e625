"""The city's school holidays. Staff enter them; nobody can compute them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vaern.design.formats import in_danish


class SchoolHolidayQuerySet(models.QuerySet["SchoolHoliday"]):
    """School holidays by when they are."""

    def within(self, first: dt.date, last: dt.date) -> Self:
        """Return those that have a day from `first` to `last`, both included."""
        return self.filter(first_day__lte=last, last_day__gte=first)


class SchoolHoliday(models.Model):
    """Days on which the schools are closed, the first and the last included."""

    name_da = models.CharField(_("name in Danish"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), help_text=_("The last day without school."))
    school_year = models.CharField(
        _("school year"),
        max_length=7,
        validators=[RegexValidator(r"^20\d\d/\d\d$", _("Write the school year as 2026/27."))],
    )
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Where the days are from; “skal bekræftes” until checked.")
    )

    objects = SchoolHolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("school holiday")
        verbose_name_plural = _("school holidays")
        ordering: ClassVar = ["first_day", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="school_holiday_ends_after_start",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.UniqueConstraint(
                fields=["first_day", "last_day"],
                name="school_holiday_once",
                violation_error_message=_("These days are entered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.school_year}"

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_da if in_danish() else self.name_en
