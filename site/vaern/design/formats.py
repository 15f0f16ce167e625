"""Dates, times, numbers and telephone numbers as they are written in Danish and in English.

Pure functions; ``templatetags/design.py`` hands them to templates, mails and calendars may call them too.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import dateformat, formats
from django.utils.translation import get_language

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

# style -> (Danish, English), in Django's date format letters
DATE_STYLES: dict[str, tuple[str, str]] = {
    "long": ("l j. F Y", "l j F Y"),
    "plain": ("j. F Y", "j F Y"),
    "day": ("l j. F", "l j F"),
    "short": ("d.m.Y", "d/m/Y"),
    "month": ("F Y", "F Y"),
}


def in_danish() -> bool:
    """Return whether the language being written now is Danish."""
    return (get_language() or "da").startswith("da")


def local(value: datetime) -> datetime:
    """Return an aware moment as the clock in Copenhagen shows it; a naive one is local already."""
    return value if value.tzinfo is None else value.astimezone(COPENHAGEN)


def format_date(value: date | None, style: str = "long") -> str:
    """Write a day (or the day of a moment) in words.

    >>> format_date(date(2026, 11, 23))            # Danish
    'mandag 23. november 2026'
    >>> format_date(date(2026, 11, 23), "plain")
    '23. november 2026'
    >>> format_date(date(2026, 11, 23), "short")
    '23.11.2026'
    """
    if not isinstance(value, date):
        return ""
    danish, english = DATE_STYLES[style]
    day = local(value) if isinstance(value, datetime) else value
    return dateformat.format(day, danish if in_danish() else english)


def _hour_minute(value: datetime | time) -> str:
    moment = local(value) if isinstance(value, datetime) else value
    return f"{moment.hour}{'.' if in_danish() else ':'}{moment.minute:02d}"


def format_clock(value: datetime | time | None) -> str:
    """Write a time of day: ``kl. 9.30`` in Danish, ``9:30`` in English.

    >>> format_clock(time(9, 5))                   # Danish
    'kl. 9.05'
    """
    if not isinstance(value, datetime | time):
        return ""
    return f"kl. {_hour_minute(value)}" if in_danish() else _hour_minute(value)


def format_time_range(start: datetime | time | None, end: datetime | time | None) -> str:
    """Write from when to when: ``kl. 9.30–11.15`` in Danish, ``9:30–11:15`` in English.

    >>> format_time_range(time(9, 30), time(11, 15))   # Danish
    'kl. 9.30–11.15'
    """
    if not isinstance(start, datetime | time) or not isinstance(end, datetime | time):
        return format_clock(start)
    return f"{format_clock(start)}–{_hour_minute(end)}"


def format_number(value: int | float | Decimal | str | None) -> str:
    """Write a number with the language's grouping and decimal sign.

    >>> format_number(4000)                        # Danish; "4,000" in English
    '4.000'
    """
    if value is None or value == "":
        return ""
    return str(formats.number_format(value, use_l10n=True, force_grouping=True))


@lru_cache(maxsize=512)
def format_phone(value: str | None) -> str:
    """Write a Danish number in pairs; a short or foreign number stays as it was typed.

    >>> format_phone("+4541749090")
    '41 74 90 90'
    >>> format_phone("112")
    '112'
    """
    typed = str(value or "").strip()
    digits = re.sub(r"^(\+45|0045)", "", re.sub(r"[\s().-]", "", typed))
    return " ".join(re.findall("..", digits)) if re.fullmatch(r"\d{8}", digits) else typed


@lru_cache(maxsize=512)
def tel_address(value: str | None) -> str:
    """Return the address that rings a number; eight digits are Danish, three are the short numbers.

    >>> tel_address("41 74 90 90")
    'tel:+4541749090'
    >>> tel_address("114")
    'tel:114'
    """
    digits = re.sub(r"[^\d+]", "", str(value or ""))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if re.fullmatch(r"\d{8}", digits):
        digits = f"+45{digits}"
    return f"tel:{digits}" if digits else ""
