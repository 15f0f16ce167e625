"""Finding workshops: from what an address asks for to what is found, for page, feeds and export alike."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.functional import Promise

from courses.dates import Match, Part, Wanted, date_facts
from courses.facets import Row, Tally, tally
from courses.forms import SHOWN_AS, CatalogueFilterForm, Choices
from courses.periods import Days, days_of
from courses.queries import Entry, Terms, catalogue_index, in_language, terms
from courses.words import fold, score, stems
from vaern.pages.grades import HIGHEST
from vaern.people.queries import danish_order

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
COUNTED = ("audience", "grade", "subject", "theme", "place", "language")
# Which fields of the address say one thing together.
DAYS_FIELDS = ("period", "from", "to")


@dataclass(frozen=True)
class Sources:
    """Where the catalogue is read from; the page models hand it over."""

    workshops: QuerySet[Any]
    terms: Mapping[str, tuple[QuerySet[Any], QuerySet[Any], str]]
    choices: Mapping[str, Choices]


@dataclass
class Found:
    """What was asked for, and what there is."""

    chosen: dict[str, str]
    left_out: list[str | Promise]
    form: CatalogueFilterForm
    entries: list[Entry]
    tally: Tally
    wanted: Wanted
    matches: Mapping[uuid.UUID, Match] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[uuid.UUID]:
        """Return the translation keys of the workshops that were found, in the order asked for."""
        return [entry.key for entry in self.entries]

    @property
    def filters(self) -> dict[str, str]:
        """Return what narrows the search, without how it is shown."""
        return {name: value for name, value in self.chosen.items() if name not in SHOWN_AS}

    @property
    def feed_query(self) -> str:
        """Return the filters as they stand in the address of a feed."""
        return self.query(without=SHOWN_AS)

    def query(self, *, without: Iterable[str] = (), **changes: str) -> str:
        """Return the address's query, canonical: known fields in the form's order, with `changes` (empty: gone)."""
        left_out = set(without)
        told = {name: value for name, value in {**self.chosen, **changes}.items() if value and name not in left_out}
        order: dict[Any, int] = {name: place for place, name in enumerate(self.form.fields)}
        return urlencode(sorted(told.items(), key=lambda pair: order.get(pair[0], len(order))))


def find(data: Mapping[str, Any], sources: Sources, *, language: str, now: dt.datetime) -> Found:
    """Return what is found for the fields of an address, for readers of `language`. Two queries, three with dates."""
    known = terms(**sources.terms)
    choices = {**sources.choices, **known.choices}
    asked = CatalogueFilterForm(_last_values(data), choices=choices)
    chosen = asked.chosen()
    words, grades = stems(chosen.get("q", ""), language)
    entries = catalogue_index(in_language(sources.workshops, language), words)
    today = now.astimezone(COPENHAGEN).date()
    wanted = wanted_dates(chosen, today)
    with_dates = bool(wanted.parts) or chosen.get("sort") == "next"
    matches = date_facts().matches(wanted, now=now) if with_dates else {}
    judge = _Judge(chosen, words, grades, known, wanted, matches)
    counted = tally((judge.row(entry) for entry in entries), COUNTED)
    if not counted.items and wanted.parts:
        # Only then is it asked which part of the dates stands in the way; nothing else is read for an empty page.
        judge = replace(judge, near=date_facts().near_matches(wanted, now=now))
        counted = tally((judge.row(entry) for entry in entries), COUNTED)
    form = CatalogueFilterForm(chosen, choices=choices)
    names = {name: form.label_of(name, value) for name, value in chosen.items()}
    form.count(counted.counts)
    return Found(
        chosen=chosen,
        left_out=asked.left_out(),
        form=form,
        entries=in_order(counted.items, chosen.get("sort", ""), words, matches),
        tally=counted,
        wanted=wanted,
        matches=matches,
        names=names,
    )


def _last_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return one value a field: the last, as browsers and Django have it."""
    return {name: data[name] for name in data}


def wanted_dates(chosen: Mapping[str, str], today: dt.date) -> Wanted:
    """Return what is asked of dates; a quick choice and days of one's own hold together."""
    own = Days(*(dt.date.fromisoformat(chosen[name]) if name in chosen else None for name in ("from", "to")))
    return Wanted(
        days=days_of(chosen.get("period", ""), today).also(own),
        free="free" in chosen,
        district=chosen.get("district", ""),
    )


# Which condition of the tally a part of the dates is.
_PART_NAMES = {Part.DAYS: "days", Part.FREE: "free", Part.DISTRICT: "district"}


@dataclass(frozen=True)
class _Judge:
    """Says of one workshop what it has, and what keeps it out."""

    chosen: Mapping[str, str]
    words: list[str]
    grades: list[int]
    terms: Terms
    wanted: Wanted
    matches: Mapping[uuid.UUID, Match]
    near: Mapping[uuid.UUID, frozenset[Part]] = field(default_factory=dict)

    def row(self, entry: Entry) -> Row:
        values = {
            "audience": (entry.audience,),
            "grade": _GRADES.get((entry.grade_from, entry.grade_to), ()),
            "subject": self.terms.of["subject"].get(entry.pk, ()),
            "theme": self.terms.of["theme"].get(entry.pk, ()),
            "place": (entry.place,),
            "language": entry.languages,
        }
        misses = [name for name in COUNTED if name in self.chosen and self.chosen[name] not in values[name]]
        if "q" in self.chosen and not self._says(entry, values["grade"]):
            misses.append("q")
        dates_fit, without = self._dates(entry)
        if dates_fit:
            return Row(entry, values, not misses, misses if len(misses) == 1 else ())
        return Row(entry, values, False, () if misses else [_PART_NAMES[part] for part in without])

    def _says(self, entry: Entry, grades: Any) -> bool:
        """Say whether every word is in the workshop's text or among the names of its terms, and it takes the grades."""
        if any(str(grade) not in grades for grade in self.grades):
            return False
        missing = [word for word, place in zip(self.words, entry.positions, strict=True) if not place]
        if not missing:
            return True
        names = fold(" ".join(self.terms.names_of(entry.pk)))
        return all(word in names for word in missing)

    def _dates(self, entry: Entry) -> tuple[bool, Iterable[Part]]:
        """Say whether it has the dates that are wanted, and otherwise which part of it stands in the way alone."""
        parts = self.wanted.parts
        if not parts:
            return True, ()
        if entry.key in self.matches:
            return True, ()
        if parts == (Part.DISTRICT,):
            # Whoever comes to the school comes to every district, also without a fixed date.
            return entry.place == AT_SCHOOL, parts
        return False, parts if len(parts) == 1 else self.near.get(entry.key, ())


AT_SCHOOL = "school"
_GRADES: dict[tuple[int | None, int | None], tuple[str, ...]] = {
    (low, high): tuple(str(grade) for grade in range(low, high + 1))
    for low in range(HIGHEST + 1)
    for high in range(low, HIGHEST + 1)
}


def in_order(entries: list[Entry], sort: str, words: list[str], matches: Mapping[uuid.UUID, Match]) -> list[Entry]:
    """Return the entries as asked for: by next date, title, age or grade; without a wish the best first, else ours."""
    if sort == "title":
        return sorted(entries, key=lambda entry: danish_order(entry.title))
    if sort == "newest":
        # Pages are numbered as they are made; a draft is as new as the day it was first published.
        return sorted(entries, key=lambda entry: (entry.published is not None, entry.published, entry.pk), reverse=True)
    if sort == "grade":
        return sorted(entries, key=lambda entry: (entry.grade_from is None, entry.grade_from or 0, entry.grade_to or 0))
    if sort == "next":
        return sorted(entries, key=lambda entry: _next_first(matches.get(entry.key)))
    if words:
        scores = {entry.pk: score(entry.title, list(entry.positions), words) for entry in entries}
        return sorted(entries, key=lambda entry: scores[entry.pk], reverse=True)
    return entries


def _next_first(match: Match | None) -> tuple[int, float]:
    """Sort what can be booked first, then what has dates, then what has none."""
    if match is None or match.next is None:
        return 2, 0.0
    return (0 if match.bookable else 1), match.next.timestamp()
