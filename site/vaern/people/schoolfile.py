"""Read a list of schools: our own extract, or the national register's CSV as it is downloaded. No database here."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

COPENHAGEN_NUMBER = "101"
MAX_BYTES = 20 * 1024 * 1024


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text says why, in one sentence."""


@dataclass(frozen=True)
class SchoolRow:
    """One school as the file says it."""

    number: str
    name: str
    type_code: str
    type_name: str = ""
    postcode: str = ""
    owner: str = ""
    closed_on: dt.date | None = None
    line: int = field(default=0, compare=False)  # where it stands in the file


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read: its line in the file (the heading is line 1) and why."""

    line: int
    why: str


@dataclass
class Reading:
    """What a file holds: good rows, bad rows, and how many of the register's rows are no school of Copenhagen's."""

    rows: list[SchoolRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: int = 0


# Column names (folded) of the two layouts, by our own field names.
OWN_COLUMNS = {
    "number": "institutionsnummer",
    "name": "navn",
    "type_code": "institutionstype_nr",
    "type_name": "institutionstype",
    "postcode": "postnr",
    "owner": "ejer",
}
REGISTER_COLUMNS = {
    "number": ("institutionsnummer",),
    "name": ("institutionsnavn",),
    "type_code": ("type nr", "institutionstype nr", "institutionstypenr", "institutionstype nummer"),
    "type_name": ("type navn", "institutionstype navn", "institutionstypenavn", "institutionstype"),
    "postcode": ("postnummer", "postnr"),
    "owner": ("ejerkode navn", "ejerkodenavn", "ejerkode"),
    "municipality": ("beliggenhedskommune", "administrativ kommune"),
    "closed_on": ("nedlæggelsesdato", "nedlaeggelsesdato"),
}


def read_schools(data: bytes, *, known_types: set[str]) -> Reading:
    """Read a CSV file with `;`, in any of the encodings that `decoded` knows.

    In the register's layout, rows of other municipalities and of types outside `known_types` are passed over; in
    our own layout an unknown type is an error. Raises UnreadableFile when there is no sense in the file at all.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 20 MB, which no list of schools is."))
    text = decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        heading = next(reader, [])
        take, is_register = _layout(heading)
        return _read(_numbered(reader), take, len(heading), is_register=is_register, known_types=known_types)
    except csv.Error as error:
        text = _("The file is not a valid CSV file (line %(line)s): %(error)s.")
        raise UnreadableFile(text % {"line": reader.line_num, "error": error}) from error


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8 with or without a mark, UTF-16 with one, or Windows-1252 as old Excel saves it.

    Raises UnreadableFile for what is no text.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
        break
    raise UnreadableFile(_("The file holds NUL characters, so it is not a CSV file."))


Take = Callable[[list[str]], dict[str, str]]


def _layout(heading: list[str]) -> tuple[Take, bool]:
    """Return how to take a row's fields, and whether it is the register's own layout."""
    places = {_fold(name): index for index, name in reversed(list(enumerate(heading)))}
    if OWN_COLUMNS["name"] in places:
        wanted: Mapping[str, tuple[str, ...]] = {key: (name,) for key, name in OWN_COLUMNS.items()}
    elif "institutionsnavn" in places:
        wanted = REGISTER_COLUMNS
    else:
        raise UnreadableFile(
            _("The first line names neither our columns (institutionsnummer;navn;…) nor the register's.")
        )
    found = {key: next((places[name] for name in names if name in places), None) for key, names in wanted.items()}
    missing = [key for key in ("number", "name", "type_code") if found.get(key) is None]
    if missing:
        names = ", ".join(wanted[key][0] for key in missing)
        raise UnreadableFile(_("The first line lacks a column: %(names)s.") % {"names": names})
    columns = {key: index for key, index in found.items() if index is not None}
    return (lambda cells: {key: cells[index].strip() for key, index in columns.items()}), wanted is REGISTER_COLUMNS


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on, as an editor shows it: a quoted field can hold line breaks."""
    begins = reader.line_num + 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _read(
    lines: Iterator[tuple[int, list[str]]], take: Take, width: int, *, is_register: bool, known_types: set[str]
) -> Reading:
    reading = Reading()
    seen: dict[str, int] = {}
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        # A last empty field is often left out by spreadsheets; more or fewer than that is a broken row.
        padded = cells + [""] * (width - len(cells)) if len(cells) == width - 1 else cells
        if len(padded) != width:
            reading.bad.append(
                BadRow(
                    line,
                    _("has %(cells)s fields, and the heading has %(width)s") % {"cells": len(cells), "width": width},
                )
            )
            continue
        values = take(padded)
        if is_register and not _is_ours(values, known_types):
            reading.passed_over += 1
            continue
        row, why = _checked(values, known_types, line)
        if row is None:
            reading.bad.append(BadRow(line, why))
        elif row.number in seen:
            why = _("institution number %(number)s stands on line %(line)s too")
            reading.bad.append(BadRow(line, why % {"number": row.number, "line": seen[row.number]}))
        else:
            seen[row.number] = line
            reading.rows.append(row)
    return reading


def _is_ours(values: dict[str, str], known_types: set[str]) -> bool:
    """Say whether a row of the register is a school in Copenhagen; the register writes the city's name in two ways."""
    municipality = _fold(values.get("municipality", "")).removesuffix(" kommune")
    in_copenhagen = municipality in {"københavn", "københavns", COPENHAGEN_NUMBER}
    return in_copenhagen and values["type_code"] in known_types


def _checked(values: dict[str, str], known_types: set[str], line: int) -> tuple[SchoolRow | None, str]:
    """Return the row, or None and why not."""
    name, postcode = values["name"], values.get("postcode", "")
    closed_on = _date(values.get("closed_on", ""))
    type_code = values["type_code"]
    faults = {
        _("the institution number must have six digits"): not re.fullmatch(r"[0-9]{6}", values["number"]),
        _("the name is missing"): not name,
        _("the name is longer than 200 characters or holds line breaks"): len(name) > 200
        or any(unicodedata.category(char) == "Cc" for char in name),
        _("the institution type “%(code)s” is not in the table of school types") % {"code": type_code[:20]}: type_code
        not in known_types,
        _("the postcode must have four digits"): bool(postcode) and not re.fullmatch(r"[0-9]{4}", postcode),
        _("the closing date is not a date"): closed_on is INVALID,
    }
    for why, found in faults.items():
        if found:
            return None, why
    return SchoolRow(
        number=values["number"],
        name=name,
        type_code=type_code,
        type_name=values.get("type_name", "")[:100],
        postcode=postcode,
        owner=values.get("owner", "")[:60],
        closed_on=closed_on,
        line=line,
    ), ""


INVALID = dt.date.min


def _date(text: str) -> dt.date | None:
    """Return a date written as 31-12-2026, 31.12.2026 or 2026-12-31; None when empty, INVALID when no date."""
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return INVALID


def _fold(text: str) -> str:
    return " ".join(text.strip().casefold().split())
