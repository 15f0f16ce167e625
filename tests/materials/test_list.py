"""The list as a teacher finds a material in it, and the material's page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from wagtail.models import Locale, Page, PageViewRestriction

from courses.models import Subject, Theme
from materials.models import MaterialPage, MaterialWorkshop
from tests.factories.courses import make_workshop
from tests.factories.materials import make_file, make_listing, make_material, republish, steps
from tests.factories.texts import page, said

pytestmark = pytest.mark.usefixtures("site", "clock")
PATH, ENGLISH = "/materialer/", "/en/materials/"


def titles(client: Client, path: str = PATH, **query: str) -> list[str]:
    """The materials on the page, in its order."""
    html = page(client, path, **query)
    return [title.strip() for title in re.findall(r'class="v-card__link"[^>]*>([^<]*)<', html)]


@pytest.fixture
def three(site: None, clock: Any) -> None:
    danish = Subject.objects.create(key="dansk", name_da="Dansk", name_en="Danish")
    sources = Theme.objects.create(key="kilder", name_da="Kilder", name_en="Sources")
    first = make_material("Ørets kilder", grade_from=7, grade_to=9, lessons=2, steps=steps(("Et", 90)), format="game")
    first.subjects, first.themes = [danish], [sources]
    republish(first, subjects=[danish], themes=[sources])
    make_material("Samtalen", audience="parents", grade_from=None, grade_to=None, lessons=4, steps=[])
    make_material("Æbler", grade_from=0, grade_to=3, language="da", intro="Om FRUGT.")


ALL = ["Samtalen", "Æbler", "Ørets kilder"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ALL),
        ({"sort": "title"}, ALL),
        ({"sort": "grade"}, ["Æbler", "Ørets kilder", "Samtalen"]),
        ({"sort": "lessons"}, ["Æbler", "Ørets kilder", "Samtalen"]),
        ({"sort": "x"}, ALL),
        ({"audience": "teachers"}, ["Æbler", "Ørets kilder"]),
        ({"audience": "parents"}, ["Samtalen"]),
        ({"grade": "7"}, ["Ørets kilder"]),
        ({"grade": "0"}, ["Æbler"]),
        ({"grade": "5"}, []),
        ({"subject": "dansk"}, ["Ørets kilder"]),
        ({"theme": "kilder", "grade": "8"}, ["Ørets kilder"]),
        ({"theme": "kilder", "grade": "1"}, []),
        ({"format": "game"}, ["Ørets kilder"]),
        ({"format": "film"}, []),
        ({"lessons": "1"}, ["Æbler"]),
        ({"lessons": "2"}, ["Ørets kilder"]),
        ({"lessons": "3"}, ["Samtalen"]),
        ({"language": "da"}, ALL),
        ({"language": "en"}, []),
        ({"q": "kilder"}, ["Ørets kilder"]),
        ({"q": "øret"}, ["Ørets kilder"]),
        ({"q": "dansk 7. klasse"}, ["Ørets kilder"]),
        ({"q": "dansk 2. klasse"}, []),
        ({"q": "7.-9. klasse"}, ["Ørets kilder"]),
        ({"q": "3.-7. klasse"}, []),
        ({"q": "udskoling"}, ["Ørets kilder"]),
        ({"q": "udskolingen kilder"}, ["Ørets kilder"]),
        ({"q": "Indskoling"}, ["Æbler"]),
        ({"q": "mellemtrin"}, []),
        ({"q": "lower secondary"}, ["Ørets kilder"]),
        ({"q": "frugt"}, ["Æbler"]),
        ({"q": "zebra"}, []),
        ({"q": "%"}, []),
        ({"q": "_"}, []),
        ({"q": "  "}, ALL),
        ({"audience": "x", "grade": "99999999999999999999", "subject": "' OR 1=1 --", "lessons": "-1"}, ALL),
        ({"page": "x"}, ALL),
        ({"page": "9" * 400}, ALL),
    ],
)
@pytest.mark.usefixtures("three")
def test_filters(client: Client, query: dict[str, str], expected: list[str]) -> None:
    assert titles(client, **query) == expected


@pytest.mark.usefixtures("three")
def test_chips_take_one_filter_away_and_keep_the_others(client: Client) -> None:
    html = page(client, PATH, grade="7", subject="dansk", sort="title", page="1")
    chips = re.findall(r'class="v-chip" href="([^"]*)"><span class="sr-only">[^<]*</span>([^<]*)<', html)
    assert chips == [
        ("?subject=dansk&amp;sort=title", "Klassetrin: 7"),
        ("?grade=7&amp;sort=title", "Fag: Dansk"),
    ]
    assert 'class="v-chips"' not in page(client, PATH, sort="title")


def test_empty_lists_say_why(client: Client) -> None:
    make_listing()
    assert said("No materials yet") in page(client, PATH)
    make_material()
    html = page(client, PATH, q='"><script>alert(1)</script>')
    assert said("No material fits") in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("query", ["q=%00", "grade=%00", "page=%00"])
def test_nul_is_a_bad_request(client: Client, query: str) -> None:
    make_listing()
    assert client.get(f"{PATH}?{query}").status_code == 400


def test_newest_first(client: Client, clock: Any) -> None:
    make_material("A")
    clock.shift(60)
    make_material("B")
    assert titles(client) == ["B", "A"]


def test_pages_of_24_keep_the_filters(client: Client) -> None:
    for number in range(25):
        make_material(f"M{number}", grade_from=7, grade_to=7)
    assert [len(titles(client, page=number, grade="7")) for number in ("1", "2")] == [24, 1]
    assert "grade=7&amp;page=2" in page(client, PATH, grade="7")


def test_drafts_and_restricted_materials_are_hidden(client: Client) -> None:
    make_material("Åben")
    make_material("Kladde", publish=False)
    restricted = make_material("Lukket")
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    assert titles(client) == ["Åben"]


def test_english_shows_danish_only_materials_marked_as_danish(client: Client) -> None:
    make_material("Kun på dansk")
    both = make_material("Kilder")
    make_material("Sources", language="en", of=both)
    make_material("Draft in English", language="en", of=make_material("Tredje"), publish=False)
    assert titles(client) == ["Kilder", "Kun på dansk", "Tredje"]
    assert titles(client, ENGLISH) == ["Kun på dansk", "Sources", "Tredje"]
    html = page(client, ENGLISH)
    assert re.findall(r'<h3 class="v-card__title" lang="([a-z]+)">', html) == ["da", "da"]
    assert html.count("In Danish") == 2


@pytest.mark.parametrize("materials", [1, 3, 100])
@pytest.mark.parametrize(("path", "queries"), [(PATH, 5), (ENGLISH, 6)])
def test_the_list_reads_the_same_for_one_and_for_a_hundred(
    client: Client, materials: int, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    language = "da" if path == PATH else "en"
    for _ in range(materials):
        make_material(language=language)
    page(client, path)
    with django_assert_num_queries(queries) as captured:
        page(client, path)
    shapes = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in captured.captured_queries]
    assert len(set(shapes)) == queries


# -- the page ---------------------------------------------------------------------------------------------


def test_everything_an_editor_wrote_is_on_the_page(client: Client) -> None:
    material = make_material(
        "Alt med",
        files=[make_file("Ark")],
        goals=[("goal", {"text": "Et mål", "framework": "Fælles Mål, dansk", "area": "Læsning"})],
        preparation="Læs arket.",
        preparation_minutes=20,
        needs="Saks\n\nLim",
        differentiation="To niveauer.",
        teacher_guide="<p>Lyt <b>først</b>.</p>",
        accessibility="Kan læses højt.",
        sensitivity="Elever i sorg.",
        care="Tal sammen bagefter.",
        licence="own",
        licence_text="Kun i København.",
        publisher="Udgiveren",
        authors="Foreningen",
        evaluation="pilot",
        whats_new="Det hele",
    )
    html = page(client, material.url)
    for text in (
        "Et mål",
        "Fælles Mål, dansk · Læsning",
        "Læs arket.",
        "20 minutter",
        "<li>Saks</li><li>Lim</li>",
        "15 minutter (0–15)",
        "20 minutter (15–35)",
        "10 minutter (35–45)",
        "45 minutter i alt",
        "To niveauer.",
        "Lyt <b>først</b>.",
        "Kan læses højt.",
        "Elever i sorg.",
        "Tal sammen bagefter.",
        "Kun i København.",
        "Udgiveren",
        "Foreningen",
        "Nyt: Det hele",
        "Elevark, TXT, 1 kB, på dansk",
    ):
        assert text in html, text
    for view in (material.url + "version/1/udskriv/",):
        assert "Lyt <b>først</b>." in page(client, view)


def test_text_is_escaped_also_in_the_data_block(client: Client) -> None:
    material = make_material("</script><script>alert(1)</script>", intro="<b>x</b> & y")
    html = page(client, material.url)
    assert "<script>alert" not in html
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    data = json.loads(block)
    assert (data["@type"], data["name"], data["timeRequired"]) == ("LearningResource", material.title, "PT45M")


def test_minutes_that_differ_are_told(client: Client) -> None:
    material = make_material(steps=steps(("Et", 60)), minutes_reason="Pausen er med.")
    html = page(client, material.url)
    assert "60 minutter i alt. 1 lektion à 45 minutter er 45 minutter." in html
    assert "Pausen er med." in html


def test_a_preview_shows_the_draft_and_no_address_of_its_files() -> None:
    material = make_material(files=[make_file()], publish=False)
    material.title = "Kladden"
    answer = material.make_preview_request(RequestFactory().get("/"), "")
    html = answer.render().content.decode()
    assert (answer.status_code, "<h1>Kladden</h1>" in html, "/filer/" in html) == (200, True, False)
    assert said("The files can be fetched when the material is published.") in html


@pytest.mark.parametrize(("language", "queries"), [("da", 9), ("en", 10)])
@pytest.mark.parametrize("files", [1, 3, 100])
def test_a_material_reads_the_same_with_many_files(
    client: Client, language: str, queries: int, files: int, django_assert_num_queries: Any
) -> None:
    material = make_material(language=language, files=[make_file(f"Ark {number}") for number in range(files)])
    page(client, material.url)
    with django_assert_num_queries(queries):
        page(client, material.url)


# -- workshops --------------------------------------------------------------------------------------------


def related(material: MaterialPage, *workshops: Page) -> None:
    republish(material, related_workshops=[MaterialWorkshop(workshop=workshop) for workshop in workshops])


def test_workshop_and_material_lead_to_each_other_in_each_language(client: Client) -> None:
    workshop = make_workshop("Workshoppen")
    english_workshop = workshop.copy_for_translation(Locale.objects.get(language_code="en"))
    english_workshop.title, english_workshop.slug = "The workshop", "the-workshop"
    english_workshop.save_revision().publish()
    material = make_material("Materialet")
    english = make_material("The material", language="en", of=material)
    related(material, workshop)
    related(english, workshop)
    only_danish = make_material("Kun dansk")
    related(only_danish, workshop)
    make_material("Uden forbindelse")
    assert titles(client, workshop.url) == ["Kun dansk", "Materialet"]
    english_url = type(workshop).objects.get(title="The workshop").url
    assert titles(client, english_url) == ["The material", "Kun dansk"] or titles(client, english_url) == [
        "Kun dansk",
        "The material",
    ]
    assert '<h3 class="v-card__title" lang="da">' in page(client, english_url)
    html = page(client, material.url)
    assert f'<a href="{workshop.url}">Workshoppen</a>' in html
    assert "The workshop" not in html
    html = page(client, english.url)
    assert f'<a href="{english_url}">The workshop</a>' in html
    assert "Workshoppen" not in html


def test_what_is_not_public_is_not_told_of(client: Client) -> None:
    workshop, draft, closed = make_workshop("Åben"), make_workshop("Kladde", live=False), make_workshop("Lukket")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    material = make_material("Materialet")
    related(material, workshop, draft, closed)
    html = page(client, material.url)
    assert ["Åben" in html, "Kladde" in html, "Lukket" in html] == [True, False, False]
    assert titles(client, workshop.url) == ["Materialet"]
    MaterialPage.objects.get(pk=material.pk).unpublish()
    assert titles(client, workshop.url) == []
    assert said("Materials for the workshop") not in page(client, workshop.url)
