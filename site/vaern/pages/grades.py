"""Grades 0–10 and the bands derived from them (domain.md §2)."""

from __future__ import annotations

from enum import Enum

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


def bands(grade_from: int, grade_to: int) -> list[Band]:
    """Return the bands that the grades from–to touch, lowest first."""
    return [band for band in Band if band.value[0] <= grade_to and band.value[1] >= grade_from]
