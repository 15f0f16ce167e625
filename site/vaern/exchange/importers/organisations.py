"""Schools from the national register's file or from our own template: `people` reads and writes them."""

from __future__ import annotations

import csv
import io

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.exchange.changes import CHANGED, ERROR, NEW, UNCHANGED, Preview, Undo, keep_or_undo
from vaern.exchange.importers.base import Importer
from vaern.exchange.models import ImportBatch
from vaern.exchange.tables import Column, lines_of
from vaern.people.domain import SchoolChange, compare_schools, import_schools
from vaern.people.models import SchoolGroup
from vaern.people.schoolfile import BadRow, UnreadableFile, read_schools

FIELDS = {
    "name": gettext_lazy("Name"),
    "institution_type": gettext_lazy("Type number"),
    "institution_type_name": gettext_lazy("Type"),
    "postcode": gettext_lazy("Postcode"),
    "owner": gettext_lazy("Owner"),
    "active_to": gettext_lazy("Active until"),
}

COLUMNS = [
    Column(
        "number", "institutionsnummer", gettext_lazy("The register’s number of the school, six digits."), "101001", True
    ),
    Column("name", "navn", gettext_lazy("The school’s name."), "Eksempelskolen", True),
    Column("type", "institutionstype_nr", gettext_lazy("The register’s code for the type, e.g. 1012."), "1012", True),
    Column("type_name", "institutionstype", gettext_lazy("The name of the type."), "Folkeskoler"),
    Column("postcode", "postnr", gettext_lazy("Four digits."), "2200"),
    Column("owner", "ejer", gettext_lazy("Who owns it."), "Kommunal"),
]


def run(
    content: bytes,
    *,
    actor_id: int | None,
    write: bool,
    expected: Preview | None = None,
    batch: ImportBatch | None = None,
) -> Preview:
    """Bring the schools in line with the file; see `Importer`."""
    known_types = set(SchoolGroup.objects.values_list("institution_type", flat=True))
    if not known_types:
        raise UnreadableFile(_("The table of school types is empty. An administrator fills it in first."))
    reading = read_schools(_as_csv(content), known_types=known_types)
    preview = Preview(passed_over=reading.passed_over)
    try:
        with transaction.atomic():
            rows: list[BadRow | SchoolChange] = [*reading.bad, *compare_schools(reading.rows)]
            for row in sorted(rows, key=_line):
                _add(preview, row)
            if write and not preview.errors:
                import_schools(rows=reading.rows, actor_id=actor_id)
            keep_or_undo(preview, write=write, expected=expected)
    except Undo:
        pass
    return preview


def _line(row: BadRow | SchoolChange) -> int:
    return row.line if isinstance(row, BadRow) else row.row.line


def _add(preview: Preview, row: BadRow | SchoolChange) -> None:
    if isinstance(row, BadRow):
        preview.add(row.line, ERROR, "", [f"{row.why[:1].upper()}{row.why[1:]}."])
        return
    kind = {"new": NEW, "changed": CHANGED, "unchanged": UNCHANGED}[row.kind]
    details = []
    for difference in row.differences:
        name, _colon, rest = difference.partition(": ")
        details.append(f"{FIELDS.get(name, name)}: {rest}")
    preview.add(row.row.line, kind, f"{row.row.number} {row.row.name}", details)


def _as_csv(content: bytes) -> bytes:
    """Return a spreadsheet, or a file with commas, as CSV with semicolons; each row keeps its line."""
    if not content.startswith(b"PK\x03\x04") and b";" in content.split(b"\n", 1)[0]:
        return content
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    written = 0
    for number, cells in lines_of(content):
        text.write("\n" * (number - 1 - written))
        writer.writerow(cells)
        written = number
    return text.getvalue().encode()


ORGANISATIONS = Importer(
    "organisations",
    gettext_lazy("Schools"),
    gettext_lazy(
        "The national register’s file as it is downloaded, or our own template. The institution number is the key; "
        "schools that are not in the file stay as they are."
    ),
    "people.add_organisation",
    COLUMNS,
    run,
)
