"""Goals, their years, and every change of a target (domain.md §5). Figures are never stored here: they are measured."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


class Goal(models.Model):
    """What the action plan asks for each year."""

    class Unit(models.TextChoices):
        """What is counted."""

        PUPILS = "pupils", _("Pupils")

    class Measure(models.TextChoices):
        """Which function of `goals.measures` computes the figure."""

        PUPILS_PUBLIC = "pupils_public", _("Pupils of public schools in workshops")
        PUPILS_PRIVATE = "pupils_private", _("Pupils of free and private schools in workshops")

    class YearKind(models.TextChoices):
        """When the year begins."""

        CALENDAR = "calendar", _("Calendar year")
        SCHOOL = "school", _("School year (from 1 August)")

    key = models.SlugField(_("key"), unique=True)
    target_group = models.PositiveSmallIntegerField(_("target group"))
    title_da = models.CharField(_("Danish title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200)
    rule_da = models.TextField(_("counting rule in Danish"), max_length=600)
    rule_en = models.TextField(_("counting rule in English"), max_length=600)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices)
    measure = models.CharField(_("measure"), max_length=30, choices=Measure.choices)
    year_kind = models.CharField(_("year"), max_length=10, choices=YearKind.choices, default=YearKind.CALENDAR)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering: ClassVar = ["target_group", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="goal_target_group", condition=Q(target_group__gte=1, target_group__lte=4)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the title in the reader's language."""
        return self.title_en if get_language() == "en" else self.title_da

    @property
    def rule(self) -> str:
        """Return the counting rule in the reader's language."""
        return self.rule_en if get_language() == "en" else self.rule_da


class GoalYear(models.Model):
    """A goal in one year, with its target: at least `low`, and at most `high` where it is a range."""

    class State(models.TextChoices):
        """A closed year's figures are frozen."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="years", verbose_name=_("goal"))
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("The year it begins in."))
    low = models.PositiveIntegerField(_("target, at least"))
    high = models.PositiveIntegerField(_("target, at most"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = _("goal in a year")
        verbose_name_plural = _("goals by year")
        ordering: ClassVar = ["-year", "goal__target_group", "goal_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "year"], name="goal_year_once"),
            models.CheckConstraint(
                name="goal_year_range",
                condition=Q(high__isnull=True) | Q(low__lte=F("high")),
                violation_error_message=_("“At most” must not be below “at least”."),
            ),
            models.CheckConstraint(
                name="goal_year_sane",
                condition=Q(year__gte=2020, year__lte=2100),
                violation_error_message=_("The year must be between 2020 and 2100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal} {self.year}"

    @property
    def starts(self) -> dt.datetime:
        """Return the first instant of the year, at midnight in Copenhagen (domain.md §5)."""
        return self._midnight(self.year)

    @property
    def ends(self) -> dt.datetime:
        """Return the first instant after the year, at midnight in Copenhagen."""
        return self._midnight(self.year + 1)

    def _midnight(self, year: int) -> dt.datetime:
        month = 8 if self.goal.year_kind == Goal.YearKind.SCHOOL else 1
        return dt.datetime(year, month, 1, tzinfo=COPENHAGEN)


class TargetChange(models.Model):
    """Every change of a target, with its reason, person and time."""

    goal_year = models.ForeignKey(GoalYear, on_delete=models.PROTECT, related_name="changes")
    old_low = models.PositiveIntegerField()
    old_high = models.PositiveIntegerField(null=True, blank=True)
    new_low = models.PositiveIntegerField()
    new_high = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["changed_at", "pk"]
        permissions: ClassVar = [("view_goal_rows", _("Can see the rows behind a goal's figure"))]
        constraints: ClassVar = [
            models.CheckConstraint(name="target_change_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.goal_year}: {self.old_low} → {self.new_low}"
