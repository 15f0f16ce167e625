"""Reads of organisations."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from vaern.people.models import Organisation, SchoolGroup


def school_choices() -> list[tuple[Any, Any]]:
    """Return today's schools as choices (institution number, name), grouped as teachers think of them.

    A name that several schools carry gets its type behind it, since names are not unique (domain.md §1). Two queries.
    """
    today = timezone.localdate()
    group_of = SchoolGroup.objects.as_mapping(today)
    found = Organisation.objects.schools().on(today).exclude(school__isnull=True)
    schools = sorted(found, key=lambda school: danish_order(school.name))
    names = Counter(school.name for school in schools)
    headings: dict[str, list[tuple[str, str]]] = {
        _("Public schools"): [],
        _("Free and private schools"): [],
        _("Other schools"): [],
    }
    public, private, other = headings.values()
    lists = {SchoolGroup.Group.PUBLIC.value: public, SchoolGroup.Group.PRIVATE.value: private}
    for organisation in schools:
        facts = organisation.school
        name = organisation.name
        if names[name] > 1:
            name = f"{name} ({facts.institution_type_name or facts.institution_number})"
        lists.get(group_of.get(facts.institution_type, ""), other).append((facts.institution_number, name))
    return [(heading, choices) for heading, choices in headings.items() if choices]


def school_today(number: str) -> Organisation | None:
    """Return the school that `school_choices` offers under this institution number today, or None. One query."""
    if not (number.isascii() and number.isdigit()):
        return None
    found: Organisation | None = (
        Organisation.objects.schools().on(timezone.localdate()).filter(school__institution_number=number).first()
    )
    return found


# The three signs that follow z, so that "Zoskolen" stands before "Ægirs Skole".
_DANISH = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


def danish_order(text: str) -> str:
    """Return a key that sorts æ, ø, å last, which neither Python nor SQLite does by itself."""
    return text.casefold().translate(_DANISH)
