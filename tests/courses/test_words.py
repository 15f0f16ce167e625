"""How words are made comparable, what a period means, and how a catalogue is counted."""

from __future__ import annotations

import datetime as dt

import pytest

from courses.facets import Row, tally
from courses.periods import Days, Period, days_of, summer_begins
from courses.words import danish_stem, english_stem, fold, score, stems


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("underretningerne", "underretning"),
        ("undersøgelserne", "undersøg"),
        ("indtage", "indtag"),
        ("indtaget", "indtag"),
        ("indtil", "indtil"),
        ("kildekritikken", "kildekritik"),
        ("ekstremismen", "ekstremism"),
        ("ekstremisme", "ekstremism"),
        ("skolernes", "skol"),
        ("fællesskaberne", "fællesskab"),
        ("fællesskab", "fællesskab"),
        ("venlighed", "ven"),
        ("løst", "løst"),
        ("arbejdsløst", "arbejdsløs"),
        ("en", "en"),
        ("å", "å"),
    ],
)
def test_danish_stems(word: str, stem: str) -> None:
    assert danish_stem(word) == stem


@pytest.mark.parametrize(
    ("word", "stem"), [("sources", "sourc"), ("source", "sourc"), ("class", "class"), ("as", "as")]
)
def test_english_stems(word: str, stem: str) -> None:
    assert english_stem(word) == stem


@pytest.mark.parametrize(
    ("query", "words", "grades"),
    [
        ("Kilder 7. klasse", ["kild"], [7]),
        ("7.kl", [], [7]),
        ("8 klassetrin rygter", ["rygt"], [8]),
        ("7.-9. klasse", [], [7, 9]),
        ("rygter 7.\N{EN DASH}9. klassetrin", ["rygt"], [7, 9]),
        ("7. til 9. klasse", [], [7, 9]),
        ("4/5 kl. kilder", ["kild"], [4, 5]),
        ("10. klasserne", [], [10]),
        ("112 klasse", ["112", "klas"], []),
        ("kilder kilderne", ["kild"], []),
        ("", [], []),
        ("!", ["!"], []),
        ("a b c d e f g h i j k", list("abcdefgh"), []),
    ],
)
def test_what_is_looked_for(query: str, words: list[str], grades: list[int]) -> None:
    assert stems(query, "da") == (words, grades)


def test_grades_in_english() -> None:
    assert stems("7th grade rumours", "en") == (["rumour"], [7])
    assert stems("grade 7", "en") == ([], [7])
    assert stems("grades 7-9 rumours", "en") == (["rumour"], [7, 9])
    assert stems("7th and 8th grades", "en") == ([], [7, 8])


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ÆRØ", "ærø"), ("Idé", "ide"), ("A\N{COMBINING RING ABOVE}ben", "åben"), ("Straße", "strasse")],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_title_counts_more_than_a_text_and_a_beginning_more_than_a_middle() -> None:
    start, middle, text = (
        score("Kilder", [1], ["kild"]),
        score("Billedkilder", [7], ["kild"]),
        score("X", [9], ["kild"]),
    )
    assert start > middle > text
    assert score("X", [9], ["kild"]) > score("X", [90], ["kild"])


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        (Period.DAYS_30, "2026-11-23", "2026-11-23", "2026-12-23"),
        (Period.BEFORE_CHRISTMAS, "2026-11-23", "2026-11-23", "2026-12-23"),
        (Period.BEFORE_CHRISTMAS, "2026-12-23", "2026-12-23", "2026-12-23"),
        (Period.BEFORE_CHRISTMAS, "2026-12-24", "2026-12-24", "2027-12-23"),
        (Period.BEFORE_SUMMER, "2026-11-23", "2026-11-23", "2027-06-25"),
        (Period.BEFORE_SUMMER, "2027-06-25", "2027-06-25", "2027-06-25"),
        (Period.BEFORE_SUMMER, "2027-06-26", "2027-06-26", "2028-06-23"),
        (Period.NEXT_SCHOOL_YEAR, "2026-11-23", "2027-08-01", "2028-07-31"),
        (Period.NEXT_SCHOOL_YEAR, "2027-08-01", "2028-08-01", "2029-07-31"),
    ],
)
def test_quick_choices(period: str, today: str, first: str, last: str) -> None:
    day = dt.date.fromisoformat
    assert days_of(period, day(today)) == Days(day(first), day(last))


def test_no_choice_is_no_limit() -> None:
    assert not days_of("", dt.date(2026, 11, 23))


@pytest.mark.parametrize(
    ("year", "day"), [(2025, 28), (2026, 27), (2027, 26), (2028, 24), (2030, 29), (2029, 30)]
)  # the last Saturday of June
def test_summer_begins(year: int, day: int) -> None:
    assert summer_begins(year) == dt.date(year, 6, day)


def test_two_periods_hold_together() -> None:
    day = dt.date
    own = Days(day(2026, 12, 1), None)
    assert Days(day(2026, 11, 1), day(2026, 12, 24)).also(own) == Days(day(2026, 12, 1), day(2026, 12, 24))


def test_counting() -> None:
    rows = [
        Row("a", {"grade": ("7", "8")}, fits=True),
        Row("b", {"grade": ("9",)}, fits=False, loose=("grade",)),
        Row("c", {"grade": ("7",)}, fits=False, loose=("days", "free")),
        Row("d", {"grade": ("9",)}, fits=False),
    ]
    found = tally(rows, ["grade"])
    assert found.items == ["a"]
    assert found.counts == {"grade": {"7": 1, "8": 1, "9": 1}}
    assert found.without == {"grade": 1, "days": 1, "free": 1}
