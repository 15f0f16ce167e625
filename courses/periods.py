"""The quick choices of a period, as days in Copenhagen. Pure: the caller says what day it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

SATURDAY = 5
SCHOOL_YEAR_BEGINS = (8, 1)


class Period(models.TextChoices):
    """What teachers plan by. Values stand in addresses that people share, so they stay."""

    DAYS_30 = "30-days", _("The next 30 days")
    BEFORE_CHRISTMAS = "before-christmas", _("Before Christmas")
    BEFORE_SUMMER = "before-summer", _("Before the summer holidays")
    NEXT_SCHOOL_YEAR = "next-school-year", _("Next school year")


@dataclass(frozen=True)
class Days:
    """From one day to another, both included; None is open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def also(self, other: Days) -> Days:
        """Return the days that are in both."""
        firsts = [day for day in (self.first, other.first) if day]
        lasts = [day for day in (self.last, other.last) if day]
        return Days(max(firsts, default=None), min(lasts, default=None))


ALWAYS = Days()


def days_of(period: str, today: dt.date) -> Days:
    """Return the days that a quick choice means on `today`; the coming Christmas, summer or school year."""
    if period == Period.DAYS_30:
        return Days(today, today + dt.timedelta(days=30))
    if period == Period.BEFORE_CHRISTMAS:
        eve = dt.date(today.year, 12, 23)
        return Days(today, eve if today <= eve else dt.date(today.year + 1, 12, 23))
    if period == Period.BEFORE_SUMMER:
        return Days(today, _next_summer(today) - dt.timedelta(days=1))
    if period == Period.NEXT_SCHOOL_YEAR:
        begins = dt.date(today.year, *SCHOOL_YEAR_BEGINS)
        begins = begins if today < begins else dt.date(today.year + 1, *SCHOOL_YEAR_BEGINS)
        return Days(begins, dt.date(begins.year + 1, 7, 31))
    return Days()


def _next_summer(today: dt.date) -> dt.date:
    begins = summer_begins(today.year)
    return begins if today < begins else summer_begins(today.year + 1)


def summer_begins(year: int) -> dt.date:
    """Return the first day of the schools' summer holidays: the last Saturday of June (folkeskoleloven § 14 a)."""
    last = dt.date(year, 6, 30)
    return last - dt.timedelta(days=(last.weekday() - SATURDAY) % 7)
