"""What the plan's versions go by: numbers, the four years of the law, and the warning before they end. No database."""

from __future__ import annotations

import datetime as dt
from enum import Enum

# Barnets lov § 15, stk. 3: the plan is revised at least every four years.
LONGEST_YEARS = 4
WARNING_MONTHS = 6

Number = tuple[int, int]
FIRST: Number = (1, 0)


class Due(Enum):
    """How near the next revision is."""

    LATER = "later"
    SOON = "soon"
    OVERDUE = "overdue"


def next_number(last: Number | None, *, material: bool) -> Number:
    """Return the number of the next version: a material change is a new major version, an editorial one a minor.

    The first version is 1.0 whatever its kind.

    >>> next_number((2, 1), material=True), next_number((2, 1), material=False)
    ((3, 0), (2, 2))
    """
    if last is None:
        return FIRST
    major, minor = last
    return (major + 1, 0) if material else (major, minor + 1)


def latest_revision(adopted_on: dt.date) -> dt.date:
    """Return the last day on which the plan must be revised: four years after its adoption.

    A plan adopted on 29 February is due on the last day of February.

    >>> latest_revision(dt.date(2024, 3, 1)).isoformat()
    '2028-03-01'
    """
    return add_months(adopted_on, 12 * LONGEST_YEARS)


def warn_from(revision_due_on: dt.date) -> dt.date:
    """Return the day on which those responsible are told: six months before the revision is due."""
    return add_months(revision_due_on, -WARNING_MONTHS)


def due(revision_due_on: dt.date, today: dt.date) -> Due:
    """Say how near the next revision is. The day it is due is not yet too late."""
    if today > revision_due_on:
        return Due.OVERDUE
    return Due.SOON if today >= warn_from(revision_due_on) else Due.LATER


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day of another month, or its last day where that month is shorter.

    >>> add_months(dt.date(2026, 8, 31), -6).isoformat()
    '2026-02-28'
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def letter(position: int) -> str:
    """Return the letter of a card by its position from 1: A to Z, then AA.

    >>> [letter(position) for position in (1, 26, 27)]
    ['A', 'Z', 'AA']
    """
    letters = ""
    while position > 0:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
