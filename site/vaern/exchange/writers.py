"""Rows to files, a piece at a time: CSV, XLSX and iCalendar. None holds more than a few hundred rows in memory.

The XLSX writer is our own: openpyxl's write-only sheets take three times as long (docs/decisions/0035).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from icalendar import Calendar, Event

from vaern.design.cells import harmless

Row = Sequence[Any]
BATCH = 500
LONGEST_CELL = 32_767  # Excel's own limit

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "csv-en": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
}


def suffix_of(form: str) -> str:
    """Return how the name of a file of this form ends."""
    return form.split("-", 1)[0]


def batches(rows: Iterable[Row], size: int = BATCH) -> Iterator[list[Row]]:
    """Yield the rows in lists of at most `size`."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


# -- CSV --------------------------------------------------------------------------------------------------


def csv_pieces(headings: Sequence[str], rows: Iterable[Row], *, for_excel: bool) -> Iterator[bytes]:
    """Yield a CSV file in UTF-8.

    `for_excel`: with a byte-order mark and semicolons, as Danish Excel opens it; else by RFC 4180.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if for_excel else ",", lineterminator="\r\n")
    if for_excel:
        text.write("\ufeff")
    writer.writerow([harmless(heading) for heading in headings])
    for batch in batches(rows):
        writer.writerows([_as_text(value) for value in row] for row in batch)
        yield _taken(text)
    rest = _taken(text)
    if rest:
        yield rest


def _as_text(value: Any) -> Any:
    """Return a cell: numbers as they are, and whatever else becomes text as text that no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return harmless(str(value))


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


# -- XLSX -------------------------------------------------------------------------------------------------

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_STATIC = {
    "[Content_Types].xml": (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    # Cell styles by number: 0 plain, 1 a day, 2 a day and a time, 3 the heading.
    "xl/styles.xml": (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's clock has no zone


class _Sink(io.RawIOBase):
    """Takes what the zip writes and gives it out again; nothing stays."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Say that it takes bytes; it cannot be sought in."""
        return True

    def write(self, piece: Any, /) -> int:
        """Keep a piece until it is taken."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """Return what has come since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def xlsx_pieces(title: str, headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield an XLSX file with one sheet: a bold heading that stays in sight, a filter, and typed cells."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in _STATIC.items():
            archive.writestr(name, content)
        archive.writestr("xl/workbook.xml", _workbook(title))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_sheet_head(headings).encode())
            count = 1
            for batch in batches(rows):
                count += len(batch)
                sheet.write("".join("<row>" + "".join(map(_cell, row)) + "</row>" for row in batch).encode())
                if piece := sink.taken():
                    yield piece
            last = f"{_letters(len(headings))}{count}"
            sheet.write(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>'.encode())
    yield sink.taken()


def _workbook(title: str) -> str:
    name = "".join(char for char in title if char not in "[]:*?/\\'")[:31] or "Ark 1"
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet_head(headings: Sequence[str]) -> str:
    cells = "".join(_cell(heading).replace("<c ", '<c s="3" ', 1) for heading in headings)
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{max(len(headings), 1)}" width="18" customWidth="1"/></cols>'
        f"<sheetData><row>{cells}</row>"
    )


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, dt.datetime):
        return f'<c s="2"><v>{(value.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1):.9f}</v></c>'
    if isinstance(value, dt.date):
        return f'<c s="1"><v>{(value - _EPOCH.date()).days}</v></c>'
    text = harmless(str(value))[:LONGEST_CELL]
    if "&" in text or "<" in text or ">" in text:
        text = escape(text)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(number: int) -> str:
    """Return a column's letters: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# -- iCalendar --------------------------------------------------------------------------------------------


def ics_pieces(title: str, rows: Iterable[Row], *, host: str, stamp: dt.datetime) -> Iterator[bytes]:
    """Yield a calendar (RFC 5545) of rows (uuid, starts, ends, title, place, status, sequence); the times aware."""
    calendar = Calendar()
    calendar.add("prodid", "-//Københavns Kommune//Værn//DA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    head, tail = calendar.to_ical().split(b"END:VCALENDAR", 1)
    yield head
    for batch in batches(rows):
        yield b"".join(_event(row, host, stamp) for row in batch)
    yield b"END:VCALENDAR" + tail


def _event(row: Row, host: str, stamp: dt.datetime) -> bytes:
    key, starts_at, ends_at, title, place, status, sequence = row
    event = Event()
    event.add("uid", f"{key}@{host}")
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("dtstart", starts_at.astimezone(dt.UTC))
    event.add("dtend", ends_at.astimezone(dt.UTC))
    event.add("summary", title)
    event.add("location", place)
    event.add("status", "CANCELLED" if status == "cancelled" else "CONFIRMED")
    event.add("sequence", sequence)
    return bytes(event.to_ical())
