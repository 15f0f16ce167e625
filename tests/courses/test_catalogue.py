"""The catalogue as visitors find their way in it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from courses.models import Subject, Theme, WorkshopPage
from tests.conftest import COPENHAGEN, NOW
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url
from tests.factories.many import make_many_sessions, make_many_workshops
from tests.factories.texts import page, said

pytestmark = pytest.mark.usefixtures("site", "clock")
PATH = "/workshops/"
DAY = dt.timedelta(days=1)


def titles(client: Client, path: str = PATH, **query: str) -> list[str]:
    """The workshops on the page, in its order."""
    html = page(client, path, **query)
    return [title.strip() for title in re.findall(r'class="v-card__link"[^>]*>([^<]*)<', html)]


@pytest.fixture
def three(site: None, clock: Any) -> None:
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
        ({"q": "7. klasse"}, ["Kildekritik"]),
        ({"q": "7.-9. klasse"}, ["Kildekritik"]),
        ({"q": "3.-7. klasse"}, []),
        ({"q": "udskoling"}, ["Kildekritik"]),
        ({"q": "udskolingen kilder"}, ["Kildekritik"]),
        ({"q": "Indskoling"}, ["Fællesskab"]),
        ({"q": "mellemtrin"}, []),
        ({"q": "lower secondary"}, ["Kildekritik"]),
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


def shapes(queries: list[dict[str, str]]) -> Counter[str]:
    """Queries without their values."""
    return Counter(re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", query["sql"]) for query in queries)


@pytest.mark.parametrize("workshops", [1, 3, 100])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        (PATH, 7),
        ("/en/workshops/", 7),
        (f"{PATH}?page=5&language=da", 7),
        (f"{PATH}?q=billede", 7),
        (f"{PATH}?free=1&district=valby&period=before-summer", 8),
        (f"{PATH}?sort=next", 8),
        (f"{PATH}?view=dates", 8),
        (f"{PATH}?view=dates&free=1", 8),
        (f"{PATH}?view=month", 8),
        (f"{PATH}?view=month&free=1&sort=next", 8),
        (f"{PATH}?grade=7&period=before-summer&district=valby&q=zebra", 7),
    ],
)
def test_the_catalogue_reads_the_same_for_one_and_for_a_hundred(
    client: Client, workshops: int, path: str, queries: int
) -> None:
    made = make_many_workshops(workshops)
    make_many_sessions(made, 3 * workshops)
    make_session(workshop=WorkshopPage.objects.get(pk=made[0].pk))
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    assert [shape for shape, number in shapes(captured.captured_queries).items() if number > 1] == []
    assert len(captured) == queries


def test_the_first_visit_after_a_restart_reads_little_more(client: Client, django_assert_max_num_queries: Any) -> None:
    make_session()
    with django_assert_max_num_queries(9):
        page(client, PATH)


def test_the_last_of_many_pages(client: Client) -> None:
    make_many_workshops(1000)
    html = page(client, PATH, page="42")
    assert html.count('class="v-card"') == 1000 - 41 * 24
    assert "1.000 workshops" in html or "1000 workshops" in html


# -- what is found -----------------------------------------------------------------------------------------


@pytest.fixture
def dated(site: None, clock: Any) -> None:
    """Three workshops: at the school with a full and a free date, in Valby with a late date, online without one."""
    school = make_workshop("Skole", place="school", languages=["da", "en"])
    make_session(workshop=school, starts_in=3 * DAY, capacity=0)
    make_session(workshop=school, starts_in=20 * DAY)
    valby = make_workshop("Valby", place="venue")
    make_session(workshop=valby, starts_in=300 * DAY, place="Huset", district="valby")
    make_workshop("Online", place="online", way_of_booking="request")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"place": "venue"}, ["Valby"]),
        ({"language": "en"}, ["Skole"]),
        ({"language": "da"}, ["Skole", "Valby", "Online"]),
        ({"district": "valby"}, ["Skole", "Valby"]),
        ({"district": "amager-vest"}, ["Skole"]),
        ({"free": "1"}, ["Skole", "Valby"]),
        ({"free": "0"}, ["Skole", "Valby", "Online"]),
        ({"free": "on"}, ["Skole", "Valby"]),
        ({"period": "30-days"}, ["Skole"]),
        ({"from": "2026-11-24", "to": "2026-11-27"}, ["Skole"]),
        ({"from": "2026-11-24", "to": "2026-11-27", "free": "1"}, []),
        ({"from": "2027-09-01"}, ["Valby"]),
        ({"from": "01.09.2027"}, ["Valby"]),
        ({"from": "2027-09-01", "district": "amager-vest"}, []),
        ({"from": "2027-09-01", "district": "valby", "free": "1"}, ["Valby"]),
        ({"sort": "title"}, ["Online", "Skole", "Valby"]),
        ({"sort": "next"}, ["Skole", "Valby", "Online"]),
        ({"sort": "newest"}, ["Online", "Valby", "Skole"]),
        ({"sort": "x"}, ["Skole", "Valby", "Online"]),
    ],
)
@pytest.mark.usefixtures("dated")
def test_filters_by_date_and_place(client: Client, query: dict[str, str], expected: list[str]) -> None:
    assert titles(client, **query) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"from": "9999-12-31"},
        {"to": "0001-01-01"},
        {"from": "2026-13-01"},
        {"from": "x" * 1000},
        {"from": "2026-12-31", "to": "2026-12-01"},
        {"free": "banana"},
        {"period": "yesterday"},
        {"district": "nowhere"},
        {"place": "nowhere"},
        {"language": "tlh"},
        {"view": "x"},
        {"month": "2026-99"},
        {"grade": "7.5"},
        {"q": "a" * 100_000},
    ],
)
@pytest.mark.usefixtures("dated")
def test_nonsense_is_left_out_and_said(client: Client, query: dict[str, str]) -> None:
    html = page(client, PATH, **query)
    assert titles(client, **query) == ["Skole", "Valby", "Online"] or "to" in query
    assert said("We left out what we could not read:") in html
    assert said("We left out what we could not read:") not in page(client, PATH, unknown="x", grade="7")


@pytest.mark.parametrize(
    "query",
    ["grade[]=7", "grade=7&grade=8", "page=-1", "page=1e9", "q[]=x&q[]=y", "view=month&month=9999-12", "&&=&", "a=%ff"],
)
@pytest.mark.usefixtures("dated")
def test_odd_addresses(client: Client, query: str) -> None:
    for view in ("", "&view=dates", "&view=month"):
        assert client.get(f"{PATH}?{query}{view}").status_code == 200


def test_ten_megabytes(client: Client) -> None:
    assert client.get(PATH, {"q": "x" * 10_000_000}).status_code == 200


def chips(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'<a class="v-chip" href="([^"]*)">(.*?)</a>', html, re.S)
    return [(href.replace("&amp;", "&"), re.sub("<[^>]*>", "", text).split(" ", 1)[1].strip()) for href, text in found]


@pytest.mark.usefixtures("dated")
def test_each_choice_can_be_let_go_of(client: Client) -> None:
    html = page(client, PATH, grade="7", place="venue", junk="x", theme="nonsense", **{"from": "2026-12-01"})
    period = f"{said('From')}: 1. december 2026"
    assert chips(html) == [
        ("?from=2026-12-01&place=venue", f"{said('Grade')}: 7"),
        ("?grade=7&place=venue", period),
        ("?grade=7&from=2026-12-01", f"{said('Kind of place')}: {said('At our venue')}"),
    ]
    assert chips(page(client, PATH, grade="7")) == [(PATH, f"{said('Grade')}: 7")]
    assert chips(page(client, PATH)) == []


@pytest.mark.usefixtures("dated")
def test_an_empty_result_says_what_to_loosen_and_what_that_gives(client: Client) -> None:
    html = page(client, PATH, place="venue", grade="7", period="30-days", sort="title")
    empty = html.split('class="v-empty"')[1]
    ways = re.findall(r'<a href="([^"]*)">([^<]*)</a> \(([^)]*)\)', empty)
    assert [(href.replace("&amp;", "&"), count) for href, _label, count in ways] == [
        ("?grade=7&period=30-days&sort=title", "1 workshop"),  # without the place
        ("?grade=7&place=venue&sort=title", "1 workshop"),
    ]
    for href, _label, _count in ways:
        assert len(titles(client, PATH + href.replace("&amp;", "&"))) == 1


def test_counts_behind_the_choices_are_what_choosing_gives(client: Client) -> None:
    make_many_workshops(40)
    asked = {"grade": "5", "place": "venue"}
    html = page(client, PATH, **asked)
    for name in ("audience", "grade", "subject", "theme", "place", "language"):
        select = re.search(rf'<select name="{name}".*?</select>', html, re.S)
        assert select
        options = re.findall(r'<option value="([^"]+)"[^>]*>[^<]*\((\d+)\)</option>', select.group())
        assert len(options) >= 2
        for value, count in options:
            total = re.search(r"data-found>(\d+)", page(client, PATH, **{**asked, name: value}))
            assert int(count) == (int(total.group(1)) if total else 0), (name, value)


def test_the_best_comes_first_in_a_search(client: Client) -> None:
    make_workshop("Om rygter", description="Klassen bruger en kilde.")
    make_workshop("Billedkilder")
    make_workshop("Kilder og rygter")
    assert titles(client, q="kilden") == ["Kilder og rygter", "Billedkilder", "Om rygter"]
    assert titles(client, q="kilden", sort="title") == ["Billedkilder", "Kilder og rygter", "Om rygter"]


def test_a_search_finds_the_names_of_terms_and_inflected_words(client: Client) -> None:
    workshop = make_workshop("A", description="Om EKSTREMISME og Ægteskab")
    workshop.subjects.add(Subject.objects.create(key="h", name_da="Historie", name_en="History"))
    workshop.save()
    make_workshop("B")
    for query in ("historie", "ekstremismen", "ægteskaber", "ÆGTESKAB historie", "7. klasse historie"):
        assert titles(client, q=query) == ["A"], query
    assert titles(client, q="historie zebra") == []


def test_what_an_editor_changes_is_found_at_once(client: Client) -> None:
    workshop = make_workshop("A", description="om fisk")
    assert titles(client, q="fugl") == []
    workshop.description = "om fugle"
    workshop.save_revision().publish()
    assert titles(client, q="fugl") == ["A"]
    assert titles(client, q="fisk") == []


@pytest.mark.parametrize("hide", ["catalogue restricted", "catalogue off", "workshop restricted", "workshop off"])
@pytest.mark.parametrize(
    "path", ["/data/workshops.json", "/data/workshops.csv", "/data/datoer.ics", "/data/datoer.atom"]
)
def test_what_is_not_public_is_in_no_feed(client: Client, hide: str, path: str) -> None:
    workshop = make_workshop("Hemmelig")
    make_session(workshop=workshop)
    assert "Hemmelig" in page(client, path)
    what, how = hide.split()
    hidden = Page.objects.get(pk=workshop.pk) if what == "workshop" else Page.objects.get(pk=workshop.get_parent().pk)
    if how == "off":
        Page.objects.filter(pk=hidden.pk).update(live=False)
    else:
        PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    assert "Hemmelig" not in page(client, path)


# -- dates and calendar ------------------------------------------------------------------------------------


def test_dates_in_the_order_of_time_with_words_for_what_is_full(client: Client) -> None:
    english = make_workshop("Source criticism", language="en")
    danish = make_workshop("Kildekritik")
    Page.objects.filter(pk=english.pk).update(translation_key=danish.translation_key)
    late, full = (
        make_session(workshop=danish, starts_in=9 * DAY),
        make_session(workshop=danish, capacity=0, starts_in=DAY),
    )
    make_session(workshop=danish, visibility="link")
    make_session(workshop=danish, status="cancelled")
    html = page(client, PATH, view="dates")
    assert re.search(r"data-found>2 datoer<", html)
    assert html.index("24. november") < html.index("2. december")
    assert html.count(said("Fully booked")) == 1
    assert (book_url(full) in html, book_url(late) in html) == (False, True)
    assert re.search(r"data-found>1 dato<", page(client, PATH, view="dates", free="1"))
    html = page(client, "/en/workshops/", view="dates")
    assert "Source criticism" in html
    assert "Kildekritik" not in html


def test_dates_on_pages(client: Client) -> None:
    make_many_sessions(make_many_workshops(2), 45)
    assert [page(client, PATH, view="dates", page=str(n)).count('class="v-date"') for n in (1, 2)] == [40, 5]


def test_a_month_has_its_days_holidays_and_neighbours(client: Client) -> None:
    workshop = make_workshop("Kildekritik")
    for number in range(6):
        make_session(workshop=workshop, starts_at=NOW + (10 + number / 24) * DAY, capacity=0 if number == 1 else 28)
    html = page(client, PATH, view="month")
    assert re.search(r"data-found>December 2026: 6 datoer<", html)
    assert html.count('class="v-slot__link"') == 4
    assert said("Fully booked") in html
    assert "Juledag" in html
    assert 'href="?view=month&amp;month=2026-11"' in html
    assert 'href="?view=month&amp;month=2027-01"' in html
    day = 'href="?from=2026-12-03&amp;to=2026-12-03&amp;view=dates"'
    assert day in html
    assert len(re.findall(r'<td class="v-day[ "]', html)) == 35
    assert "Christmas Day" in page(client, "/en/workshops/", view="month")


def test_months_that_nobody_can_book_are_not_offered(client: Client) -> None:
    make_session()
    first = page(client, PATH, view="month", month="2020-01")
    assert "November 2026" in first
    assert 'rel="prev"' not in first
    last = page(client, PATH, view="month", month="2099-12")
    assert 'rel="next"' not in last
    assert "November 2028" in last


def test_a_late_evening_is_on_its_own_day(client: Client) -> None:
    make_session(starts_at=dt.datetime(2026, 12, 31, 23, 30, tzinfo=COPENHAGEN))
    assert re.search(r"data-found>December 2026: 1 dato<", page(client, PATH, view="month"))


def test_the_page_names_its_feeds_with_the_filters(client: Client) -> None:
    html = page(client, PATH, grade="7", sort="title", free="1", junk="x")
    links = re.findall(r'<link rel="alternate" type="([^"]*)"[^>]*href="([^"]*)"', html)
    assert [(kind, href.replace("&amp;", "&")) for kind, href in links if "/data/" in href] == [
        ("application/atom+xml", "/data/datoer.atom?grade=7&free=1"),
        ("text/calendar", "/data/datoer.ics?grade=7&free=1"),
        ("application/json", "/data/workshops.json?grade=7&free=1"),
        ("text/csv", "/data/workshops.csv?grade=7&free=1"),
    ]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("page=1&utm_source=x", ""),
        ("subject=&free=on&grade=7&q=%20a%20%20b%20&junk=1", "?q=a+b&grade=7&free=1"),
        ("page=2&sort=title", "?sort=title&page=2"),
        ("view=workshops&month=2026-12", ""),
        ("grade=99&view=dates", "?view=dates"),
    ],
)
def test_one_address_for_one_thing(client: Client, query: str, canonical: str) -> None:
    make_many_workshops(30)
    make_workshop("a b")
    (found,) = re.findall(r'<link rel="canonical" href="([^"]*)">', client.get(f"{PATH}?{query}").content.decode())
    assert found.replace("&amp;", "&") == f"http://testserver{PATH}{canonical}"
