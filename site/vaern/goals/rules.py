"""Pure decisions about goals: status and suppression (domain.md §5)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

SMALLEST_SHOWN = 5


class Status(models.TextChoices):
    """How a goal stands. Never judged by linear pace: schools are closed in July."""

    MET = "met", _("Met")
    MET_ABOVE = "met_above", _("Met, above the range")
    ON_THE_WAY = "on_the_way", _("On the way")
    BEHIND = "behind", _("Behind")
    NOT_MET = "not_met", _("Not met")
    UNKNOWN = "unknown", _("Cannot be stated")


def status(*, value: int, possible: int, low: int, high: int | None, over: bool, unreported: int) -> Status:
    """Return how a goal stands.

    `value` is what is counted, `possible` adds all that is booked ahead or not yet reported, `over` says that the year
    has ended, `unreported` is the number of sessions without a report. Behind only when even all that is booked cannot
    reach `low`; not met only after the year, and not while a report is missing that could still change it.
    """
    if high is not None and value > high:
        return Status.MET_ABOVE
    if value >= low:
        return Status.MET
    if not over:
        return Status.ON_THE_WAY if possible >= low else Status.BEHIND
    return Status.UNKNOWN if unreported and possible >= low else Status.NOT_MET


def shown(number: int) -> int | None:
    """Return a number of persons as it may be shown to everyone: 1–4 are hidden (None), 0 is not."""
    return None if 0 < number < SMALLEST_SHOWN else number
