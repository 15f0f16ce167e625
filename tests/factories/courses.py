"""Workshops. Need the fixture `site`, which makes the catalogue."""

from __future__ import annotations

import itertools
from typing import Any

from courses.models import CataloguePage, WorkshopPage

_numbers = itertools.count(1)


def make_workshop(title: str = "", *, language: str = "da", **fields: Any) -> WorkshopPage:
    """A live workshop for school classes of every grade, in the catalogue of `language`."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "audience": WorkshopPage.Audience.CLASS,
        "grade_from": 0,
        "grade_to": 10,
        "languages": ["da"],
        "intro": "Klassen undersøger et billede.",
        "way_of_booking": WorkshopPage.Way.SESSIONS,
    }
    page = WorkshopPage(title=title or f"Workshop {number}", slug=f"workshop-{number}", **(values | fields))
    catalogue = CataloguePage.objects.get(locale__language_code=language)
    page.locale = catalogue.locale
    catalogue.add_child(instance=page)
    return page
