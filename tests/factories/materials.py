"""Materials; each is published as an editor would, so that it has a version. Need the fixture `site`."""

from __future__ import annotations

import itertools
from typing import Any

from wagtail.models import Page

from materials.domain.files import store
from materials.models import MaterialAttachment, MaterialPage, MaterialsPage, StoredFile
from vaern.pages.models import HomePage

_numbers = itertools.count(1)
SLUGS = {"da": "materialer", "en": "materials"}
STEPS = [("Begynd", 15), ("Arbejd", 20), ("Slut", 10)]


def make_listing(language: str = "da") -> MaterialsPage:
    """The list of materials in one language; made when it is not there, as the translation of the other."""
    found = MaterialsPage.objects.filter(locale__language_code=language).first()
    if found is not None:
        return found
    home = HomePage.objects.get(locale__language_code=language)
    page = MaterialsPage(title=SLUGS[language].capitalize(), slug=SLUGS[language], locale=home.locale)
    other = MaterialsPage.objects.first()
    if other is not None:
        page.translation_key = other.translation_key
    home.add_child(instance=page)
    return page


def make_file(text: str = "Elevark", name: str = "ark.txt") -> StoredFile:
    """A stored text file."""
    return store(content=text.encode(), name=name, title=name)


def steps(*plan: tuple[str, int]) -> list[tuple[str, dict[str, Any]]]:
    """The blocks of a step plan."""
    return [("step", {"title": title, "minutes": minutes, "text": "<p>I par.</p>"}) for title, minutes in plan]


def make_material(
    title: str = "",
    *,
    language: str = "da",
    files: list[StoredFile] | None = None,
    of: MaterialPage | None = None,
    publish: bool = True,
    **fields: Any,
) -> MaterialPage:
    """A published material for all grades, one lesson long; `of` makes it the translation of that one."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"materiale-{number}",
        "grade_from": 0,
        "grade_to": 10,
        "intro": "Klassen undersøger et billede.",
        "steps": steps(*STEPS),
    }
    listing = make_listing(language)
    page = MaterialPage(title=title or f"Materiale {number}", locale=listing.locale, live=False, **(values | fields))
    if of is not None:
        page.translation_key = of.translation_key
    page.attachments = [
        MaterialAttachment(stored=stored, title=f"Ark {index}") for index, stored in enumerate(files or [], start=1)
    ]
    listing.add_child(instance=page)
    if publish:
        republish(page)
    return MaterialPage.objects.get(pk=page.pk)


def republish(page: Page, **changes: Any) -> MaterialPage:
    """Publish a page with changes, which makes a version when readers would see them."""
    fresh = MaterialPage.objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.save_revision().publish()
    return MaterialPage.objects.get(pk=page.pk)
