"""Files that go out: what a spreadsheet and a calendar read in them."""

# ruff: noqa: DTZ001 - a spreadsheet has no zone
from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from icalendar import Calendar
from openpyxl import load_workbook

from vaern.design.cells import harmless
from vaern.exchange.writers import csv_pieces, ics_pieces, xlsx_pieces

ATTACKS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠A",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_of_any_file_is_a_formula(attack: str) -> None:
    assert harmless(attack).startswith("'")
    for excel in (True, False):
        written = b"".join(csv_pieces(["A"], [[attack]], for_excel=excel)).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=";" if excel else ","))
        assert rows[1][0] == harmless(attack)
    cell = sheet(["A"], [[attack]])[1][0]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


class Named:
    """Something that is written by its name."""

    def __str__(self) -> str:
        return "=1+1"


def test_whatever_becomes_text_is_made_harmless() -> None:
    row = [Named(), gettext_lazy("=1+1"), -1, -1.5, Decimal("-2.5"), dt.date(2026, 3, 29), None]
    written = b"".join(csv_pieces(["A"], [row], for_excel=True)).decode("utf-8-sig")
    assert written.splitlines()[1] == "'=1+1;'=1+1;-1;-1.5;-2.5;2026-03-29;"


def test_ordinary_text_is_left_alone() -> None:
    for text in ("7.B", "Åse Ødegård", "a=1", "👩‍🏫 lærer", "", "1 - 2"):
        assert harmless(text) == text


def sheet(headings: list[str], rows: list[list[Any]]) -> list[Any]:
    content = b"".join(xlsx_pieces("Prøve/ark: [1]", headings, rows))
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows())


def test_a_sheet_holds_typed_cells() -> None:
    moment, day = dt.datetime(2027, 1, 1, 0, 30), dt.date(2026, 3, 29)
    rows = sheet(["Æ", "B", "C", "D", "E", "F", "G"], [["<&>\"'", 24, None, moment, day, True, 1.5]])
    assert [cell.value for cell in rows[0]] == ["Æ", "B", "C", "D", "E", "F", "G"]
    assert rows[0][0].font.b is True
    shown = [cell.value for cell in rows[1]]
    assert shown == ["<&>\"'", 24, None, moment, dt.datetime(2026, 3, 29), True, 1.5]
    assert rows[1][4].is_date


def test_a_sheet_without_rows_and_with_odd_signs_is_still_a_sheet() -> None:
    assert [cell.value for cell in sheet(["A"], [])[0]] == ["A"]
    assert sheet(["A"], [["a\x00\x0bb\ud800\uffff"]])[1][0].value == "ab"


def test_danish_excel_and_others_get_their_own_csv() -> None:
    rows = [["Æ;ø", "a,b", 'sagde "ja"', dt.datetime(2026, 3, 29, 9, 5), None]]
    danish = b"".join(csv_pieces(["Én"], rows, for_excel=True))
    assert danish == '\ufeffÉn\r\n"Æ;ø";a,b;"sagde ""ja""";2026-03-29 09:05;\r\n'.encode()
    plain = b"".join(csv_pieces(["Én"], rows, for_excel=False))
    assert plain == 'Én\r\nÆ;ø,"a,b","sagde ""ja""",2026-03-29 09:05,\r\n'.encode()


def test_a_calendar_is_read_back() -> None:
    start = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)
    rows = [
        ("x-1", start, start + dt.timedelta(hours=1), "Kilder; og, mere", "Sal 1", state, 2)
        for state in ("planned", "cancelled")
    ]
    content = b"".join(ics_pieces("Datoer", rows, host="example.dk", stamp=start))
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [(str(e["UID"]), str(e["SUMMARY"]), e["DTSTART"].dt, str(e["STATUS"])) for e in events] == [
        ("x-1@example.dk", "Kilder; og, mere", start, "CONFIRMED"),
        ("x-1@example.dk", "Kilder; og, mere", start, "CANCELLED"),
    ]
