"""What the list of materials shows. Takes the query set, so that the page model can call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import get_language
from wagtail.models import Locale

from materials.choices import Audience, Format, Language
from materials.forms import MaterialFilterForm
from vaern.pages import grades
from vaern.pages.access import closed
from vaern.pages.navigation import keep_query
from vaern.people.queries import danish_order

A_PAGE = 24
# What a teacher asks first, and the rest behind "More filters".
FIRST = ("q", "grade", "subject", "audience")
MORE = ("theme", "format", "lessons", "language", "sort")
# What a card shows, and what its address is made of.
CARD = ("id", "title", "grade_from", "lessons", "grade_to", "intro", "audience", "format", "url_path", "locale_id")


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    url: str


def listing_context(request: HttpRequest, materials: QuerySet[Any]) -> dict[str, Any]:
    """Return the filter form, the chips and one page of what is found; two queries however many there are."""
    form = MaterialFilterForm(
        request.GET,
        choices={
            "audience": Audience.choices,
            "format": Format.choices,
            "language": Language.choices,
            **_terms(materials),
        },
    )
    chosen = form.chosen()
    keep_query(request, urlencode(chosen))
    language = get_language() or settings.LANGUAGE_CODE
    found = narrowed(readable(materials, language), chosen).order_by()
    # All that is found is read in one query, with what a card shows and no more; only the cards of this page are made.
    order = _ORDERS[chosen.get("sort", "")]
    rows = sorted(found.values_list(*CARD, "locale__language_code", "published_at"), key=order)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [_card(materials, row) for row in page.object_list]
    filters = {name: value for name, value in chosen.items() if name != "sort"}
    return {
        "first_fields": [form[name] for name in FIRST],
        "more_fields": [form[name] for name in MORE],
        "more_open": any(name in chosen for name in MORE),
        "chosen": filters,
        "chips": [Chip(form.label_of(name, value), _without(request, name)) for name, value in filters.items()],
        "materials": page,
    }


def _card(materials: QuerySet[Any], row: tuple[Any, ...]) -> Any:
    """Return a page that knows what a card shows; anything else of it would be a query."""
    known = dict(zip(CARD, row, strict=False)) | {"page_ptr_id": row[0]}
    names = [field.attname for field in materials.model._meta.concrete_fields if field.attname in known]
    page = materials.model.from_db(materials.db, names, [known[name] for name in names])
    page.locale = Locale(id=page.locale_id, language_code=row[-2])
    return page


def readable(materials: QuerySet[Any], language: str) -> QuerySet[Any]:
    """Return the materials to show readers of `language`, in Danish where one has no translation.

    Live, not restricted, and with a version that is not withdrawn.
    """
    live = with_version(materials.filter(live=True)).exclude(closed())
    own = Q(locale__language_code=language)
    if language == settings.LANGUAGE_CODE:
        return live.filter(own)
    translated = live.filter(own, translation_key=OuterRef("translation_key"))
    return live.filter(own | (Q(locale__language_code=settings.LANGUAGE_CODE) & ~Exists(translated)))


def with_version(materials: QuerySet[Any]) -> QuerySet[Any]:
    """Return the materials that have a current version, with its number and date."""
    found: QuerySet[Any] = materials.filter(versions__is_current=True).annotate(
        version_number=F("versions__number"), published_at=F("versions__published_at")
    )
    return found


def narrowed(materials: QuerySet[Any], chosen: Mapping[str, str]) -> QuerySet[Any]:
    """Return the materials that fit all that is chosen."""
    for name, value in chosen.items():
        if name in _CONDITIONS:
            materials = materials.filter(_CONDITIONS[name](value))
    words = chosen.get("q", "")
    named, rest = grades.named(words)
    for grade in named:
        materials = materials.filter(_CONDITIONS["grade"](grade))
    for word in rest.split():
        materials = materials.filter(_mentions(materials, word) | _of_band(word))
    return materials


_CONDITIONS: dict[str, Any] = {
    "audience": lambda value: Q(audience=value),
    "grade": lambda value: Q(grade_from__lte=int(value), grade_to__gte=int(value)),
    "subject": lambda value: Q(subjects__key=value),
    "theme": lambda value: Q(themes__key=value),
    "format": lambda value: Q(format=value),
    "lessons": lambda value: Q(lessons__gte=3) if value == "3" else Q(lessons=int(value)),
    "language": lambda value: Q(language=value),
}
_ORDERS: dict[str, Any] = {
    "": lambda row: (-row[-1].timestamp(), danish_order(row[1])),
    "title": lambda row: danish_order(row[1]),
    "grade": lambda row: (99 if row[2] is None else row[2], danish_order(row[1])),
    "lessons": lambda row: (row[3], danish_order(row[1])),
}


def _of_band(word: str) -> Any:
    """Match what touches the grades of a band that the word names: "udskoling", "lower secondary"."""
    condition: Any = Q(pk__in=[])
    for band in grades.bands_named(word):
        condition |= Q(grade_from__lte=band.grades[-1], grade_to__gte=band.grades[0])
    return condition


def _mentions(materials: QuerySet[Any], word: str) -> Any:
    """Match part of a word in the text or in a subject's or theme's name.

    SQLite knows no other case of æ, ø and å, so both are asked for.
    """
    forms = {word, word.lower(), word.capitalize()}
    condition: Any = Q()
    for form in forms:
        for field in ("title", "intro", "teacher_guide", "steps"):
            condition |= Q(**{f"{field}__icontains": form})
    for name in ("subjects", "themes"):
        through = getattr(materials.model, name).through
        term = "subject" if name == "subjects" else "theme"
        named = Q()
        for form in forms:
            named |= Q(**{f"{term}__name_da__icontains": form}) | Q(**{f"{term}__name_en__icontains": form})
        condition |= Exists(through.objects.filter(named, materialpage=OuterRef("pk")))
    return condition


def _terms(materials: QuerySet[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the subjects and themes that materials have, in the reader's language; one query."""
    name = "name_en" if get_language() == "en" else "name_da"
    rows: list[QuerySet[Any, Any]] = []
    for kind, field in (("subject", "subjects"), ("theme", "themes")):
        model = materials.model._meta.get_field(field).related_model
        rows.append(model.objects.order_by().annotate(kind=Value(kind)).values_list("kind", "key", name))
    choices: dict[str, list[tuple[str, str]]] = {"subject": [], "theme": []}
    for kind, key, label in sorted(rows[0].union(rows[1]), key=lambda row: danish_order(row[2])):
        choices[kind].append((key, label))
    return choices


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}" if query else request.path
