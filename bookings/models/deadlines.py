"""When registration closes and until when a booker may cancel: one rule for all, and exceptions by workshop."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.deadlines import Rule
from courses.models import WorkshopPage

NOON = dt.time(12)
MOST_DAYS, MOST_REMINDER_DAYS = 60, 60


class DeadlineRule(models.Model):
    """The row without a workshop holds for all that have none of their own."""

    workshop = models.OneToOneField(
        WorkshopPage,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="deadline_rule",
        verbose_name=_("workshop"),
        help_text=_("Empty: for all workshops without a rule of their own."),
    )
    close_days = models.PositiveSmallIntegerField(
        _("registration closes so many working days before"),
        default=0,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text=_("0: when the session starts."),
    )
    close_clock = models.TimeField(_("at"), default=NOON)
    cancel_days = models.PositiveSmallIntegerField(
        _("bookers can cancel until so many working days before"),
        default=5,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text=_("0: until the session starts."),
    )
    cancel_clock = models.TimeField(_("at"), default=NOON)
    reminder_days = models.PositiveSmallIntegerField(
        _("reminder so many days before"),
        default=7,
        validators=[MaxValueValidator(MOST_REMINDER_DAYS)],
        help_text=_("0: no reminder."),
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For staff; “skal bekræftes” until it is decided.")
    )

    class Meta:
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        ordering: ClassVar = ["workshop__title", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(workshop__isnull=True),
                name="deadline_rule_one_for_all",
                violation_error_message=_("There is a rule for all workshops already."),
            ),
        ]

    def __str__(self) -> str:
        return self.workshop.title if self.workshop else str(_("All workshops"))

    @property
    def rule(self) -> Rule:
        """Return the rule as the pure decisions know it."""
        return Rule(self.close_days, self.close_clock, self.cancel_days, self.cancel_clock, self.reminder_days)
