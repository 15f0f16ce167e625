"""What overlaps, and which dates a rule gives."""

from __future__ import annotations

import datetime as dt

import pytest

from vaern.workspace.domain.views import kept_query
from vaern.workspace.rules import Clash, Slot, clashes, dates_by_rule, percent_full, place_key

NINE = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)


def slot(pk: int, start: int, end: int, *people: int, place: str = "") -> Slot:
    return Slot(pk, NINE + dt.timedelta(minutes=start), NINE + dt.timedelta(minutes=end), frozenset(people), place)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (
            slot(1, 0, 90, 7),
            slot(2, 30, 60, 7, 8),
            {1: [Clash(2, frozenset({7}), False)], 2: [Clash(1, frozenset({7}), False)]},
        ),
        (slot(1, 0, 90, 7), slot(2, 90, 120, 7), {}),
        (slot(1, 0, 90, 7), slot(2, 0, 90, 8), {}),
        (slot(1, 0, 90), slot(2, 0, 90), {}),
        (
            slot(1, 0, 90, place="sal 2"),
            slot(2, 89, 120, place="sal 2"),
            {1: [Clash(2, frozenset(), True)], 2: [Clash(1, frozenset(), True)]},
        ),
        (slot(1, 0, 90, place="sal 2"), slot(2, 0, 120, place="sal 3"), {}),
    ],
)
def test_clashes(first: Slot, second: Slot, found: dict[int, list[Clash]]) -> None:
    assert clashes([first, second]) == found
    assert clashes([second, first]) == found


def test_a_long_session_meets_all_that_are_within_it() -> None:
    found = clashes([slot(1, 0, 300, 7), slot(2, 10, 20, 7), slot(3, 30, 40, 7), slot(4, 300, 310, 7)])
    assert {pk: [clash.other for clash in met] for pk, met in found.items()} == {1: [2, 3], 2: [1], 3: [1]}


@pytest.mark.parametrize(
    ("place", "link", "key"),
    [
        (" Sal  2 ", "", "sal 2"),
        ("SAL 2", "", "sal 2"),
        ("Online", "", ""),
        ("Sal 2", "https://example.org/", ""),
        ("", "", ""),
    ],
)
def test_places_that_are_the_same(place: str, link: str, key: str) -> None:
    assert place_key(place, link) == key


@pytest.mark.parametrize(
    ("weekdays", "every", "days"),
    [
        ({0}, 1, [7, 14, 21, 28]),
        ({0, 2}, 2, [2, 14, 16, 28, 30]),
        ({1}, 4, [1, 29]),
        (set(), 1, []),
    ],
)
def test_dates_of_december_by_rule(weekdays: set[int], every: int, days: list[int]) -> None:
    first, last = dt.date(2026, 12, 1), dt.date(2026, 12, 31)
    assert dates_by_rule(first, last, weekdays=weekdays, every=every) == [dt.date(2026, 12, day) for day in days]


def test_a_rule_gives_no_more_than_the_most() -> None:
    found = dates_by_rule(dt.date(2026, 1, 1), dt.date(2026, 12, 31), weekdays=set(range(7)), every=1, most=5)
    assert found == [dt.date(2026, 1, day) for day in range(1, 6)]


def test_a_rule_that_never_comes_again_is_an_error() -> None:
    with pytest.raises(ValueError, match="every week"):
        dates_by_rule(dt.date(2026, 1, 1), dt.date(2026, 1, 2), weekdays={0}, every=0)


@pytest.mark.parametrize(
    ("taken", "capacity", "percent"), [(27, 28, 96), (28, 28, 100), (0, 28, 0), (3, None, None), (0, 0, None)]
)
def test_how_full(taken: int, capacity: int | None, percent: int | None) -> None:
    assert percent_full(taken, capacity) == percent


def test_a_view_keeps_filters_in_one_form() -> None:
    assert kept_query("p=3&status=&need=waiting&q=k%C3%B8n&_w_filter_fragment=1") == "need=waiting&q=k%C3%B8n"
    assert kept_query("q=k%C3%B8n&need=waiting") == kept_query("need=waiting&q=k%C3%B8n&p=2")
