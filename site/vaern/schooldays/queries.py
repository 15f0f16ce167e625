"""Which days are closed, and what they are called."""

from __future__ import annotations

import datetime as dt

from vaern.design.formats import in_danish
from vaern.schooldays.models import SchoolHoliday
from vaern.schooldays.rules import FURTHEST, public_holidays


def closed_before(day: dt.date) -> frozenset[dt.date]:
    """Return the days of school holidays within a year before `day`. One query."""
    first = day - dt.timedelta(days=FURTHEST + 1)
    return frozenset(
        row.first_day + dt.timedelta(days=number)
        for row in SchoolHoliday.objects.within(first, day)
        for number in range((row.last_day - row.first_day).days + 1)
    )


def closed_on(day: dt.date) -> str:
    """Return what closes the schools on a day in the reader's language, or nothing. At most one query."""
    holiday = public_holidays(day.year, "da" if in_danish() else "en_US").get(day)
    if holiday:
        return holiday
    row = SchoolHoliday.objects.within(day, day).first()
    return row.name if row else ""
