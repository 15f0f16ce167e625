"""The list of materials and the materials a municipality begins with, in both languages."""

from __future__ import annotations

from typing import Any

from courses.models import CataloguePage, Subject, Term, Theme, WorkshopPage
from materials.domain.files import store
from materials.models import MaterialAttachment, MaterialPage, MaterialsPage, MaterialWorkshop
from vaern.pages.models import HomePage
from vaern.setup.starter.blocks import rich
from vaern.setup.starter.content import read
from vaern.setup.starter.sheets import sheet
from vaern.setup.starter.tree import locales, publish, translate

SLUGS = {"da": "materialer", "en": "materials"}
PUBLISHER = {"da": "Københavns Kommune", "en": "City of Copenhagen"}
TEXTS = ("preparation", "differentiation", "accessibility", "sensitivity", "care")


def load_materials() -> None:
    """Write the lists and the materials that are missing; what is there stays as it is."""
    content = read("materials")
    listing = _listing(content["list"])
    if listing is None:
        return
    subjects, themes = _terms(Subject, content["subject"]), _terms(Theme, content["theme"])
    there = set(listing.get_children().values_list("slug", flat=True))
    for row in content["material"]:
        if row["slug_da"] not in there:
            _write(row, listing, subjects, themes)


def _listing(texts: dict[str, Any]) -> MaterialsPage | None:
    """Return the Danish list; both lists are made, beside the catalogue of workshops, when there is none."""
    home = HomePage.objects.filter(locale=locales()["da"]).first()
    if home is None:
        return None
    found: MaterialsPage | None = MaterialsPage.objects.child_of(home).first()
    if found is not None:
        return found
    page = MaterialsPage(slug=SLUGS["da"], locale=home.locale, show_in_menus=True, **texts["da"])
    home.add_child(instance=page)
    publish(page)
    _beside_catalogue(page)
    english = translate(page, locales()["en"])
    english.slug = SLUGS["en"]
    english.title, english.intro = texts["en"]["title"], texts["en"]["intro"]
    publish(english)
    _beside_catalogue(english)
    made: MaterialsPage = MaterialsPage.objects.get(pk=page.pk)
    return made


def _beside_catalogue(page: MaterialsPage) -> None:
    catalogue = CataloguePage.objects.sibling_of(page).first()
    if catalogue is not None:
        MaterialsPage.objects.get(pk=page.pk).move(catalogue, pos="right")


def _terms(model: type[Term], rows: list[dict[str, str]]) -> dict[str, Any]:
    return {
        row["key"]: model.objects.get_or_create(  # type: ignore[attr-defined]
            key=row["key"], defaults={"name_da": row["da"], "name_en": row["en"]}
        )[0]
        for row in rows
    }


def _write(row: dict[str, Any], listing: MaterialsPage, subjects: dict[str, Any], themes: dict[str, Any]) -> None:
    """Publish one material in Danish, and its English translation."""
    page = MaterialPage(
        slug=row["slug_da"],
        locale=listing.locale,
        audience=row["audience"],
        grade_from=row.get("grade_from"),
        grade_to=row.get("grade_to"),
        lessons=row["lessons"],
        format=row["format"],
        evaluation=row.get("evaluation", ""),
        preparation_minutes=row.get("preparation_minutes"),
    )
    page.subjects = [subjects[key] for key in row["subjects"]]
    page.themes = [themes[key] for key in row["themes"]]
    workshops = WorkshopPage.objects.filter(locale=listing.locale, slug__in=row["workshops"])
    page.related_workshops = [MaterialWorkshop(workshop=workshop) for workshop in workshops]
    fill(page, row["da"], "da")
    listing.add_child(instance=page)
    publish(page)
    english = translate(page, locales()["en"])
    english.slug, english.language = row["slug_en"], "en"
    fill(english, row["en"], "en")
    publish(english)


def fill(page: MaterialPage, text: dict[str, Any], language: str) -> None:
    """Write the texts of one language into a page, with its files."""
    page.title, page.intro = text["title"], text["intro"]
    page.publisher = PUBLISHER[language]
    page.goals = [
        ("goal", {"text": goal, "framework": framework, "area": area}) for goal, framework, area in text["goals"]
    ]
    page.steps = [
        ("step", {"title": title, "minutes": minutes, "text": rich(what)}) for title, minutes, what in text["steps"]
    ]
    page.needs = "\n".join(text["needs"])
    page.teacher_guide = rich(text["teacher_guide"])
    for name in TEXTS:
        setattr(page, name, text.get(name, "").strip())
    page.attachments = [
        MaterialAttachment(
            stored=store(
                content=sheet(words, title=title, language=language),
                name=f"{title}.docx",
                title=f"{text['title']}: {title}",
            ),
            title=title,
            role=role,
            language=language,
        )
        for title, role, words in text["sheets"]
    ]
