"""A roll as a file: written to be filled in in a spreadsheet, and read back. No database, no clock."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook

from bookings.domain.attendance import LineReport, PersonReport, Report
from bookings.forms.fields import MAX_ADULTS, MAX_PUPILS
from bookings.models import AttendanceRecord
from bookings.roll import Roll, Subject
from bookings.rules import fold
from vaern.design.cells import harmless

LARGEST = 1024 * 1024
LARGEST_UNPACKED = 20 * LARGEST
MOST_ROWS = 2000
MOST_CELLS = 40

# A column in Danish and English; either is understood, in any order, whatever language the reader has.
COLUMNS = {
    "number": ("Nr.", "No."),
    "who": ("Hvem", "Who"),
    "booked": ("Tilmeldt", "Booked"),
    "pupils": ("Elever til stede", "Pupils present"),
    "adults": ("Voksne til stede", "Adults present"),
    "present": ("Til stede (ja/nej)", "Present (yes/no)"),
    "reason": ("Ikke gennemført, fordi", "Did not take place, because"),
}
NEEDED = ("number",)
YES, NO = {"ja", "yes", "j", "y", "1", "x"}, {"nej", "no", "n", "0"}
LETTER = {"line": "K", "person": "P"}
CODE = re.compile(r"([KP])-?([0-9]{1,12})", re.IGNORECASE)


class UnreadableFile(Exception):
    """The file is none that can be read; the text says what is wrong with it and what to do."""


@dataclass(frozen=True)
class RowProblem:
    """A row of the file, counted as a spreadsheet counts it, and what is wrong in it."""

    number: int
    text: str


@dataclass(frozen=True)
class Checked:
    """What a file says: reports when every row is right, else the problems. `empty` rows say nothing."""

    reports: list[Report]
    problems: list[RowProblem]
    empty: int = 0


def code_of(subject: Subject) -> str:
    """Return the number that a line of the roll has on paper and in a file."""
    kind, pk = subject
    return f"{LETTER[kind]}-{pk}"


# -- writing ----------------------------------------------------------------------------------------------------


def rows_of(roll: Roll, *, english: bool) -> list[list[str | int]]:
    """Return the roll as a table with its header and with what is known; only names, no addresses."""
    rows: list[list[str | int]] = [[names[english] for names in COLUMNS.values()]]
    for subject, row in roll.subjects.items():
        record = roll.last(subject)
        reason = str(record.get_reason_display()) if record else ""
        if subject[0] == "line":
            line: Any = row
            who = f"{line.label}, {line.booking.school_name}"
            booked = f"{line.pupils} + {line.adults}"
            numbers = [_known(record, "pupils_present"), _known(record, "adults_present"), ""]
        elif subject[0] == "person":
            who, booked = str(getattr(row, "name", "")) or _("A place without a name"), "1"
            numbers = ["", "", _presence(record, english=english)]
        else:
            continue
        rows.append([code_of(subject), harmless(who), booked, *numbers, reason])
    return rows


def _known(record: AttendanceRecord | None, name: str) -> str | int:
    value = getattr(record, name) if record else None
    return "" if value is None else int(value)


def _presence(record: AttendanceRecord | None, *, english: bool) -> str:
    if record is None or record.persons_present is None:
        return ""
    words = ("no", "yes") if english else ("nej", "ja")
    return words[min(record.persons_present, 1)]


def as_csv(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a table as CSV for a Danish spreadsheet: UTF-8 with a mark, semicolons."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a table as a workbook; text stays text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Værn")
    for width, column in ((10, "A"), (44, "B"), (12, "C"), (16, "D"), (16, "E"), (20, "F"), (30, "G")):
        sheet.column_dimensions[column].width = width
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# -- reading ----------------------------------------------------------------------------------------------------


def read_table(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file or of a workbook's first sheet, header first. Raises UnreadableFile."""
    if len(content) > LARGEST:
        raise UnreadableFile(_("The file is larger than 1 MB. Send the list of one session only."))
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    rows = _workbook(content) if content.startswith(b"PK") else _csv(content)
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(_("The file has more than %(rows)s rows.") % {"rows": MOST_ROWS})
    return rows


def _workbook(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise UnreadableFile(_("The file is too large when it is unpacked."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_CELLS, values_only=True)
        return [[_cell(value) for value in row] for row in rows]
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file makes it stumble over
        raise UnreadableFile(_("The file cannot be read as a spreadsheet. Save it again as XLSX or CSV.")) from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.splitlines()[0] if text.splitlines() else ""
    delimiter = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFile(_("The file is not a right CSV file. Save it again from your spreadsheet.")) from error
    return [[cell.strip() for cell in row] for row in rows]


def _decoded(content: bytes) -> str:
    """Return the text in whichever encoding a spreadsheet saves it in."""
    encodings = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFile(_("The file's letters cannot be read. Save it again as CSV UTF-8 or as XLSX."))


def check(rows: list[list[str]], roll: Roll) -> Checked:
    """Return what the rows say of the roll: all of it or, with a single wrong row, none. Raises UnreadableFile."""
    header = _header(rows[0])
    reports: list[Report] = []
    problems: list[RowProblem] = []
    seen: dict[Subject, int] = {}
    empty = 0
    for number, cells in enumerate(rows[1:], start=2):
        row = {name: cells[place] if place < len(cells) else "" for name, place in header.items()}
        if not any(cells):
            continue
        try:
            subject = _subject(row["number"], roll)
            if subject in seen:
                raise ValueError(
                    _("%(code)s stands in row %(row)s already.") % {"code": code_of(subject), "row": seen[subject]}
                )
            seen[subject] = number
            report = _class(subject, row, roll) if subject[0] == "line" else _person(subject, row, roll)
        except ValueError as error:
            problems.append(RowProblem(number, str(error)))
            continue
        if report is None:
            empty += 1
        else:
            reports.append(report)
    return Checked([] if problems else reports, problems, empty)


def _header(cells: list[str]) -> dict[str, int]:
    folded = [fold(cell) for cell in cells]
    found = {
        name: folded.index(fold(title)) for name, titles in COLUMNS.items() for title in titles if fold(title) in folded
    }
    if not all(name in found for name in NEEDED) or len(found) < 2:
        raise UnreadableFile(
            _("The first row must have the columns' names, as in the template: %(names)s.")
            % {"names": ", ".join(titles[0] for titles in COLUMNS.values())}
        )
    return found


def _subject(written: str, roll: Roll) -> Subject:
    match = CODE.fullmatch(written.strip())
    if not written.strip():
        raise ValueError(_("The number of the line is missing. Write those without a booking on the session's page."))
    kind = {"K": "line", "P": "person"}[match[1].upper()] if match else ""
    subject = kind, int(match[2]) if match else 0
    if subject not in roll.subjects:
        raise ValueError(_("“%(code)s” is not on this session's list.") % {"code": written[:20]})
    return subject


def _class(subject: Subject, row: dict[str, str], roll: Roll) -> Report | None:
    reason = _reason(row.get("reason", ""))
    pupils = _number(row.get("pupils", ""), MAX_PUPILS, _("pupils present"))
    adults = _number(row.get("adults", ""), MAX_ADULTS, _("adults present"))
    if reason and (pupils is not None or adults is not None):
        raise ValueError(_("Write either numbers or a reason, not both."))
    if not reason and pupils is None and adults is None:
        return None
    if not reason and (pupils is None or adults is None):
        raise ValueError(_("Write both pupils and adults. Write 0 if nobody came."))
    record = roll.last(subject)
    return LineReport(subject[1], not reason, pupils, adults, reason, seen_id=record.pk if record else None)


def _person(subject: Subject, row: dict[str, str], roll: Roll) -> Report | None:
    reason = _reason(row.get("reason", ""))
    written = fold(row.get("present", ""))
    if written and written not in YES | NO:
        raise ValueError(_("Write yes or no, not “%(text)s”.") % {"text": row["present"][:20]})
    if reason and written:
        raise ValueError(_("Write either yes or no or a reason, not both."))
    if not reason and not written:
        return None
    record = roll.last(subject)
    return PersonReport(subject[1], written in YES, reason, seen_id=record.pk if record else None)


def _number(written: str, largest: int, name: str) -> int | None:
    if not written:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", written) or int(written) > largest:
        raise ValueError(
            _("“%(text)s” is no number of %(name)s (0 to %(largest)s).")
            % {"text": written[:20], "name": name, "largest": largest}
        )
    return int(written)


# Both languages' words for a reason, and its key.
REASON_WORDS = {
    "class": ("klassen meldte afbud", "the class cancelled"),
    "facilitator": ("underviseren kunne ikke komme", "the facilitator could not come"),
    "nobody": ("ingen mødte op", "nobody came"),
    "other": ("andet", "something else"),
}


def _reason(written: str) -> str:
    if not written:
        return ""
    told = {fold(str(label)): key for key, label in AttendanceRecord.Reason.choices}
    told |= {fold(word): key for key, words in REASON_WORDS.items() for word in (*words, key)}
    try:
        return told[fold(written)]
    except KeyError:
        raise ValueError(
            _("“%(text)s” is none of the reasons: %(reasons)s.")
            % {"text": written[:40], "reasons": ", ".join(str(label) for label in AttendanceRecord.Reason.labels)}
        ) from None
