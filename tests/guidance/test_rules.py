"""The decisions about numbers, checks and hours, as tables."""

from __future__ import annotations

import datetime as dt

import pytest

from vaern.design.formats import COPENHAGEN
from vaern.guidance.rules import ANSWERS, is_open, is_overdue, minutes_of, normal_phone, oldest_good, week_of


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("41 74 90 90", "+4541749090"),
        ("41749090", "+4541749090"),
        ("+45 41 74 90 90", "+4541749090"),
        ("0045 4174 9090", "+4541749090"),
        ("(41) 74-90.90", "+4541749090"),
        ("112", "112"),
        ("1 14", "114"),
        ("116 111", "116111"),
        ("+46 8 123 456 78", "+46812345678"),
    ],
)
def test_numbers_are_stored_as_they_are_rung(typed: str, stored: str) -> None:
    assert normal_phone(typed) == stored
    assert normal_phone(stored) == stored


@pytest.mark.parametrize("typed", ["", "12", "4174909", "417490901", "+45 123", "ring", "4174909x", "++4541749090"])
def test_what_cannot_be_rung_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a telephone number"):
        normal_phone(typed)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (dt.date(2026, 11, 23), dt.date(2026, 5, 23)),
        (dt.date(2026, 8, 31), dt.date(2026, 2, 28)),
        (dt.date(2028, 8, 30), dt.date(2028, 2, 29)),
        (dt.date(2026, 3, 1), dt.date(2025, 9, 1)),
        (dt.date(2026, 6, 30), dt.date(2025, 12, 30)),
    ],
)
def test_six_months_ago(today: dt.date, day: dt.date) -> None:
    assert oldest_good(today) == day
    assert not is_overdue(day, today)
    assert is_overdue(day - dt.timedelta(days=1), today)


def test_never_checked_is_overdue() -> None:
    assert is_overdue(None, dt.date(2026, 11, 23))
    assert not is_overdue(dt.date(2026, 11, 23), dt.date(2026, 11, 23))


def test_weeks_are_of_the_iso_year() -> None:
    assert (week_of(dt.date(2026, 11, 23)), week_of(dt.date(2027, 1, 1))) == ("2026-W48", "2026-W53")


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [("9.00-15.00", (540, 900)), ("8:30 – 9:00", (510, 540)), ("0.00-24.00", (0, 1440)), ("", None), ("  ", None)],
)
def test_hours(hours: str, minutes: tuple[int, int] | None) -> None:
    assert minutes_of(hours) == minutes


@pytest.mark.parametrize("hours", ["9-15", "15.00-9.00", "9.00-9.00", "9.60-10.00", "0.00-24.01", "22.00-2.00", "nu"])
def test_hours_that_cannot_be_compared_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match="not opening hours"):
        minutes_of(hours)


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=COPENHAGEN)  # type: ignore[misc, arg-type]


WEEK = ["9.00-15.00"] * 5 + ["", ""]


@pytest.mark.parametrize(
    ("moment", "holiday", "answer"),
    [
        (at(2026, 11, 23, 9, 0), False, True),
        (at(2026, 11, 23, 8, 59), False, False),
        (at(2026, 11, 23, 14, 59), False, True),
        (at(2026, 11, 23, 15, 0), False, False),
        (at(2026, 11, 22, 12, 0), False, False),
        (at(2026, 12, 25, 12, 0), True, None),
    ],
)
def test_open(moment: dt.datetime, holiday: bool, answer: bool | None) -> None:
    assert is_open(WEEK, moment, is_holiday=holiday) is answer


def test_without_hours_nothing_is_said() -> None:
    assert is_open([""] * 7, at(2026, 11, 23, 9, 0), is_holiday=False) is None


def test_every_answer_has_an_address_and_a_field() -> None:
    assert [(answer.slug, answer.field) for answer in ANSWERS] == [
        ("112-under-18", "acute_under_18"),
        ("112-18-plus", "acute_over_18"),
        ("112-x", "acute_under_18"),
        ("under-18", "under_18"),
        ("18-plus", "over_18"),
        ("x", "under_18"),
    ]
