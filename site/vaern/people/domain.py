"""The verb on schools: bring the list of schools in line with a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from vaern.audit.domain import record
from vaern.people.models import Organisation, School
from vaern.people.schoolfile import SchoolRow


@dataclass(frozen=True)
class SchoolImport:
    """What an import did, or would do: counts, and one line a change."""

    created: int
    changed: int
    unchanged: int
    changes: tuple[str, ...]


@dataclass(frozen=True)
class SchoolChange:
    """What a row does: the school as it is (None: a new one), and what the row says otherwise."""

    row: SchoolRow
    school: School | None
    differences: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Return "new", "changed" or "unchanged"."""
        return "new" if self.school is None else "changed" if self.differences else "unchanged"

    @property
    def said(self) -> str:
        """Return it as the command prints it."""
        return "new" if self.school is None else ", ".join(self.differences)


def compare_schools(rows: list[SchoolRow]) -> list[SchoolChange]:
    """Return what each row does to the schools that are here, in the rows' order. One query."""
    existing = {
        school.institution_number: school
        for school in School.objects.select_related("organisation").filter(
            institution_number__in=[row.number for row in rows]
        )
    }
    return [
        SchoolChange(row, school, tuple(_differences(school, row)) if school else ())
        for row in rows
        for school in [existing.get(row.number)]
    ]


@transaction.atomic
def import_schools(*, rows: list[SchoolRow], dry_run: bool = False, actor_id: int | None = None) -> SchoolImport:
    """Create and change schools so that they are as `rows` say; the institution number is the key (domain.md §1).

    All or nothing, and idempotent: the same rows again change nothing. Schools that are not in the file stay as they
    are, since a list can be an extract. A dry run reads, compares and writes nothing.
    """
    found = compare_schools(rows)
    news, changed = (sum(1 for each in found if each.kind == kind) for kind in ("new", "changed"))
    if not dry_run:
        for each in found:
            if each.school is None:
                _create(each.row)
            elif each.differences:
                _change(each.school, each.row)
    changes = [f"{each.row.number} {each.row.name}: {each.said}" for each in found if each.kind != "unchanged"]
    if changes and not dry_run:
        record(
            action="schools.imported",
            subject_type="schools",
            subject_key="",
            actor_id=actor_id,
            created=news,
            changed=changed,
        )
    return SchoolImport(news, changed, len(rows) - news - changed, tuple(changes))


def _create(row: SchoolRow) -> None:
    organisation = Organisation.objects.create(name=row.name, kind=Organisation.Kind.SCHOOL, active_to=row.closed_on)
    School.objects.create(organisation=organisation, institution_number=row.number, **_facts(row))


def _facts(row: SchoolRow) -> dict[str, str]:
    return {
        "institution_type": row.type_code,
        "institution_type_name": row.type_name,
        "postcode": row.postcode,
        "owner": row.owner,
    }


def _differences(school: School, row: SchoolRow) -> list[str]:
    """Return what the file says otherwise, as "name: old → new". A file without a closing date reopens nothing."""
    pairs: list[tuple[str, str | dt.date | None, str | dt.date | None]] = [
        ("name", school.organisation.name, row.name),
        *((name, getattr(school, name), value) for name, value in _facts(row).items() if value),
    ]
    if row.closed_on:
        pairs.append(("active_to", school.organisation.active_to, row.closed_on))
    return [f"{name}: {old} → {new}" for name, old, new in pairs if old != new]


def _change(school: School, row: SchoolRow) -> None:
    school.organisation.name = row.name
    if row.closed_on:
        school.organisation.active_to = row.closed_on
    school.organisation.save()
    for name, value in _facts(row).items():
        if value:
            setattr(school, name, value)
    school.save()
