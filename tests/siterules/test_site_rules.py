"""Robots, sitemap, security.txt, /was, favicon, and the cookies that the site sets."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from wagtail.models import PageViewRestriction

from tests.factories import plan as plans
from tests.factories.bookings import make_session
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url, booking_form
from tests.factories.people import make_user
from tests.factories.texts import page
from tests.pages.test_navigation import make_article
from tests.translations.test_languages import make_pair
from vaern.sitemaps import PageSitemap

pytestmark = pytest.mark.usefixtures("site", "clock")
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def sitemap(client: Client, section: str = "pages") -> dict[str, dict[str, str]]:
    """Path → {language: path of the alternate}."""
    root = ElementTree.fromstring(page(client, f"/sitemap-{section}.xml"))  # noqa: S314
    found = {}
    for url in root.findall("s:url", NS):
        links = {link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", NS)}
        found[str(url.findtext("s:loc", namespaces=NS))] = links
    return {key.removeprefix("http://testserver"): value for key, value in found.items()}


def test_the_sitemap_has_public_pages_with_their_translations(client: Client) -> None:
    danish, english = make_pair()
    workshop = make_workshop("Kilder")
    closed = make_article("Lukket")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    make_article("Under", under=closed)
    make_article("Kladde", live=False)
    make_article("Udløbet", expire_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    found = sitemap(client)
    both = {"da": f"http://testserver{danish.url}", "en": f"http://testserver{english.url}"}
    assert (found[danish.url], found[english.url], found[workshop.url]) == (both, both, {})
    top = {"/", "/en/", "/workshops/", "/en/workshops/", "/er-du-bekymret/", "/en/are-you-worried/"}
    assert set(found) == top | {danish.url, english.url, workshop.url}
    goals = {"da": "http://testserver/maal/", "en": "http://testserver/en/goals/"}
    assert sitemap(client, "goals") == {"/maal/": goals, "/en/goals/": goals}
    assert set(sitemap(client, "data")) == {"/data/", "/en/data/"}
    assert sitemap(client, "plan") == {}
    assert client.get("/sitemap-nonsense.xml").status_code == 404


def test_the_sitemap_comes_in_parts_with_dates(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_article("Ny").save_revision().publish()
    assert "<lastmod>2026-11-23</lastmod>" in page(client, "/sitemap-pages.xml")
    monkeypatch.setattr(PageSitemap, "limit", 3)
    assert re.findall(r"<loc>(.*?)</loc>", page(client, "/sitemap.xml")) == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-pages.xml?p=2",
        "http://testserver/sitemap-pages.xml?p=3",
        "http://testserver/sitemap-goals.xml",
        "http://testserver/sitemap-data.xml",
        "http://testserver/sitemap-plan.xml",
    ]


def test_the_plans_change_log_is_found_and_its_versions_are_not(client: Client) -> None:
    plan = plans.make_plan()
    plans.make_chapter(plan)
    plans.adopted(plan)
    log = "/beredskabsplan/version/"
    assert set(sitemap(client, "plan")) == {log, f"/en{log}"}
    html = page(client, log)
    assert f'<link rel="canonical" href="http://testserver{log}">' in html
    assert f'<link rel="alternate" hreflang="en" href="http://testserver/en{log}">' in html
    assert "noindex" not in html
    for path in (f"{log}1.0/", f"{log}sammenlign/"):
        assert client.get(path)["X-Robots-Tag"] == "noindex"
        assert 'rel="canonical"' not in page(client, path)
    assert '<link rel="canonical" href="http://testserver/data/">' in page(client, "/data/")


def test_the_sitemap_takes_as_many_queries_for_many_pages(client: Client, django_assert_num_queries: Any) -> None:
    page(client, "/sitemap-pages.xml")
    for number in (1, 30):
        for index in range(number):
            make_article(f"Side {number} {index}")
        with django_assert_num_queries(1):
            page(client, "/sitemap-pages.xml")


def test_robots_are_kept_from_own_pages_and_from_a_demo(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page(client, "/robots.txt") == "User-agent: *\nDisallow: /\n"
    installed = apps.is_installed
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "vaern.demo" and installed(name))
    lines = page(client, "/robots.txt").splitlines()
    for path in (
        "/admin/",
        "/booking/",
        "/en/booking/",
        "/vikar/",
        "/en/check-in/",
        "/soeg/",
        "/en/search/",
        "/en/sign-in/",
        "/demo/",
    ):
        assert f"Disallow: {path}" in lines
    assert "Disallow: /" not in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_security_txt_ends_in_the_future_and_asks_to_be_filled_in(client: Client, settings: Any) -> None:
    text = page(client, "/.well-known/security.txt")
    assert "# Contact: skal udfyldes" in text
    assert "Expires: 2027-05-22T00:00:00Z" in text
    settings.VAERN_SECURITY_CONTACT = "sikkerhed@example.dk"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().startswith("Contact: mailto:sikkerhed@example.dk\n")
    assert client.get("/security.txt")["Location"] == "/.well-known/security.txt"


def test_was_leads_to_the_statement(client: Client, settings: Any) -> None:
    assert client.get("/was").status_code == 404
    call_command("load_starter", verbosity=0)
    assert client.get("/was")["Location"] == "/tilgaengelighed/"
    assert client.get("/was/")["Location"] == "/tilgaengelighed/"
    assert client.get("/en/was")["Location"] == "/en/accessibility/"
    settings.VAERN_WAS_URL = "https://was.digst.dk/example-dk"
    assert client.get("/was")["Location"] == "https://was.digst.dk/example-dk"


def test_the_favicon_is_ours(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/vaern/img/favicon.svg"
    assert 'rel="icon" href="data:' not in page(client, "/")


def test_the_cookie_page_lists_the_cookies_that_are_set(client: Client, settings: Any) -> None:
    call_command("load_starter", verbosity=0)
    names: set[str] = set()
    for path in ("/", "/workshops/", "/soeg/?q=x", "/maal/", "/er-du-bekymret/", "/log-ind/", "/en/sign-in/"):
        names |= set(client.get(path).cookies)
    names |= set(client.post(book_url(make_session()), booking_form()).cookies)
    client.force_login(make_user("coordinator"))
    names |= {name for name in client.cookies if client.cookies[name].value}
    names |= set(client.post("/log-af/").cookies)
    listed = {"__Host-vaern-session": "sessionid", "__Host-vaern-csrf": "csrftoken", "messages": "messages"}
    assert names == set(listed.values()) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"}
    for path in ("/cookies/", "/en/cookies/"):
        main = page(client, path).split("<main")[1].split("</main>")[0]
        words = re.sub("<[^>]*>", " ", main)
        assert sorted(re.findall(r"__Host-[\w-]+|\bmessages\b", words)) == sorted(listed)
