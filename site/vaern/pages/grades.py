"""Grades 0–10 and the bands derived from them (domain.md §2), and how readers name them in a search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

LOWEST, HIGHEST = 0, 10


class Band(Enum):
    """A band of grades, both ends included."""

    LOWER = (0, 3, _("Lower primary"))
    MIDDLE = (4, 6, _("Middle"))
    UPPER = (7, 10, _("Lower secondary"))

    @property
    def grades(self) -> range:
        """Return the grades of the band."""
        return range(self.value[0], self.value[1] + 1)

    @property
    def label(self) -> str:
        """Return the band's name in the reader's language."""
        return str(self.value[2])


# What bands are called in a search, whatever language the site is read in.
BAND_NAMES = {
    "da": {Band.LOWER: "indskoling", Band.MIDDLE: "mellemtrin", Band.UPPER: "udskoling"},
    "en": {Band.LOWER: "lower primary", Band.MIDDLE: "middle", Band.UPPER: "lower secondary"},
}
_GRADE_NAMES = {"da": "{}. klasse", "en": "grade {}"}
SHORTEST_BEGINNING = len("indskol")
_KINDERGARTEN = {"da": "børnehaveklasse", "en": "kindergarten class"}
# What readers type: "7. klasse", "7.kl", "7.-9. klasse", "7. til 9. klassetrin", "grades 7-9", "7th grade".
_TO = r"\s*(?:-|\u2013|/|,|til|to|og|and)\s*"
_NUMBER = r"(\d{1,2})(?:\.|st|nd|rd|th)?"
_NAMED = re.compile(
    rf"\b(?:{_NUMBER}{_TO})?\b{_NUMBER}\s*(?:klasse(?:trin|r)?(?:ne|s|t|n)?|kl|grades?)\b\.?"
    rf"|\bgrades?\s+(\d{{1,2}})(?:{_TO}(\d{{1,2}}))?\b",
    re.IGNORECASE,
)


def named(query: str) -> tuple[list[int], str]:
    """Return the grades that a search names (of "7.-9. klasse" both ends), and the query without them."""
    return [int(grade) for found in _NAMED.findall(query) for grade in found if grade], _NAMED.sub(" ", query)


def search_words(grade_from: int | None, grade_to: int | None, language: str) -> str:
    """Return the words by which something for these grades is searched: each grade, then the bands."""
    if grade_from is None or grade_to is None:
        return ""
    language = language if language in BAND_NAMES else "da"
    words = [_GRADE_NAMES[language].format(grade) for grade in range(grade_from, grade_to + 1)]
    words += [_KINDERGARTEN[language]] if grade_from == LOWEST else []
    return ", ".join([*words, *(BAND_NAMES[language][band] for band in bands(grade_from, grade_to))])


def bands_named(word: str) -> list[Band]:
    """Return the bands that a word names in either language, inflected ("udskolingen") or begun ("indskol").

    "mellem" is no beginning of "mellemtrin": it stands in half of all sentences.
    """
    word = word.lower()
    return [
        band
        for band in Band
        if any(
            word.startswith(part) or (part.startswith(word) and len(word) >= SHORTEST_BEGINNING)
            for names in BAND_NAMES.values()
            for part in names[band].split()
        )
    ]


def order_errors(grade_from: int | None, grade_to: int | None) -> Mapping[str, Any]:
    """Return by field, in words, what the database would refuse of two grades of a form."""
    if (grade_from is None) != (grade_to is None):
        return {"grade_to": _("Give both the lowest and the highest grade.")}
    if grade_from is None or grade_to is None:
        return {}
    if grade_to > HIGHEST:
        return {"grade_to": _("The highest grade is 10.")}
    return {"grade_to": _("The highest grade must not be below the lowest.")} if grade_from > grade_to else {}


def in_order(name: str) -> CheckConstraint:
    """Return the constraint that both grades are given or none, within 0–10 and in order."""
    return CheckConstraint(
        name=name,
        condition=Q(grade_from__isnull=True, grade_to__isnull=True)
        | Q(
            grade_from__isnull=False,
            grade_to__isnull=False,
            grade_from__gte=LOWEST,
            grade_to__lte=HIGHEST,
            grade_from__lte=F("grade_to"),
        ),
    )


def bands(grade_from: int, grade_to: int) -> list[Band]:
    """Return the bands that the grades from–to touch, lowest first."""
    return [band for band in Band if band.value[0] <= grade_to and band.value[1] >= grade_from]
