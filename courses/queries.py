"""Reads of the catalogue. They take the query set, so that the page model can call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import get_language

from vaern.people.queries import danish_order


def in_language(workshops: QuerySet[Any], language: str) -> QuerySet[Any]:
    """Return the live workshops to list for readers of `language`, in Danish where one has no translation."""
    live = workshops.filter(live=True, view_restrictions__isnull=True)
    own = Q(locale__language_code=language)
    if language == settings.LANGUAGE_CODE:
        return live.filter(own)
    translated = live.filter(own, translation_key=OuterRef("translation_key"))
    return live.filter(own | (Q(locale__language_code=settings.LANGUAGE_CODE) & ~Exists(translated)))


def narrowed(workshops: QuerySet[Any], chosen: Mapping[str, str]) -> QuerySet[Any]:
    """Return the workshops that fit all that is chosen: q, audience, grade (0–10), subject and theme (keys)."""
    conditions = {
        "audience": lambda value: Q(audience=value),
        "grade": lambda value: Q(grade_from__lte=int(value), grade_to__gte=int(value)),
        "subject": lambda value: Q(subjects__key=value),
        "theme": lambda value: Q(themes__key=value),
    }
    for name, condition in conditions.items():
        if name in chosen:
            workshops = workshops.filter(condition(chosen[name]))
    words = chosen.get("q", "")
    for grade in _GRADE.findall(words):
        workshops = workshops.filter(conditions["grade"](grade))
    for word in _GRADE.sub(" ", words).split():
        workshops = workshops.filter(_mentions(word))
    return workshops


# What teachers type: "7. klasse", "7.kl", "7 klassetrin".
_GRADE = re.compile(r"\b(\d{1,2})\.?\s*(?:klassetrin|klasse|kl)\b\.?", re.IGNORECASE)


def _mentions(word: str) -> Q:
    """Match part of a word, which Danish compounds hide ("kilde" in "kildekritik").

    SQLite knows no other case of æ, ø and å, so both are asked for.
    """
    condition = Q()
    for form in {word, word.lower(), word.capitalize()}:
        for field in ("title", "intro", "description", "activity"):
            condition |= Q(**{f"{field}__icontains": form})
    return condition


def term_choices(**kinds: QuerySet[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return {kind: [(key, name in the reader's language)]} for several kinds of terms, in one query."""
    name = "name_en" if get_language() == "en" else "name_da"
    first, *others = [
        terms.order_by().annotate(kind=Value(kind)).values_list("kind", "key", name) for kind, terms in kinds.items()
    ]
    choices: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    for kind, key, label in sorted(first.union(*others), key=lambda row: danish_order(row[2])):
        choices[kind].append((key, label))
    return choices


def translated(workshop: Any, language: str) -> Any:
    """Return the workshop's live page in `language`, or else the page itself; no query for Danish."""
    if language == settings.LANGUAGE_CODE:
        return workshop
    return workshop.get_translations().filter(live=True, locale__language_code=language).first() or workshop
