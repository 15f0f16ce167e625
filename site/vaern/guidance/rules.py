"""Decisions about contacts and about the way to a card: no database and no clock of their own."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

CHECKED_EVERY_MONTHS = 6
# What a printed card holds on one sheet of A4, contacts included, with three contacts and both duties.
CHARACTERS_A_SHEET = 2300

# -- telephone numbers ------------------------------------------------------------------------------------


def normal_phone(typed: str) -> str:
    """Return a number as it is stored: "+4541749090", "112", or a foreign number with its country code.

    Eight digits are Danish; three to six are one of the short numbers. Raises ValueError for anything else.
    """
    digits = re.sub(r"[\s().-]", "", typed)
    digits = re.sub(r"^00", "+", digits)
    if re.fullmatch(r"\d{8}", digits):
        return f"+45{digits}"
    if re.fullmatch(r"\+45\d{8}|\d{3,6}", digits):
        return digits
    if re.fullmatch(r"\+(?!45)\d{6,15}", digits):
        return digits
    raise ValueError("not a telephone number")


# -- when a number was checked ----------------------------------------------------------------------------


def oldest_good(today: dt.date, months: int = CHECKED_EVERY_MONTHS) -> dt.date:
    """Return the day six months before `today`: what was checked before it is to be checked again.

    31 August has no day six months earlier by that number; it is the last of February.
    """
    index = today.year * 12 + today.month - 1 - months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def is_overdue(checked_on: dt.date | None, today: dt.date) -> bool:
    """Say whether a number must be checked: it never was, or more than six months ago."""
    return checked_on is None or checked_on < oldest_good(today)


def week_of(day: dt.date) -> str:
    """Return the ISO week, which is the reminders' period: "2026-W48"."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


# -- opening hours ----------------------------------------------------------------------------------------

_HOURS = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-\N{EN DASH}]\s*(\d{1,2})[.:](\d{2})")
MINUTES_A_DAY = 24 * 60


def minutes_of(hours: str) -> tuple[int, int] | None:
    """Return from and until in minutes of the day for "9.00-15.00", or None for an empty text (closed).

    Raises ValueError for what is not within one day, or ends before it begins.
    """
    if not hours.strip():
        return None
    found = _HOURS.fullmatch(hours.strip())
    if found is None:
        raise ValueError("not opening hours")
    h1, m1, h2, m2 = (int(part) for part in found.groups())
    begins, ends = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or ends > MINUTES_A_DAY or begins >= ends:
        raise ValueError("not opening hours")
    return begins, ends


def is_open(week: Sequence[str], moment: dt.datetime, *, is_holiday: bool) -> bool | None:
    """Say whether it is open at `moment`, local time; None when that is not known.

    `week` has the hours of Monday to Sunday. Without any there is no answer, nor on a public holiday, when even a
    number with the same hours every day may be closed.
    """
    if is_holiday or not any(day.strip() for day in week):
        return None
    hours = minutes_of(week[moment.weekday()])
    if hours is None:
        return False
    return hours[0] <= moment.hour * 60 + moment.minute < hours[1]


# -- the way to a card ------------------------------------------------------------------------------------

# The last is for who does not know, and gets the card of a person under 18: the duty to notify is strictest there.
UNDER_18, OVER_18, UNKNOWN = "under-18", "18-plus", "x"


@dataclass(frozen=True)
class Answer:
    """What a reader has said by following links: the person's age, and whether there is danger now."""

    age: str
    acute: bool

    @property
    def slug(self) -> str:
        """Return the last part of the address: the same in every language, and it says little to others."""
        return f"112-{self.age}" if self.acute else self.age

    @property
    def field(self) -> str:
        """Return the name of the situation's field that holds the card."""
        age = "over_18" if self.age == OVER_18 else "under_18"
        return f"acute_{age}" if self.acute else age


ANSWERS = tuple(Answer(age, acute) for acute in (True, False) for age in (UNDER_18, OVER_18, UNKNOWN))
ANSWER_OF = {answer.slug: answer for answer in ANSWERS}
