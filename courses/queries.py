"""Reads of the catalogue. They take the query set, so that the page model can call them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page

from vaern.pages.access import closed
from vaern.people.queries import danish_order


def public(workshops: QuerySet[Any]) -> QuerySet[Any]:
    """Return the workshops that anybody may read: live, under live pages, and not behind a restriction of any of them.

    Not Wagtail's `public()`, which reads all restrictions first: a query more on every page.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = Page.objects.annotate(below=path).filter(below__startswith=F("path"))
    hidden = above.filter(live=False, depth__lt=OuterRef("depth"))
    return workshops.filter(~Exists(hidden), ~closed(), live=True)


def in_language(workshops: QuerySet[Any], language: str) -> QuerySet[Any]:
    """Return the public workshops to list for readers of `language`, in Danish where one has no translation."""
    readable = public(workshops)
    own = Q(locale__language_code=language)
    if language == settings.LANGUAGE_CODE:
        return readable.filter(own)
    translated = readable.filter(own, translation_key=OuterRef("translation_key"))
    return readable.filter(own | (Q(locale__language_code=settings.LANGUAGE_CODE) & ~Exists(translated)))


class Entry(NamedTuple):
    """One workshop in the catalogue's index: what it is found and sorted by, and no more."""

    pk: int
    key: uuid.UUID
    title: str
    audience: str
    grade_from: int | None
    grade_to: int | None
    place: str
    languages: list[str]
    published: Any
    positions: tuple[int, ...] = ()


INDEXED = (
    "pk",
    "translation_key",
    "title",
    "audience",
    "grade_from",
    "grade_to",
    "place",
    "languages",
    "first_published_at",
)


def catalogue_index(workshops: QuerySet[Any], stems: Iterable[str] = ()) -> list[Entry]:
    """Return the index of these workshops in the editors' order, with each stem's place in their text. One query."""
    places = {f"stem_{number}": StrIndex("search_text", Value(stem)) for number, stem in enumerate(stems)}
    rows = workshops.annotate(**places).order_by("path").values_list(*INDEXED, *places)
    size = len(INDEXED)
    return [Entry._make([*row[:size], tuple(row[size:])]) for row in rows]


@dataclass
class Terms:
    """Subjects and themes: their choices, and which workshop has which."""

    choices: dict[str, list[tuple[str, str]]]
    of: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def names_of(self, pk: int) -> list[str]:
        """Return the names of a workshop's terms in the reader's language."""
        return [
            name
            for kind, choices in self.choices.items()
            for key, name in choices
            if key in self.of.get(kind, {}).get(pk, ())
        ]


def terms(**kinds: tuple[QuerySet[Any], QuerySet[Any], str]) -> Terms:
    """Return the terms of each kind with the workshops that have them: {kind: (terms, links, the link's column)}.

    One query: names and links are two halves of one union.
    """
    name = _name_column()
    parts = []
    for kind, (rows, links, column) in kinds.items():
        named = rows.order_by().annotate(kind=Value(kind), page=Value(0))
        parts.append(named.values_list("kind", "pk", "page", "key", name))
        linked = links.order_by().annotate(kind=Value(kind), no_key=Value(""), no_name=Value(""))
        parts.append(linked.values_list("kind", column, "workshoppage_id", "no_key", "no_name"))
    names: dict[str, dict[int, tuple[str, str]]] = {kind: {} for kind in kinds}
    pairs: list[tuple[str, int, int]] = []
    first, *others = parts
    for kind, pk, page, key, label in first.union(*others, all=True):
        if page:
            pairs.append((kind, pk, page))
        else:
            names[kind][pk] = (key, label)
    of: dict[str, dict[int, list[str]]] = {kind: defaultdict(list) for kind in kinds}
    for kind, pk, page in pairs:
        if pk in names[kind]:
            of[kind][page].append(names[kind][pk][0])
    choices = {kind: sorted(found.values(), key=lambda term: danish_order(term[1])) for kind, found in names.items()}
    return Terms(choices, of)


def term_choices(**kinds: QuerySet[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return {kind: [(key, name in the reader's language)]} for several kinds of terms, in one query."""
    name = _name_column()
    first, *others = [
        terms.order_by().annotate(kind=Value(kind)).values_list("kind", "key", name) for kind, terms in kinds.items()
    ]
    choices: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    for kind, key, label in sorted(first.union(*others), key=lambda row: danish_order(row[2])):
        choices[kind].append((key, label))
    return choices


def _name_column() -> str:
    return "name_en" if get_language() == "en" else "name_da"


def page_urls(pages: Iterable[Any], request: HttpRequest) -> dict[int, str]:
    """Return {pk: whole address}. Pages of one catalogue differ in their slug alone: each catalogue is asked once."""
    above: dict[str, str] = {}
    urls = {}
    for page in pages:
        parent = page.url_path.removesuffix(f"{page.slug}/")
        if parent not in above:
            own = request.build_absolute_uri(page.get_url(request) or "/")
            above[parent] = own.removesuffix(f"{page.slug}/")
        urls[page.pk] = f"{above[parent]}{page.slug}/"
    return urls


def translated(workshop: Any, language: str) -> Any:
    """Return the workshop's live page in `language`, or else the page itself; no query for Danish."""
    if language == settings.LANGUAGE_CODE:
        return workshop
    return workshop.get_translations().filter(live=True, locale__language_code=language).first() or workshop
