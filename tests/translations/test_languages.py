"""Two languages: addresses, links between them, translations that are behind, and no word of the wrong one."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageViewRestriction

from tests.factories.people import make_user
from tests.factories.texts import page, said
from tests.pages.test_navigation import make_article
from vaern.addresses import ENGLISH, in_english
from vaern.pages.models import ArticlePage, HomePage
from vaern.sitemaps import open_pages
from vaern.translations.rules import is_behind

pytestmark = pytest.mark.usefixtures("site", "clock")


def alternates(html: str) -> dict[str, str]:
    return dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="http://testserver([^"]*)">', html))


def make_pair(danish: str = "Om kilder", english: str = "About sources") -> tuple[ArticlePage, ArticlePage]:
    one, other = make_article(danish), make_article(english, language="en")
    Page.objects.filter(pk=other.pk).update(translation_key=one.translation_key)
    other.refresh_from_db()
    return one, other


# -- addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "danish", "english"),
    [
        ("search", "/soeg/", "/en/search/"),
        ("goals:public", "/maal/", "/en/goals/"),
        ("account_login", "/log-ind/", "/en/sign-in/"),
        ("account_logout", "/log-af/", "/en/sign-out/"),
        ("workspace", "/min-side/", "/en/my-page/"),
        ("bookings:sessions", "/fremmoede/", "/en/attendance/"),
    ],
)
def test_each_language_has_its_own_words_in_addresses(client: Client, name: str, danish: str, english: str) -> None:
    found = []
    for language in ("da", "en"):
        with translation.override(language):
            found.append(reverse(name))
    assert found == [danish, english]
    answer = client.get(f"/en{danish}?next=/x/")
    assert (answer.status_code, answer["Location"]) == (301, f"{english}?next=/x/")
    assert client.post(f"/en{danish}").status_code == 308
    assert client.get(english[3:]).status_code == 404


def test_a_secret_in_an_old_address_goes_along_unchanged() -> None:
    assert in_english("/booking/soegXmaal/afbestil/") == "/booking/soegXmaal/cancel/"
    assert len(set(ENGLISH.values()) & set(ENGLISH)) == 0


# -- links between the languages ------------------------------------------------------------------------------


def test_a_translated_page_tells_of_its_translation(client: Client) -> None:
    danish, english = make_pair()
    links = {"da": danish.url, "en": english.url, "x-default": danish.url}
    for found in (danish, english):
        html = page(client, found.url)
        assert alternates(html) == links
        assert f'<link rel="canonical" href="http://testserver{found.url}">' in html
    assert alternates(page(client, "/maal/")) == {"da": "/maal/", "en": "/en/goals/", "x-default": "/maal/"}
    assert alternates(page(client, "/")) == {"da": "/", "en": "/en/", "x-default": "/"}
    assert client.get(danish.url)["Content-Language"] == "da"
    assert client.get(english.url)["Content-Language"] == "en"


@pytest.mark.parametrize("closed", ["draft", "restricted", "below restricted"])
def test_a_translation_that_is_not_public_is_not_told_of(client: Client, closed: str) -> None:
    danish, english = make_pair()
    parent = make_article("Parent", language="en")
    if closed == "draft":
        Page.objects.filter(pk=english.pk).update(live=False)
    elif closed == "restricted":
        PageViewRestriction.objects.create(page=english, restriction_type="login")
    else:
        english.move(parent, pos="last-child")
        PageViewRestriction.objects.create(page=parent, restriction_type="login")
    assert alternates(page(client, danish.url)) == {}
    assert english.slug not in page(client, danish.url)


def test_pages_of_ones_own_tell_no_address(client: Client) -> None:
    for path in ("/log-ind/", "/soeg/"):
        html = page(client, path)
        assert ("canonical" in html, "og:url" in html, alternates(html)) == (False, False, {})


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/workshops/?q=kilder&grade=7", "/en/workshops/?q=kilder&amp;grade=7"),
        ("/workshops/?page=2&utm_source=x&q=%22%3E%3Cb%3E", "/en/workshops/?q=%22%3E%3Cb%3E"),
        ("/workshops/?grade=99&token=abc", "/en/workshops/"),
        ("/soeg/?q=r%C3%B8d&page=3&token=abc", "/en/search/?q=r%C3%B8d"),
        ("/soeg/", "/en/search/"),
        ("/maal/?q=kilder", "/en/goals/"),
        ("/log-ind/?next=/min-side/", "/en/sign-in/"),
    ],
)
def test_the_language_switch_keeps_what_was_asked_and_nothing_else(client: Client, path: str, there: str) -> None:
    assert f'<a href="{there}" lang="en" hreflang="en"' in page(client, path)


def test_the_language_switch_keeps_the_filters_of_materials(client: Client) -> None:
    call_command("load_starter", verbosity=0)
    there = "/en/materials/?q=kilde&amp;grade=7"
    assert f'<a href="{there}" lang="en" hreflang="en"' in page(client, "/materialer/?q=kilde&grade=7&page=2&x=y")


# -- translations that are behind -----------------------------------------------------------------------------

DAY = dt.timedelta(days=1)
T = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("source", "translated", "still_right", "behind"),
    [
        (T, T + DAY, None, False),
        (T, T, None, False),
        (T + dt.timedelta(minutes=10), T, None, False),
        (T + DAY, T, None, True),
        (T + DAY, T, T + DAY, False),
        (T + 2 * DAY, T, T + DAY, True),
        (None, T, None, False),
        (T, None, None, False),
    ],
)
def test_when_a_translation_is_behind(source: Any, translated: Any, still_right: Any, behind: bool) -> None:
    assert is_behind(source=source, translation=translated, still_right_for=still_right) is behind


def test_an_english_page_behind_its_danish_one_says_so_until_an_editor_says_it_is_right(client: Client) -> None:
    danish, english = make_pair()
    danish.save_revision().publish()
    english.save_revision().publish()
    said_so = said("Read the Danish page", "en")
    assert said_so not in page(client, english.url)
    Page.objects.filter(pk=danish.pk).update(last_published_at=dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC))
    assert said_so in page(client, english.url)
    assert said("Read the Danish page") not in page(client, danish.url)
    client.force_login(make_user("editor"))
    report = page(client, "/admin/reports/translations/")
    assert english.title in report
    assert client.post(f"/admin/reports/translations/{english.pk}/").status_code == 302
    assert english.title not in page(client, "/admin/reports/translations/")
    assert said_so not in page(client, english.url)
    Page.objects.filter(pk=danish.pk).update(last_published_at=dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC))
    assert said_so in page(client, english.url)


def test_the_report_tells_of_missing_pages_and_is_for_editors(client: Client) -> None:
    make_article("Kun dansk")
    client.force_login(make_user("editor"))
    assert "Kun dansk" in page(client, "/admin/reports/translations/")
    client.force_login(make_user("coordinator"))
    assert client.get("/admin/reports/translations/").status_code in {302, 403}


# -- no word of the wrong language ------------------------------------------------------------------------------

VOID = {"meta", "link", "br", "input", "img", "hr", "use", "wbr", "area", "base", "col", "source"}
# Names stay as they are in every language: of the site, of authorities and laws, and of districts.
NAMES = re.compile(
    r"Værn|Københavns Kommune|Åben Skole|Infohus København|barnets lov|børneloven"
    r"|Østerbro|Nørrebro|Vanløse|Brønshøj|Amager Øst"
)
DANISH = re.compile(r"\b(og|ikke|der|det|eller|hvis|skal|kan du|som|til|bliver)\b|[æøåÆØÅ]")
ENGLISH_WORDS = re.compile(r"\b(the|and|of|with|you|your|this|from|are|when)\b")


class Text(HTMLParser):
    """The words of a page in its own language: without elements that name another one, scripts and addresses."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language, self.stack, self.parts = language, [language], list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or self.stack[-1]
        if language == self.language:
            self.parts += [given[name] or "" for name in ("alt", "aria-label", "placeholder") if name in given]
            if given.get("name") == "description" or (given.get("property") or "").startswith("og:d"):
                self.parts.append(given.get("content") or "")
        if tag not in VOID:
            self.stack.append("script" if tag in {"script", "style"} else language)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.stack) > 1:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if self.stack[-1] == self.language:
            self.parts.append(data)


def foreign(html: str, language: str) -> list[str]:
    """Lines of the page that have words of the other language."""
    reader = Text(language)
    reader.feed(html)
    words = DANISH if language == "en" else ENGLISH_WORDS
    lines = (" ".join(part.split()) for part in reader.parts)
    return [line for line in lines if words.search(NAMES.sub("", line))]


def test_every_page_of_the_starter_is_in_its_own_language(client: Client) -> None:
    call_command("load_starter", verbosity=0)
    pages = [found for found in open_pages().select_related("locale") if found.get_url_parts()]
    assert len(pages) > 20
    addresses = {found.get_url_parts()[2]: found.locale.language_code for found in pages}
    for path in ("/soeg/", "/soeg/?q=zzzz", "/soeg/?q=workshops", "/maal/", "/log-ind/", "/findes-ikke/"):
        addresses |= {path: "da", f"/en{in_english(path)}": "en"}
    found = {path: foreign(client.get(path).content.decode(), language) for path, language in addresses.items()}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_crawler_finds_what_it_looks_for() -> None:
    assert foreign("<p>Tea og kaffe</p>", "en") == ["Tea og kaffe"]
    assert foreign('<p>Tea <span lang="da">og kaffe</span> too</p><img alt="Ørsted">', "en") == ["Ørsted"]
    assert foreign("<p>Learn about the law</p><p>En side om loven</p>", "da") == ["Learn about the law"]


def test_the_starter_has_the_same_pages_in_both_languages() -> None:
    call_command("load_starter", verbosity=0)
    homes = {home.locale.language_code: home for home in HomePage.objects.select_related("locale")}
    keys = {code: sorted(str(p.translation_key) for p in home.get_descendants().live()) for code, home in homes.items()}
    assert keys["da"] == keys["en"]
    assert not {p.slug for p in homes["en"].get_descendants()} & {"om", "skoler", "foraeldre", "privatliv", "kontakt"}
