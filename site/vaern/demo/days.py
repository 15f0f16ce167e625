"""On which days there is school in Copenhagen, near enough for invented sessions. Pure, and right for every year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

import holidays

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SATURDAY = 5
WINTER_WEEK, AUTUMN_WEEK = 7, 42
# (month, day) of the first and last day without school.
SUMMER = ((6, 27), (8, 10))
CHRISTMAS_FROM, CHRISTMAS_TO = (12, 20), (1, 3)
CONSTITUTION_DAY = (6, 5)


@cache
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("DK", years=year))


def is_public_holiday(day: dt.date) -> bool:
    """Say whether the day is a public holiday in Denmark, or one of the days that most offices keep closed."""
    return day in _public_holidays(day.year) or (day.month, day.day) in {CONSTITUTION_DAY, (12, 24), (12, 31)}


def is_workday(day: dt.date) -> bool:
    """Say whether the day is a weekday and no public holiday."""
    return day.weekday() < SATURDAY and not is_public_holiday(day)


def is_school_day(day: dt.date) -> bool:
    """Say whether pupils are at school: a workday outside the school holidays."""
    return is_workday(day) and not _in_school_holidays(day)


def _in_school_holidays(day: dt.date) -> bool:
    here = (day.month, day.day)
    in_week_off = day.isocalendar().week in {WINTER_WEEK, AUTUMN_WEEK}
    in_summer = SUMMER[0] <= here <= SUMMER[1]
    at_christmas = here >= CHRISTMAS_FROM or here <= CHRISTMAS_TO
    return in_week_off or in_summer or at_christmas or _is_around_a_thursday_off(day)


def _is_around_a_thursday_off(day: dt.date) -> bool:
    """Say whether it is a day of the week before Easter, or the Friday after Ascension Day."""
    thursday = day + dt.timedelta(days=3 - day.weekday())
    if thursday not in _public_holidays(thursday.year):
        return False
    is_holy_week = thursday + dt.timedelta(days=1) in _public_holidays(thursday.year)
    return is_holy_week or day > thursday


def days_between(first: dt.date, until: dt.date) -> Iterator[dt.date]:
    """Yield each day from `first` until, not including, `until`."""
    for number in range((until - first).days):
        yield first + dt.timedelta(days=number)


def school_days(first: dt.date, until: dt.date) -> list[dt.date]:
    """Return the school days from `first` until, not including, `until`."""
    return [day for day in days_between(first, until) if is_school_day(day)]


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """Return the instant of a time of day by Copenhagen's clock."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=COPENHAGEN)
