"""Status and suppression, as tables (domain.md §5)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from vaern.goals.measures import school_year
from vaern.goals.models import Goal, GoalYear
from vaern.goals.rules import Status, shown, status

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.mark.parametrize(
    ("value", "possible", "high", "over", "unreported", "expected"),
    [
        (100, 100, None, False, 0, Status.MET),
        (100, 100, None, True, 0, Status.MET),
        (500, 500, None, True, 0, Status.MET),
        (99, 100, None, False, 0, Status.ON_THE_WAY),
        (0, 100, None, False, 0, Status.ON_THE_WAY),
        (99, 99, None, False, 0, Status.BEHIND),
        (0, 0, None, False, 9, Status.BEHIND),
        (99, 99, None, True, 0, Status.NOT_MET),
        (99, 99, None, True, 3, Status.NOT_MET),
        (99, 100, None, True, 1, Status.UNKNOWN),
        (99, 100, None, True, 0, Status.NOT_MET),
        (100, 100, 120, False, 0, Status.MET),
        (120, 120, 120, False, 0, Status.MET),
        (121, 121, 120, False, 0, Status.MET_ABOVE),
        (121, 121, 120, True, 5, Status.MET_ABOVE),
        (99, 200, 120, False, 0, Status.ON_THE_WAY),
    ],
)
def test_how_a_goal_of_100_stands(
    *, value: int, possible: int, high: int | None, over: bool, unreported: int, expected: Status
) -> None:
    found = status(value=value, possible=possible, low=100, high=high, over=over, unreported=unreported)
    assert found is expected


@pytest.mark.parametrize(
    ("number", "public"), [(0, 0), (1, None), (2, None), (3, None), (4, None), (5, 5), (6, 6), (4000, 4000)]
)
def test_small_numbers_of_persons_are_hidden(number: int, public: int | None) -> None:
    assert shown(number) == public


@pytest.mark.parametrize(
    ("kind", "starts", "ends"),
    [
        ("calendar", dt.datetime(2025, 12, 31, 23, tzinfo=dt.UTC), dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC)),
        ("school", dt.datetime(2026, 7, 31, 22, tzinfo=dt.UTC), dt.datetime(2027, 7, 31, 22, tzinfo=dt.UTC)),
    ],
)
def test_a_year_begins_and_ends_at_midnight_in_copenhagen(kind: str, starts: dt.datetime, ends: dt.datetime) -> None:
    year = GoalYear(goal=Goal(year_kind=kind), year=2026, low=1)
    assert (year.starts, year.ends) == (starts, ends)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.datetime(2026, 7, 31, 23, 59, tzinfo=COPENHAGEN), 2025),
        (dt.datetime(2026, 8, 1, 0, 0, tzinfo=COPENHAGEN), 2026),
        (dt.datetime(2026, 7, 31, 22, 0, tzinfo=dt.UTC), 2026),
        (dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC), 2026),
        (dt.datetime(2027, 1, 1, 12, 0, tzinfo=dt.UTC), 2026),
    ],
)
def test_school_years_begin_in_august(day: dt.datetime, expected: int) -> None:
    assert school_year(day) == expected
