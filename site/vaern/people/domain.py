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


@transaction.atomic
def import_schools(*, rows: list[SchoolRow], dry_run: bool = False, actor_id: int | None = None) -> SchoolImport:
    """Create and change schools so that they are as `rows` say; the institution number is the key (domain.md §1).

    All or nothing, and idempotent: the same rows again change nothing. Schools that are not in the file stay as they
    are, since a list can be an extract. A dry run reads, compares and writes nothing.
    """
    existing = {
        school.institution_number: school
        for school in School.objects.select_related("organisation").filter(
            institution_number__in=[row.number for row in rows]
        )
    }
    created, changes, changed = 0, [], 0
    for row in rows:
        school = existing.get(row.number)
        if school is None:
            created += 1
            changes.append(f"{row.number} {row.name}: new")
            if not dry_run:
                _create(row)
            continue
        differences = _differences(school, row)
        if differences:
            changed += 1
            changes.append(f"{row.number} {row.name}: {', '.join(differences)}")
            if not dry_run:
                _change(school, row)
    if changes and not dry_run:
        record(
            action="schools.imported",
            subject_type="schools",
            subject_key="",
            actor_id=actor_id,
            created=created,
            changed=changed,
        )
    return SchoolImport(created, changed, len(rows) - created - changed, tuple(changes))


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
