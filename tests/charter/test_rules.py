"""Dates, numbers and canonical texts, as tables."""

from __future__ import annotations

import datetime as dt

import pytest

from charter.codes import ALPHABET, new_code, read, shown
from charter.prose import Block, Run, blocks, compare
from charter.rules import STEPS, Cover, canonical, cover, cvr_is_valid, may_renew, step_due, term_for, year_later

D = dt.date


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (D(2026, 11, 23), D(2027, 11, 23)),
        (D(2028, 2, 29), D(2029, 3, 1)),
        (D(2028, 2, 28), D(2029, 2, 28)),
        (D(2027, 2, 28), D(2028, 2, 28)),
        (D(2027, 3, 1), D(2028, 3, 1)),
        (D(2026, 12, 31), D(2027, 12, 31)),
    ],
)
def test_a_term_is_twelve_months(day: dt.date, until: dt.date) -> None:
    assert year_later(day) == until


@pytest.mark.parametrize(
    ("signed", "old_end", "allowed", "term"),
    [
        # The first day of the window, the day before it, the last day that is covered, and the first that is not.
        (D(2026, 9, 24), D(2026, 11, 23), True, (D(2026, 11, 23), D(2027, 11, 23))),
        (D(2026, 9, 23), D(2026, 11, 23), False, None),
        (D(2026, 11, 22), D(2026, 11, 23), True, (D(2026, 11, 23), D(2027, 11, 23))),
        (D(2026, 11, 23), D(2026, 11, 23), True, (D(2026, 11, 23), D(2027, 11, 23))),
        (D(2026, 11, 24), D(2026, 11, 23), True, (D(2026, 11, 24), D(2027, 11, 24))),
        (D(2028, 2, 20), D(2028, 2, 29), True, (D(2028, 2, 29), D(2029, 3, 1))),
        (D(2026, 11, 24), None, True, (D(2026, 11, 24), D(2027, 11, 24))),
    ],
)
def test_renewal(signed: dt.date, old_end: dt.date | None, allowed: bool, term: tuple[dt.date, dt.date] | None) -> None:
    assert may_renew(old_end, signed) is allowed
    if term:
        assert term_for(signed, old_end) == term


def test_how_a_partner_stands() -> None:
    end = D(2026, 11, 23)
    assert cover(None, end) == Cover.NONE
    assert cover(end, D(2026, 9, 23)) == Cover.COVERED
    assert cover(end, D(2026, 9, 24)) == Cover.LAPSING
    assert cover(end, D(2026, 11, 22)) == Cover.LAPSING
    assert cover(end, end) == Cover.LAPSED


def test_each_reminder_once_and_only_the_last_after_an_outage() -> None:
    end, told, sent = D(2027, 1, 30), set(), []
    for day in range(-70, 30):
        step, missed = step_due(end, end + dt.timedelta(days=day), told)
        if step is not None:
            sent.append((day, step))
            told.update(missed)
    assert sent == [(step, step) for step in STEPS]
    assert step_due(end, end - dt.timedelta(days=10), set()) == (-14, [-60, -30, -14])
    assert step_due(end, end - dt.timedelta(days=10), {-60, -30, -14}) == (None, [])
    assert step_due(end, end + dt.timedelta(days=15), set())[0] is None


def test_cvr_numbers() -> None:
    assert cvr_is_valid("64942212")
    assert [cvr_is_valid(bad) for bad in ("64942213", "6494221", "649422120", "00000000", "6494221x", "٦٤٩٤٢٢١٢")] == [
        False
    ] * 6


def test_canonical_bytes_do_not_depend_on_how_it_was_typed() -> None:
    assert canonical("Å ", "En\r\nto  \n\n") == canonical("A\u030a", "En\nto")
    assert canonical("Å", "En\nto") == "Å\n\nEn\nto\n".encode()
    assert canonical("Å", "En to") != canonical("Å", "En\nto")


def test_blocks_and_differences() -> None:
    assert blocks("Et\nafsnit\n\n## Navn\n\n- a\n- b") == [
        Block("paragraph", "Et afsnit"),
        Block("heading", "Navn"),
        Block("list", items=("a", "b")),
    ]
    assert compare("A b c.\n\nSamme.", "A x c.\n\nSamme.") == [
        (Run("same", "A "), Run("removed", "b"), Run("added", "x"), Run("same", " c."))
    ]
    assert compare("Samme.", "Samme.") == []


def test_verification_codes_find_a_wrong_character() -> None:
    code = new_code()
    assert len(code) == 17
    assert read(shown(code).lower()) == code
    assert read(code.replace("0", "o").replace("1", "l")) == code
    for place in range(17):
        for char in ALPHABET:
            if char != code[place]:
                assert read(code[:place] + char + code[place + 1 :]) == ""
