"""The demo's catalogue: subjects, themes and sixteen workshops in both languages."""

from __future__ import annotations

from typing import Any

from courses.models import CataloguePage, Subject, Term, Theme, WorkshopPage
from vaern.demo.content import read
from vaern.demo.people import organisations
from vaern.people.models import Organisation
from vaern.setup.starter.tree import locales, publish, translate

TEXTS = ("description", "prepare", "activity", "follow_up")


def load_workshops() -> None:
    """Write the terms and workshops that are missing; those that are there stay as they are."""
    terms = read("terms")
    subjects, themes = _write_terms(Subject, terms["subject"]), _write_terms(Theme, terms["theme"])
    catalogue = CataloguePage.objects.filter(locale=locales()["da"]).first()
    if catalogue is None:
        return
    there = set(catalogue.get_children().values_list("slug", flat=True))
    providers = organisations()
    for row in read("workshops")["workshop"]:
        if row["slug_da"] not in there:
            _write_workshop(row, catalogue, subjects, themes, providers)


def workshops() -> list[WorkshopPage]:
    """Return the demo's workshops that are there, as their Danish pages, in the order of workshops.toml."""
    slugs = [row["slug_da"] for row in read("workshops")["workshop"]]
    pages = WorkshopPage.objects.live().filter(locale=locales()["da"], slug__in=slugs)
    return sorted(pages, key=lambda page: slugs.index(page.slug))


def _write_terms(model: type[Term], rows: list[dict[str, str]]) -> dict[str, Any]:
    return {
        row["key"]: model.objects.get_or_create(  # type: ignore[attr-defined]
            key=row["key"], defaults={"name_da": row["da"], "name_en": row["en"]}
        )[0]
        for row in rows
    }


def _write_workshop(
    row: dict[str, Any],
    catalogue: CataloguePage,
    subjects: dict[str, Any],
    themes: dict[str, Any],
    providers: dict[str, Organisation],
) -> None:
    """Publish one workshop in Danish, and its English translation under the English catalogue."""
    page = WorkshopPage(slug=row["slug_da"], locale=catalogue.locale, **_facts(row, providers), **_texts(row["da"]))
    page.subjects = [subjects[key] for key in row["subjects"]]
    page.themes = [themes[key] for key in row["themes"]]
    catalogue.add_child(instance=page)
    publish(page)
    english = translate(page, locales()["en"])
    english.slug = row["slug_en"]
    for name, value in _texts(row["en"]).items():
        setattr(english, name, value)
    publish(english)


def _facts(row: dict[str, Any], providers: dict[str, Organisation]) -> dict[str, Any]:
    """Return what is the same in both languages."""
    return {
        "audience": row["audience"],
        "grade_from": row.get("grade_from"),
        "grade_to": row.get("grade_to"),
        "duration_minutes": row["duration_minutes"],
        "lessons": row.get("lessons"),
        "place": row["place"],
        "languages": row["languages"],
        "group_min": row["group_min"],
        "group_max": row["group_max"],
        "facilitator_count": row["facilitators"],
        "teacher_present": row["teacher_present"],
        "way_of_booking": row["way_of_booking"],
        "external_url": row.get("external_url", ""),
        "provider": providers.get(row["provider"]),
    }


def _texts(text: dict[str, str]) -> dict[str, str]:
    return {"title": text["title"], "intro": text["summary"], **{name: text[name].strip() for name in TEXTS}}
