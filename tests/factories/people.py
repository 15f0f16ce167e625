"""Schools and users."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.auth.models import Group

from vaern.people.models import Organisation, School, User
from vaern.people.roles import ROLES

_numbers = itertools.count(1)


def make_school(
    name: str = "Eksempelskolen", *, type_code: str = "1012", number: str = "", **fields: Any
) -> Organisation:
    """A school of the register; public unless `type_code` says otherwise (1013 is private)."""
    organisation = Organisation.objects.create(name=name, kind=Organisation.Kind.SCHOOL, **fields)
    School.objects.create(
        organisation=organisation,
        institution_number=number or f"9{next(_numbers):05d}",
        institution_type=type_code,
        institution_type_name={"1012": "Folkeskoler", "1013": "Friskoler og private grundskoler"}.get(type_code, ""),
    )
    return organisation


def make_user(role: str = "", email: str = "", **fields: Any) -> User:
    """A user with one role (a key of `people.roles`), whose group `setup_site` has made."""
    user = User.objects.create_user(email or f"person{next(_numbers)}@example.dk", **fields)
    if role:
        user.groups.add(Group.objects.get(name=ROLES[role].name))
    return user
