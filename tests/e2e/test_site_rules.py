"""Search and the rule pages in a browser, and that nothing ever asks another host."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.test_accessibility import both_widths
from tests.e2e.world import World
from tests.factories.people import make_user
from vaern.search.domain import rebuild
from vaern.setup.starter.pages import load_pages

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
ADMIN = (
    "/admin/",
    "/admin/pages/",
    "/admin/images/",
    "/admin/documents/",
    "/admin/snippets/",
    "/admin/snippets/search/synonym/",
    "/admin/snippets/search/synonym/add/",
    "/admin/reports/translations/",
    "/admin/reports/searches/",
    "/admin/account/",
)


def test_search_and_rule_pages_are_accessible(world: World, open_page: OpenPage) -> None:
    load_pages()
    rebuild()
    page: Any = open_page()
    found = []
    for path in ("/soeg/?q=zzzz", "/soeg/?q=klasse", "/en/search/?q=workshop"):
        page.goto(world.url + path)
        found += both_widths(page, path)
    for path in ("/privatliv/", "/en/privacy/", "/cookies/", "/en/cookies/", "/was", "/en/was", "/kontakt/"):
        page.goto(world.url + path)
        found += both_widths(page, path)
    Page.objects.filter(slug="privatliv").update(last_published_at="2027-01-01T09:00:00Z")
    page.goto(f"{world.url}/en/privacy/")
    assert page.locator(".alert").count() == 1
    found += both_widths(page, "translation that is behind")
    assert found == []


def test_the_search_works_without_javascript_and_from_the_header(world: World, open_page: OpenPage) -> None:
    rebuild()
    wide = open_page(script=False)
    wide.goto(world.url + "/")
    wide.fill("#header-q", world.workshop.title)
    wide.keyboard.press("Enter")
    assert wide.locator(".v-results__title").first.inner_text() == world.workshop.title
    phone = open_page(width=390, script=False)
    phone.goto(world.url + "/")
    phone.locator(".v-header__find").click()
    phone.fill("#id_q", world.workshop.title)
    phone.keyboard.press("Enter")
    phone.locator(".v-results__title a").first.click()
    assert phone.locator("h1").inner_text() == world.workshop.title


def test_no_screen_of_the_editors_asks_another_host(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    page = open_page()  # the public pages are walked by test_accessibility, under the same watch
    client = Client()
    client.force_login(make_user("editor"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": world.url}])
    edit = f"/admin/pages/{world.workshop.pk}/edit/"
    for path in (*ADMIN, edit):
        page.goto(world.url + path)
        page.wait_for_load_state("networkidle")
    assert [line for line in clean_console.seen if "third-party" in line] == []
    clean_console.seen.clear()  # what Wagtail's own screens say in the console is tests/cms' business
