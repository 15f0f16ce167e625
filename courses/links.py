"""The links around a search: a chip for each choice, what to loosen when nothing is found, and the three views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courses.forms import ORDER, Choices
from courses.search import DAYS_FIELDS, Found
from vaern.design.formats import format_date


@dataclass(frozen=True)
class Chip:
    """One choice, and the address without it."""

    label: str
    value: str
    query: str


@dataclass(frozen=True)
class Loosened:
    """One thing to let go of, how many workshops that gives, and the address of them."""

    label: str
    query: str
    count: int


@dataclass(frozen=True)
class ViewLink:
    """One way to show what is found."""

    name: str
    label: str
    query: str
    current: bool


def chips(found: Found) -> list[Chip]:
    """Return the choices in the order of the form; the page number goes, since another number is found."""
    return [
        Chip(_label(found, name), _value(found, name), found.query(without=[name]))
        for name in ORDER
        if name in found.chosen
    ]


def loosened(found: Found) -> list[Loosened]:
    """Return what each condition let go of would give, the most first; only what gives something."""
    if found.entries:
        return []
    ways = []
    for condition, count in found.tally.without.items():
        names = DAYS_FIELDS if condition == "days" else (condition,)
        asked = [name for name in names if name in found.chosen]
        label = _("the period") if condition == "days" else _quoted(found, condition)
        ways.append(Loosened(label, found.query(without=asked), count))
    return sorted(ways, key=lambda way: (-way.count, way.label))


def view_links(found: Found, views: Choices, values: Mapping[str, str]) -> list[ViewLink]:
    """Return the views, with the filters kept."""
    current = found.chosen.get("view", "")
    return [
        ViewLink(name, str(label), found.query(view=values[name], without=["month"]), values[name] == current)
        for name, label in views
    ]


def _label(found: Found, name: str) -> str:
    return str(found.form.fields[name].label)


def _value(found: Found, name: str) -> str:
    if name == "free":
        return ""
    field: Any = found.form.fields[name]
    value = found.chosen[name]
    return format_date(field.to_python(value), "plain") if name in {"from", "to"} else found.names[name]


def _quoted(found: Found, name: str) -> str:
    value = _value(found, name)
    return f"{_label(found, name)}: {value}" if value else _label(found, name)
