"""Reads of the catalogue. They take the query set, so that the page model can call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet


def in_language(workshops: QuerySet[Any], language: str) -> QuerySet[Any]:
    """Return the live workshops to list for readers of `language`: one a workshop, in Danish where it has no translation."""
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
    for word in chosen.get("q", "").split():
        workshops = workshops.filter(_mentions(word))
    return workshops


def _mentions(word: str) -> Q:
    """Match part of a word, since Danish compounds hide it ("kilde" in "kildekritik"); SQLite needs Æ, Ø, Å in both cases."""
    condition = Q()
    for form in {word, word.lower(), word.capitalize()}:
        for field in ("title", "intro", "description", "activity"):
            condition |= Q(**{f"{field}__icontains": form})
    return condition
