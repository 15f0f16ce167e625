"""Schools, organisations and users of the demo."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group

from vaern.demo.content import read, school_list
from vaern.people.domain import import_schools
from vaern.people.models import Administration, Organisation, SchoolGroup, User
from vaern.people.roles import ADMINISTRATOR, COORDINATOR, FACILITATOR, ROLES
from vaern.people.schoolfile import read_schools

CATEGORIES = {
    "leverandoer": Organisation.Category.SUPPLIER,
    "forening": Organisation.Category.ASSOCIATION,
    "uddannelse": Organisation.Category.EDUCATION,
    "boligorganisation": Organisation.Category.HOUSING,
}


def load_people() -> None:
    """Write schools, organisations and users that are missing; those that are there stay as they are."""
    known_types = set(SchoolGroup.objects.values_list("institution_type", flat=True))
    import_schools(rows=read_schools(school_list(), known_types=known_types).rows)
    for row in read("organisations")["organisation"]:
        Organisation.objects.get_or_create(
            name=row["name"], kind=row["kind"], defaults={"category": CATEGORIES[row["category"]]}
        )
    for row in read("people")["user"]:
        _write_user(row)


def _write_user(row: dict[str, Any]) -> None:
    """Create the user with a role's group, without a password: one signs in by a code in the demo mailbox."""
    if User.objects.filter(email__iexact=row["email"]).exists():
        return
    administrator = row["role"] == ADMINISTRATOR
    user = User.objects.create_user(
        row["email"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        is_staff=administrator,
        is_superuser=administrator,
        administration=Administration.objects.filter(code="BIF").first() if row["role"] == COORDINATOR else None,
    )
    user.groups.add(Group.objects.get(name=ROLES[row["role"]].name))


def organisations() -> dict[str, Organisation]:
    """Return the demo's organisations that are there, by their key in organisations.toml."""
    rows = read("organisations")["organisation"]
    found = {org.name: org for org in Organisation.objects.filter(name__in=[row["name"] for row in rows])}
    return {row["key"]: found[row["name"]] for row in rows if row["name"] in found}


def facilitators() -> list[User]:
    """Return the demo's facilitators, in the order of people.toml: the first is the one the README signs in as."""
    emails = [row["email"] for row in read("people")["user"] if row["role"] == FACILITATOR]
    return sorted(User.objects.filter(email__in=emails), key=lambda user: emails.index(user.email))


def coordinator() -> User | None:
    """Return the demo's coordinator."""
    email = next(row["email"] for row in read("people")["user"] if row["role"] == COORDINATOR)
    return User.objects.filter(email=email).first()
