"""What a reader finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL

from vaern.pages.access import closed
from vaern.search import rules
from vaern.search.models import Entry, Miss, Synonym
from vaern.search.rules import Term

MOST_FOUND = 500
# From the best place to look to the least: a title says what a page is about.
_SQLITE_RANK = "bm25(search_entry_fts, 20.0, 4.0, 1.0)"
_CONFIG = {"en": "english"}


@dataclass(frozen=True)
class Found:
    """A page that was found, without its text."""

    pk: int
    kind: str


def visible(language: str, *, now: dt.datetime) -> QuerySet[Entry]:
    """Return the entries of pages that everybody may read now: live, not expired, not restricted, nor below such."""
    return (
        Entry.objects.filter(language=language, page__live=True, page__alias_of__isnull=True)
        .exclude(page__expire_at__lte=now)
        .exclude(closed("page__path"))
    )


def synonyms(language: str) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Return for each word what else it finds; one query."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for row in Synonym.objects.filter(language=language):
        word, others = tuple(rules.words_of(row.word)), row.other_words
        found.setdefault(word, []).extend(others)
        if row.both_ways:
            for other in others:
                found.setdefault(other, []).append(word)
    return found


def find(terms: Sequence[Term], language: str, *, now: dt.datetime) -> list[Found]:
    """Return the pages that have all the terms, the best first. One query; a second when nothing begins with them.

    The second looks inside words as well: "kritik" is in "kildekritik".
    """
    if not terms:
        return []
    entries = visible(language, now=now)
    rows = _matching(entries, terms, language) or _inside(entries, terms)
    return [Found(pk, kind) for pk, kind in rows]


def _matching(entries: QuerySet[Entry], terms: Sequence[Term], language: str) -> list[tuple[int, str]]:
    if connection.vendor == "postgresql":
        config, query = _CONFIG.get(language, "danish"), rules.postgres_match(terms)
        match = "search_entry.vector @@ to_tsquery(%s::regconfig, %s)"
        rank: Any = RawSQL(
            "ts_rank('{0.02,0.05,0.3,1.0}', search_entry.vector, to_tsquery(%s::regconfig, %s))",
            (config, query),
            output_field=FloatField(),
        )
        found = entries.annotate(
            rank=rank,
            matches=RawSQL(match, (config, query), output_field=BooleanField()),  # noqa: S611
        ).filter(matches=True)
        return list(found.order_by("-rank", "title", "pk").values_list("pk", "kind")[:MOST_FOUND])
    query = rules.sqlite_match(terms, language)
    matching = RawSQL("SELECT rowid FROM search_entry_fts WHERE search_entry_fts MATCH %s", (query,))
    kinds = dict(entries.filter(pk__in=matching).values_list("pk", "kind"))
    return [(pk, kinds[pk]) for pk in _sqlite_order(query) if pk in kinds][:MOST_FOUND]


def _sqlite_order(query: str) -> list[int]:
    """Return the rows by their rank, private ones as well: the caller leaves those out."""
    sql = f"SELECT rowid FROM search_entry_fts WHERE search_entry_fts MATCH %s ORDER BY {_SQLITE_RANK}, rowid"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [query])
        return [row[0] for row in cursor.fetchall()]


def _inside(entries: QuerySet[Entry], terms: Sequence[Term]) -> list[tuple[int, str]]:
    """Return the pages in which each term stands anywhere, also inside a word; words of three letters do not count."""
    folded = [[" ".join(map(rules.fold, words)) for words in term.alternatives] for term in terms]
    if any(len(form) < rules.SHORTEST_STEM for forms in folded for form in forms):
        return []
    conditions = (reduce(lambda a, b: a | b, (Q(folded__contains=form) for form in forms)) for forms in folded)
    found = entries.filter(reduce(and_, conditions)).order_by("title", "pk")
    return list(found.values_list("pk", "kind")[:MOST_FOUND])


def read(pks: Sequence[int]) -> list[Entry]:
    """Return the entries with their pages, in this order. One query."""
    rows = {
        row.pk: row for row in Entry.objects.filter(pk__in=pks).select_related("page__locale", "page__content_type")
    }
    return [rows[pk] for pk in pks if pk in rows]


def vocabulary(language: str, *, now: dt.datetime) -> dict[str, str]:
    """Return the words of titles, introductions and synonyms, folded → as written. Two queries.

    Only of pages that everybody may read: a suggestion must not tell of the others.
    """
    texts: list[str] = []
    for title, intro in visible(language, now=now).values_list("title", "intro"):
        texts += (title, intro)
    texts += (
        f"{word} {others}" for word, others in Synonym.objects.filter(language=language).values_list("word", "others")
    )
    return {
        rules.fold(word): word for text in texts for word in rules.words_of(text) if len(word) >= rules.SHORTEST_STEM
    }


def misses() -> QuerySet[Miss]:
    """Return the counted searches that may be shown, the newest month and the most frequent first."""
    return Miss.objects.exclude(phrase="").order_by("-month", "-count", "phrase")


def other_language(language: str) -> str:
    """Return the code of the site's other language."""
    return next((code for code, _name in settings.LANGUAGES if code != language), language)
