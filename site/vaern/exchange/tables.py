"""Read a table from CSV or XLSX, and the cells in it. No database here.

Files come from Danish Excel, from the national register and from other programs: UTF-8, UTF-16 or Windows-1252, with
semicolons, commas or tabs.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from vaern.design.formats import COPENHAGEN
from vaern.exchange.writers import csv_pieces, xlsx_pieces
from vaern.people.schoolfile import UnreadableFile, decoded

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 150 * 1024 * 1024
MAX_CELL = 2000


# What openpyxl and zipfile raise for a file that is no spreadsheet or a broken one: its XML (SyntaxError), parts that
# are missing (KeyError), cut off (EOFError), locked with a password (RuntimeError) or not as the schema has them
# (TypeError, AttributeError), and days that no calendar has (OverflowError).
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    AttributeError,
    EOFError,
    KeyError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class BadCell(Exception):
    """A cell cannot be read; the text says why, naming the column."""


@dataclass(frozen=True)
class Column:
    """A column: its heading in our template, other headings it is known by, and what it holds."""

    key: str
    heading: str
    text: str | Promise
    example: str
    required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass
class TableRow:
    """A row of the file by column key, with its number as an editor or a spreadsheet shows it."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def text(self, column: Column, *, longest: int = 200) -> str:
        """Return a cell as text; raises BadCell when it is missing though required, or too long."""
        value = self.values.get(column.key, "")
        if column.required and not value:
            raise BadCell(_("%(column)s is missing.") % {"column": column.heading})
        if len(value) > longest:
            raise BadCell(
                _("%(column)s is longer than %(longest)s characters.") % {"column": column.heading, "longest": longest}
            )
        return value

    def number_of(self, column: Column, *, most: int = 10_000) -> int | None:
        """Return a whole number from 0 to `most`, or None for an empty cell that may be empty."""
        value = self.text(column)
        if not value:
            return None
        plain = value.removesuffix(".0").removesuffix(",0")
        if not (plain.isascii() and plain.isdigit() and int(plain) <= most):
            raise BadCell(
                _("%(column)s must be a whole number from 0 to %(most)s, not “%(value)s”.")
                % {"column": column.heading, "most": most, "value": value[:20]}
            )
        return int(plain)

    def day(self, column: Column) -> dt.date | None:
        """Return a date written as 31-12-2026, 31.12.2026, 31/12/2026 or 2026-12-31, or None."""
        value = self.text(column)
        if not value:
            return None
        for form in ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"):
            try:
                return dt.datetime.strptime(value.split(" ")[0], form).date()  # noqa: DTZ007 - a date has no zone
            except ValueError:
                continue
        raise BadCell(
            _("%(column)s must be a date such as 31-12-2026, not “%(value)s”.")
            % {"column": column.heading, "value": value[:20]}
        )

    def clock(self, column: Column) -> dt.time | None:
        """Return a time of the clock written as 9:00, 09.00 or 9, or None."""
        value = self.text(column)
        if not value:
            return None
        found = re.fullmatch(r"(?:\d{4}-\d\d-\d\d )?(\d{1,2})(?:[:.](\d\d)(?:[:.]\d\d)?)?", value)
        if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
            raise BadCell(
                _("%(column)s must be a time such as 10:30, not “%(value)s”.")
                % {"column": column.heading, "value": value[:20]}
            )
        return dt.time(int(found[1]), int(found[2] or 0))


def moment(day: dt.date, clock: dt.time) -> dt.datetime:
    """Return the moment that Copenhagen's clock shows it. Raises BadCell for the two hours a year that are in doubt."""
    there = dt.datetime.combine(day, clock, COPENHAGEN)
    if there.astimezone(dt.UTC).astimezone(COPENHAGEN).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise BadCell(
            _("%(time)s does not exist: the clock is put forward then.") % {"time": f"{there:%d-%m-%Y %H:%M}"}
        )
    if there.utcoffset() != there.replace(fold=1).utcoffset():
        raise BadCell(
            _("%(time)s comes twice: the clock is put back then. Choose another time.")
            % {"time": f"{there:%d-%m-%Y %H:%M}"}
        )
    return there.astimezone(dt.UTC)


def read_table(content: bytes, columns: Sequence[Column], *, most: int) -> list[TableRow]:
    """Return the rows under the heading. Raises UnreadableFile when the file makes no sense as a whole.

    A row that has more cells than the heading carries a `problem`; empty rows are left out.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 10 MB. Divide it into several."))
    lines = lines_of(content)
    rows: list[TableRow] = []
    places: dict[str, int] | None = None
    for number, cells in lines:
        if not any(cells):
            continue
        if places is None:
            places = _places(cells, columns)
            width = len(cells)
            continue
        if len(rows) >= most:
            raise UnreadableFile(_("The file has more than %(most)s rows. Divide it into several.") % {"most": most})
        row = TableRow(number, {key: cells[at] if at < len(cells) else "" for key, at in places.items()})
        if any(cells[width:]):
            row.problem = _("The row has %(cells)s cells, and the heading has %(width)s.") % {
                "cells": len(cells),
                "width": width,
            }
        elif any(len(value) > MAX_CELL for value in row.values.values()):
            row.problem = _("A cell is too long.")
        rows.append(row)
    if places is None:
        raise UnreadableFile(_("The file is empty."))
    if not rows:
        raise UnreadableFile(_("The file has a heading and no rows."))
    return rows


def lines_of(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield (number, cells) of a CSV or XLSX file. Raises UnreadableFile."""
    return _sheet_lines(content) if content.startswith(b"PK\x03\x04") else _csv_lines(decoded(content))


def _places(cells: list[str], columns: Sequence[Column]) -> dict[str, int]:
    headings = [_folded(cell) for cell in cells]
    places: dict[str, int] = {}
    for column in columns:
        for name in (column.heading, *column.aliases):
            if _folded(name) in headings:
                places[column.key] = headings.index(_folded(name))
                break
    missing = [column.heading for column in columns if column.required and column.key not in places]
    if missing:
        raise UnreadableFile(
            _("The first row lacks a column: %(columns)s. Use our template.") % {"columns": ", ".join(missing)}
        )
    return places


def _folded(text: str) -> str:
    return re.sub(r"[\s_\-.]+", "", text.casefold())


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, [_plain(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(_("The file is not a valid CSV file (line %(line)s).") % {"line": begins}) from error


def _plain(cell: str) -> str:
    """Return a cell without what our own export put before it to make it harmless."""
    text = " ".join(cell.replace("\u00a0", " ").split())
    return text[1:] if text.startswith("'") and text[1:2] in {"=", "+", "-", "@"} else text


def _sheet_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableFile(_("The file is too large when it is unpacked."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except UnreadableFile:
        raise
    except UNREADABLE as error:
        raise UnreadableFile(_("The Excel file cannot be read. Save it again as XLSX or as CSV.")) from error
    try:
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_cell(value) for value in cells]
    except (IndexError, *UNREADABLE) as error:
        raise UnreadableFile(_("The Excel file cannot be read. Save it again as XLSX or as CSV.")) from error
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _plain(str(value))


def template_file(columns: Sequence[Column], form: str) -> bytes:
    """Return a file with our headings and a row of examples."""
    headings, example = [column.heading for column in columns], [column.example for column in columns]
    if form == "xlsx":
        return b"".join(xlsx_pieces(_("Template"), headings, [example]))
    return b"".join(csv_pieces(headings, [example], for_excel=True))
