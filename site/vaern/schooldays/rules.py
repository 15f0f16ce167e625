"""Working days, pure: Monday to Friday, but for public holidays, the usual half-holidays and the days in `closed`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import lru_cache

from holidays import country_holidays

# 1 May, 5 June, 24 and 31 December are no public holidays, and the city's offices and schools are closed all the same.
CATEGORIES = ("public", "optional")
FURTHEST = 366


@lru_cache(maxsize=64)
def public_holidays(year: int, language: str = "da") -> dict[dt.date, str]:
    """Return the Danish holidays and half-holidays of a year, by day."""
    return dict(country_holidays("DK", years=year, language=language, categories=CATEGORIES))


def is_working_day(day: dt.date, closed: Collection[dt.date] = ()) -> bool:
    """Say whether offices and schools are open on a day."""
    return day.weekday() < 5 and day not in public_holidays(day.year) and day not in closed


def working_day_before(day: dt.date, number: int, closed: Collection[dt.date] = ()) -> dt.date:
    """Return the working day that is `number` working days before `day`; the day itself for 0.

    Raises ValueError when there is none within a year: then `closed` is wrong.
    """
    found, left = day, number
    while left:
        found -= dt.timedelta(days=1)
        if (day - found).days > FURTHEST:
            raise ValueError(f"no {number} working days within a year before {day}")
        left -= is_working_day(found, closed)
    return found
