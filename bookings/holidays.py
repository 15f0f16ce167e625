"""Denmark's public holidays, in the reader's language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils.translation import get_language
from holidays import country_holidays


def public_holiday(day: dt.date) -> str:
    """Return the name of the public holiday that `day` is, or nothing."""
    return _of_year(day.year, "da" if (get_language() or "da").startswith("da") else "en_US").get(day, "")


@lru_cache(maxsize=32)
def _of_year(year: int, language: str) -> dict[dt.date, str]:
    return {day: str(name) for day, name in country_holidays("DK", years=year, language=language).items()}
