"""The catalogue as visitors find their way in it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from courses.models import Subject, Theme, WorkshopPage
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.texts import page, said

pytestmark = pytest.mark.usefixtures("site", "clock")
PATH = "/workshops/"
DAY = dt.timedelta(days=1)


def titles(client: Client, path: str = PATH, **query: str) -> list[str]:
    """The workshops on the page, in its order."""
    html = page(client, path, **query)
    return [title.strip() for title in re.findall(r'class="v-card__link"[^>]*>([^<]*)<', html)]


@pytest.fixture
def three(site: None) -> None:
    media = Subject.objects.create(key="dansk", name_da="Dansk", name_en="Danish")
    theme = Theme.objects.create(key="kilder", name_da="Kilder", name_en="Sources")
    first = make_workshop("Kildekritik", grade_from=7, grade_to=9, description="Om ØRER og billeder.")
    first.subjects.add(media)
    first.themes.add(theme)
    first.save()
    make_workshop("Samtalen", audience="parents", grade_from=None, grade_to=None, activity="I taler sammen.")
    make_workshop("Fællesskab", grade_from=0, grade_to=3)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"audience": "class"}, ["Kildekritik", "Fællesskab"]),
        ({"audience": "parents"}, ["Samtalen"]),
        ({"audience": "staff"}, []),
        ({"grade": "7"}, ["Kildekritik"]),
        ({"grade": "9"}, ["Kildekritik"]),
        ({"grade": "0"}, ["Fællesskab"]),
        ({"grade": "3"}, ["Fællesskab"]),
        ({"grade": "4"}, []),
        ({"subject": "dansk"}, ["Kildekritik"]),
        ({"theme": "kilder", "grade": "8"}, ["Kildekritik"]),
        ({"theme": "kilder", "grade": "1"}, []),
        ({"q": "kritik"}, ["Kildekritik"]),
        ({"q": "KILDE"}, ["Kildekritik"]),
        ({"q": "taler sammen"}, ["Samtalen"]),
        ({"q": "sammen taler"}, ["Samtalen"]),
        ({"q": "fællesskab"}, ["Fællesskab"]),
        ({"q": "zebra"}, []),
        # What is no choice is left out of the search.
        ({"audience": "x"}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"grade": "99999999999999999999"}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"grade": "-1", "subject": "x", "theme": "' OR 1=1 --"}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"grade": "7", "subject": "x"}, ["Kildekritik"]),
        ({"q": "a" * 81}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"q": "%"}, []),
        ({"q": "_"}, []),
        ({"q": "\\"}, []),
        ({"q": "'\"<script>"}, []),
        ({"q": "   "}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"unknown": "x"}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"page": "x"}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"page": "-1"}, ["Kildekritik", "Samtalen", "Fællesskab"]),
        ({"page": "9" * 400}, ["Kildekritik", "Samtalen", "Fællesskab"]),
    ],
)
@pytest.mark.usefixtures("three")
def test_filters(client: Client, query: dict[str, str], expected: list[str]) -> None:
    assert titles(client, **query) == expected


@pytest.mark.usefixtures("three")
def test_what_was_searched_for_is_shown_escaped(client: Client) -> None:
    html = page(client, PATH, q='"><script>alert(1)</script>')
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert said("No workshop fits") in html


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "grade=%00", "page=%00"])
def test_nul_in_the_address_is_a_bad_request(client: Client, query: str) -> None:
    assert client.get(f"{PATH}?{query}").status_code == 400
    assert client.get(f"{PATH}?{query.replace('%00', 'x')}").status_code == 200


def test_bytes_that_are_no_utf8(client: Client) -> None:
    assert client.get(f"{PATH}?q=%ff%fe&grade=%80").status_code == 200


def test_drafts_and_restricted_pages_are_hidden(client: Client) -> None:
    make_workshop("Åben")
    make_workshop("Kladde", live=False)
    restricted = make_workshop("Lukket")
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    assert titles(client) == ["Åben"]
    assert client.get(restricted.url).status_code == 302
    assert client.get(WorkshopPage.objects.get(title="Kladde").get_url_parts()[2]).status_code == 404


def test_the_english_list_shows_danish_only_workshops_marked_as_danish(client: Client) -> None:
    make_workshop("Kun på dansk")
    both = make_workshop("Kildekritik")
    english = make_workshop("Source criticism", language="en")
    Page.objects.filter(pk=english.pk).update(translation_key=both.translation_key)
    make_workshop("Only in English", language="en")
    assert titles(client) == ["Kun på dansk", "Kildekritik"]
    assert titles(client, "/en/workshops/") == ["Kun på dansk", "Source criticism", "Only in English"]
    html = page(client, "/en/workshops/")
    (mark,) = re.findall(r'<h3 class="v-card__title" lang="([a-z]+)">', html)
    assert mark == "da"
    assert html.count("In Danish") == 1
    assert "In Danish" not in page(client, PATH)


def test_a_translation_that_is_a_draft_does_not_hide_the_danish_one(client: Client) -> None:
    both = make_workshop("Kildekritik")
    english = make_workshop("Source criticism", language="en", live=False)
    Page.objects.filter(pk=english.pk).update(translation_key=both.translation_key)
    assert titles(client, "/en/workshops/") == ["Kildekritik"]


def test_terms_are_in_the_readers_language_and_in_danish_order(client: Client) -> None:
    for key, danish, english in (
        ("a", "Ål", "Eel"),
        ("b", "Dansk", "Danish"),
        ("c", "Ære", "Honour"),
        ("d", "Øre", "Ear"),
    ):
        Subject.objects.create(key=key, name_da=danish, name_en=english)
    for path, expected in ((PATH, ["b", "c", "d", "a"]), ("/en/workshops/", ["b", "d", "a", "c"])):
        select = re.search(r'<select name="subject".*?</select>', page(client, path), re.S)
        assert select
        assert re.findall(r'value="(\w)"', select.group()) == expected


def test_pages_of_24_keep_the_filters(client: Client) -> None:
    for number in range(25):
        make_workshop(f"W{number}", grade_from=7, grade_to=7)
    assert [len(titles(client, page=number, grade="7")) for number in ("1", "2", "3")] == [24, 1, 1]
    html = page(client, PATH, grade="7")
    assert 'href="?grade=7&amp;page=2"' in html
    assert "25 workshops" in html


def test_a_card_tells_the_next_date_that_can_be_booked(client: Client) -> None:
    workshop = make_workshop("Kildekritik")
    note = said("No free dates right now")
    assert note in page(client, PATH)
    full = make_session(workshop=workshop, starts_in=DAY, capacity=24)
    make_booking(full)
    make_session(workshop=workshop, starts_in=2 * DAY, status="cancelled")
    make_session(workshop=workshop, starts_in=3 * DAY, visibility="link")
    make_session(workshop=workshop, starts_in=-DAY)
    assert note in page(client, PATH)
    make_session(workshop=workshop, starts_in=4 * DAY)
    make_session(workshop=workshop, starts_in=5 * DAY)
    html = page(client, PATH)
    assert note not in html
    assert "27. november 2026" in html
    assert re.search(r"2 [^<]*27\. november 2026", html)


@pytest.mark.parametrize("workshops", [1, 3, 100])
@pytest.mark.parametrize(("path", "queries"), [(PATH, 10), ("/en/workshops/", 11)])
def test_the_catalogue_reads_the_same_for_one_and_for_a_hundred(
    client: Client, workshops: int, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    for _ in range(workshops):
        workshop = make_workshop()
        for days in (7, 14):
            make_session(workshop=workshop, starts_in=days * DAY)
    page(client, path)
    with django_assert_num_queries(queries):
        page(client, path)


def test_the_first_visit_after_a_restart_reads_little_more(client: Client, django_assert_max_num_queries: Any) -> None:
    make_session()
    with django_assert_max_num_queries(12):
        page(client, PATH)
