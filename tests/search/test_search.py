"""What a reader finds, and what nobody may find."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from tests.factories.courses import make_workshop
from tests.factories.materials import make_material
from tests.factories.texts import page, said
from tests.pages.test_navigation import make_article
from vaern.search.domain import rebuild
from vaern.search.models import Synonym

pytestmark = pytest.mark.usefixtures("site", "clock")


def titles(client: Client, query: str, *, language: str = "da", **more: str) -> list[str]:
    text = page(client, "/soeg/" if language == "da" else "/en/search/", q=query, **more)
    found = re.findall(r'<h3 class="v-results__title"><a href="[^"]*">(.*?)</a>', text)
    return [html.unescape(re.sub("<[^>]*>", "", title)) for title in found]


def section(text: str) -> list[tuple[str, Any]]:
    return [("section", {"heading": "Afsnit", "text": f"<p>{text}</p>"})]


def test_the_title_weighs_more_than_the_introduction_and_that_more_than_the_text(client: Client) -> None:
    make_article("Tekst", body=section("Her står noget om kildekritik."))
    make_article("Indledning", intro="Noget om kildekritik.")
    make_article("Kildekritik")
    assert titles(client, "kildekritik") == ["Kildekritik", "Indledning", "Tekst"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("skole", ["Skolernes samarbejde"]),
        ("skoler", ["Skolernes samarbejde"]),
        ("SKOLERNES", ["Skolernes samarbejde"]),
        ("samarbejdet", ["Skolernes samarbejde"]),
        ("paedagog", ["Pædagogisk hjælp på Østerbro"]),
        ("pædagogisk", ["Pædagogisk hjælp på Østerbro"]),
        ("oesterbro", ["Pædagogisk hjælp på Østerbro"]),
        ("kilde", ["Kildekritik"]),
        ("kritik", ["Kildekritik"]),
        ("skole pædagog", []),
        ("hvad er kildekritik", ["Kildekritik"]),
        ("' OR 1=1 --", []),
        ('"*:&|!()<->', []),
        ("NEAR AND OR NOT", []),
    ],
)
def test_danish_words_are_found_in_their_forms(client: Client, query: str, found: list[str]) -> None:
    for title in ("Skolernes samarbejde", "Pædagogisk hjælp på Østerbro", "Kildekritik"):
        make_article(title)
    assert titles(client, query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("7. klasse", ["Kilder", "Spil"]),
        ("7 klassetrin", ["Kilder", "Spil"]),
        ("7.-9. klasse", ["Kilder", "Spil"]),
        ("1. klasse", ["Venner"]),
        ("10. klasse", []),
        ("udskoling", ["Kilder", "Spil"]),
        ("udskolingen spil", ["Spil"]),
        ("indskoling", ["Venner"]),
        ("børnehaveklasse", ["Venner"]),
        ("mellemtrinnet", []),
    ],
)
def test_grades_find_workshops_and_materials(client: Client, query: str, found: list[str]) -> None:
    make_workshop("Kilder", grade_from=7, grade_to=9)
    make_material("Spil", grade_from=7, grade_to=9)
    make_workshop("Venner", grade_from=0, grade_to=3)
    make_material("Forældre", grade_from=None, grade_to=None)
    assert sorted(titles(client, query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grade 7", ["Games", "Sources"]),
        ("7th grade", ["Games", "Sources"]),
        ("grades 7-9", ["Games", "Sources"]),
        ("grade 1", ["Friends"]),
        ("grade 10", []),
        ("lower secondary", ["Games", "Sources"]),
        ("lower primary", ["Friends"]),
    ],
)
def test_grades_in_english(client: Client, query: str, found: list[str]) -> None:
    make_workshop("Sources", language="en", grade_from=7, grade_to=9)
    make_material("Games", language="en", grade_from=7, grade_to=9)
    make_workshop("Friends", language="en", grade_from=0, grade_to=3)
    assert sorted(titles(client, query, language="en")) == found


def test_each_language_finds_its_own_pages(client: Client) -> None:
    make_article("Demokrati og debat")
    make_article("Democracies and debate", language="en")
    assert titles(client, "debat") == ["Demokrati og debat"]
    assert titles(client, "democracy debate", language="en") == ["Democracies and debate"]


def test_what_is_not_public_is_never_found(client: Client) -> None:
    word = "Hemmelighed"
    make_article(f"{word} kladde", live=False)
    closed = make_article(f"{word} lukket")
    make_article(f"{word} under lukket", under=closed)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    make_article(f"{word} udløbet", expire_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    make_article(f"{word} planlagt", live=False, go_live_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    gone = make_article(f"{word} slettet")
    gone.delete()
    changed = make_article("Åben side")
    changed.title = f"{word} i kladden"
    changed.save_revision()
    assert titles(client, word) == []
    assert word not in page(client, "/soeg/", q="hemmelighec")  # nor suggested
    make_article(f"{word} åben")  # the twin: the same word is found once it may be
    assert titles(client, word) == [f"{word} åben"]
    assert "Hemmelighec" not in titles(client, "hemmelighec")


def test_a_page_taken_down_is_gone_at_once(client: Client) -> None:
    article = make_article("Kildekritik")
    assert titles(client, "kildekritik") == ["Kildekritik"]
    article.unpublish()
    assert titles(client, "kildekritik") == []


def test_a_kind_can_be_chosen(client: Client) -> None:
    make_workshop("Kilder i klassen")
    make_article("Kilder på nettet")
    text = page(client, "/soeg/", q="kilder")
    assert re.findall(r"<a href=\"\?q=kilder(?:&amp;kind=\w+)?\"[^>]*>([^<]*)</a>", text) == [
        f"{said('All')} (2)",
        f"{said('Page')} (1)",
        "Workshop (1)",
    ]
    assert titles(client, "kilder", kind="workshoppage") == ["Kilder i klassen"]
    assert titles(client, "kilder", kind="findesikke") == []


def test_words_are_marked_and_markup_is_not_let_through(client: Client) -> None:
    make_article("Farlig", intro="<script>alert(1)</script> om kildekritik & tro")
    text = page(client, "/soeg/", q="kilde")
    assert "<mark>kildekritik</mark> &amp; tro" in text
    assert "<script>alert" not in text
    assert "<script>alert" not in page(client, "/soeg/", q="<script>alert(1)</script>")


def test_synonyms_work_both_ways_only_when_the_editor_says_so(client: Client) -> None:
    make_article("Radikalisering")
    make_article("Negativ social kontrol")
    Synonym.objects.create(word="hjernevask", others="radikalisering", both_ways=False)
    Synonym.objects.create(word="æresvold", others="social kontrol, radikalisering")
    assert titles(client, "hjernevask") == ["Radikalisering"]
    assert sorted(titles(client, "æresvold")) == ["Negativ social kontrol", "Radikalisering"]
    make_article("Hjernevask")
    make_article("Æresvold")
    assert "Hjernevask" not in titles(client, "radikalisering")
    assert "Æresvold" in titles(client, "social kontrol")


def test_did_you_mean_only_when_that_finds_something(client: Client) -> None:
    make_article("Kildekritik")
    text = page(client, "/soeg/", q="kildekrtik")
    assert '<a href="/soeg/?q=kildekritik">kildekritik</a>?' in text
    assert said("Did you mean") not in page(client, "/soeg/", q="zzzzzz")


def test_nothing_found_helps_on_and_shows_no_form_for_worry(client: Client) -> None:
    text = page(client, "/soeg/", q="zzzzzz")
    assert said("Nothing found") in text
    assert text.count('href="/er-du-bekymret/"') >= 3
    assert '<meta name="robots" content="noindex, follow">' in text
    assert said("Nothing found") not in page(client, "/soeg/")


def test_long_lists_have_pages(client: Client) -> None:
    for number in range(12):
        make_article(f"Debat {number:02}")
    assert len(titles(client, "debat")) == 10
    assert len(titles(client, "debat", page="2")) == 2
    assert len(titles(client, "debat", page="nonsense")) == 10


def test_the_number_of_queries_does_not_grow(client: Client, django_assert_num_queries: Any) -> None:
    counts = []
    for number in (1, 2, 27):
        for index in range(number):
            make_article(f"Debat {number} {index}")
        page(client, "/soeg/", q="debat")
        with django_assert_num_queries(QUERIES):
            counts.append(page(client, "/soeg/", q="debat").count("v-results__item"))
    assert counts == [1, 3, 10]


# SQLite looks the words up in a table of its own first.
QUERIES = 5 if connection.vendor == "postgresql" else 6


def test_a_rebuild_finds_the_same(client: Client) -> None:
    make_article("Kildekritik")
    assert rebuild() == Page.objects.exclude(depth=1).count()
    assert titles(client, "kildekritik") == ["Kildekritik"]
