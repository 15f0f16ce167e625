"""Deadlines, pure: so many working days before a session at a time of the clock in Copenhagen (domain.md §3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from vaern.design.formats import COPENHAGEN
from vaern.schooldays.rules import working_day_before

NOON = dt.time(12)


@dataclass(frozen=True)
class Rule:
    """When registration closes and until when a booker may cancel; 0 working days is the start of the session."""

    close_days: int = 0
    close_clock: dt.time = NOON
    cancel_days: int = 5
    cancel_clock: dt.time = NOON
    reminder_days: int = 7


def deadline(starts_at: dt.datetime, *, days: int, clock: dt.time, closed: Collection[dt.date] = ()) -> dt.datetime:
    """Return the moment `days` working days before the session's day at `clock`, never after its start, in UTC.

    `closed` are days that are no working days beside weekends and public holidays: the school holidays.
    """
    if days == 0:
        return starts_at.astimezone(dt.UTC)
    day = working_day_before(starts_at.astimezone(COPENHAGEN).date(), days, closed)
    return min(at(day, clock), starts_at).astimezone(dt.UTC)


def at(day: dt.date, clock: dt.time) -> dt.datetime:
    """Return a day and a time of the clock in Copenhagen as a moment in UTC.

    An hour that the clocks skip is the hour after it; one that they show twice is the first.
    """
    return dt.datetime.combine(day, clock, tzinfo=COPENHAGEN).astimezone(dt.UTC)


def days_before(moment: dt.datetime, days: int, clock: dt.time) -> dt.datetime:
    """Return `clock` on the day `days` ordinary days before a moment's day in Copenhagen, in UTC."""
    return at(moment.astimezone(COPENHAGEN).date() - dt.timedelta(days=days), clock)
