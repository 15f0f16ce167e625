"""The frame of every page: menu, languages, breadcrumbs and the way to help."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction, Site

from tests.factories.bookings import make_session
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url
from tests.factories.people import make_user
from tests.factories.texts import page, said
from vaern.addresses import in_english
from vaern.pages.models import ArticlePage, HomePage

pytestmark = pytest.mark.usefixtures("site", "clock")
PUBLIC = ["/", "/workshops/", "/er-du-bekymret/", "/maal/", "/log-ind/", "/findes-ikke/"]


def make_article(title: str, *, language: str = "da", under: Page | None = None, **fields: Any) -> ArticlePage:
    home = HomePage.objects.get(locale__language_code=language)
    article = ArticlePage(title=title, slug=title.lower().replace(" ", "-"), locale=home.locale, **fields)
    (under or home).add_child(instance=article)
    return article


def languages(html: str) -> dict[str, str]:
    """Where the language switcher leads, and which language it says is the current one."""
    found = re.findall(r'<a href="([^"]*)" lang="\w+" hreflang="(\w+)"( aria-current="true")?', html)
    assert found[: len(found) // 2] == found[len(found) // 2 :]  # the same in the header and in the menu
    return {code: url + ("*" if current else "") for url, code, current in found}


def crumbs(html: str) -> list[tuple[str, str]]:
    items = re.findall(r'<li class="breadcrumbs__list-item".*?</li>', html, re.S)
    return [
        (
            re.sub("<[^>]*>", "", item).strip(),
            (re.findall('href="([^"]*)"', re.sub("<svg.*?</svg>", "", item)) or [""])[0],
        )
        for item in items
    ]


@pytest.mark.parametrize(
    ("path", "danish", "english"),
    [
        ("/", "/", "/en/"),
        ("/workshops/", "/workshops/", "/en/workshops/"),
        ("/er-du-bekymret/", "/er-du-bekymret/", "/en/are-you-worried/"),
        ("/maal/", "/maal/", "/en/goals/"),
        ("/maal/2025/", "/maal/2025/", "/en/goals/2025/"),
        ("/log-ind/", "/log-ind/", "/en/sign-in/"),
    ],
)
def test_the_same_page_in_the_other_language(client: Client, path: str, danish: str, english: str) -> None:
    assert languages(page(client, path)) == {"da": f"{danish}*", "en": english}
    assert languages(page(client, english)) == {"da": danish, "en": f"{english}*"}


def test_a_page_without_a_translation_leads_to_the_front_page(client: Client) -> None:
    workshop, article = make_workshop("Kun på dansk"), make_article("Kun dansk")
    assert languages(page(client, workshop.url)) == {"da": f"{workshop.url}*", "en": "/en/"}
    assert languages(page(client, article.url)) == {"da": f"{article.url}*", "en": "/en/"}


def test_a_translated_workshop_leads_to_its_translation(client: Client) -> None:
    danish, english = make_workshop("Kilder"), make_workshop("Sources", language="en")
    Page.objects.filter(pk=english.pk).update(translation_key=danish.translation_key)
    assert languages(page(client, danish.url)) == {"da": f"{danish.url}*", "en": english.url}
    Page.objects.filter(pk=english.pk).update(live=False)
    assert languages(page(client, danish.url))["en"] == "/en/"


def test_a_form_that_came_back_with_errors_leads_to_the_front_page(client: Client) -> None:
    url = book_url(make_session())
    assert languages(page(client, url))["en"] == f"/en{in_english(url)}"
    assert languages(client.post(url, {}).content.decode()) == {"da": "/*", "en": "/en/"}


def address(prefix: str, path: str, worried: str) -> str:
    """Where the page at the Danish `path` is found in the language of `prefix`."""
    if path == "/er-du-bekymret/":
        return worried
    return prefix + in_english(path) if prefix else path


@pytest.mark.parametrize("path", PUBLIC)
def test_help_is_one_step_away_from_every_page(client: Client, path: str) -> None:
    for prefix, worried in (("", "/er-du-bekymret/"), ("/en", "/en/are-you-worried/")):
        html = client.get(address(prefix, path, worried)).content.decode()
        assert html.count(f'href="{worried}"') >= 2
        assert 'href="tel:112"' in html


def test_the_page_for_those_who_worry_has_no_form_and_sets_no_cookie(client: Client) -> None:
    answer = client.get("/er-du-bekymret/")
    html = answer.content.decode()
    assert ("<form" in html, "<input" in html, dict(answer.cookies)) == (False, False, {})


@pytest.mark.parametrize("path", ["/", "/workshops/", "/maal/", "/er-du-bekymret/"])
def test_reading_sets_no_cookie(client: Client, path: str) -> None:
    assert dict(client.get(path).cookies) == {}


def test_menu_and_footer_follow_the_editors_choice(client: Client) -> None:
    make_article("Skoler", show_in_menus=True)
    make_article("Privatliv", in_footer=True)
    make_article("Ingen af delene")
    make_article("Kladde", show_in_menus=True, in_footer=True, live=False)
    restricted = make_article("Lukket", show_in_menus=True)
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    make_article("English only", language="en", show_in_menus=True)
    html = page(client, "/skoler/")
    nav = html.split('<nav class="v-nav"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]*)"( aria-current="page")?>([^<]*)<', nav) == [
        ("/workshops/", "", "Workshops"),
        ("/skoler/", ' aria-current="page"', "Skoler"),
    ]
    footer = html.split('<nav class="v-footer__links"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]*)"', footer) == ["/privatliv/"]
    assert "English only" in page(client, "/en/")


def test_breadcrumbs_lead_back_step_by_step(client: Client) -> None:
    top = make_article("Om")
    middle = make_article("Planen", under=top)
    deep = make_article("Kilder", under=middle)
    home = (said("Front page"), "/")
    assert crumbs(page(client, "/")) == []
    assert crumbs(page(client, top.url)) == [home, ("Om", "")]
    assert crumbs(page(client, middle.url)) == [home, ("Om", "/om/"), ("Planen", "")]
    assert crumbs(page(client, deep.url)) == [home, ("Om", "/om/"), ("Planen", "/om/planen/"), ("Kilder", "")]
    workshop = make_workshop("Dialog")
    assert crumbs(page(client, workshop.url)) == [home, ("Workshops", "/workshops/"), ("Dialog", "")]
    assert crumbs(page(client, "/en/goals/")) == [("Front page", "/en/"), (said("Goals and results", "en"), "")]


@pytest.mark.parametrize("path", PUBLIC)
def test_every_page_says_its_language_and_has_one_heading(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert html.startswith('<!DOCTYPE html>\n<html lang="da">')
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert re.search(r"<title>[^<]+ – Værn</title>", html)
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_editors_see_their_bar_and_visitors_do_not(client: Client) -> None:
    assert "wagtail-userbar" not in page(client, "/")
    client.force_login(make_user("editor"))
    assert "wagtail-userbar" in page(client, "/")


@pytest.mark.parametrize(
    ("language", "path"), [("da", "/findes-ikke/"), ("en", "/en/does-not-exist/"), ("da", "/workshops/nej/")]
)
def test_a_page_that_is_not_there_helps_on_in_its_language(client: Client, language: str, path: str) -> None:
    html = page(client, path, status=404)
    assert f'<html lang="{language}">' in html
    assert said("We cannot find the page", language) in html


def test_pages_read_the_same_with_one_and_with_three_in_the_menu(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in (1, 3):
        for index in range(number):
            make_article(f"A{number}{index}", show_in_menus=True, in_footer=True)
        page(client, "/")
        with django_assert_num_queries(6):
            page(client, "/")


def test_without_a_site_pages_are_not_found_and_do_not_fail(client: Client) -> None:
    Site.objects.all().delete()
    assert client.get("/").status_code == 404
