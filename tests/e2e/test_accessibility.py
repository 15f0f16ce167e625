"""WCAG 2.2 AA by axe on every page, wide and at 320 px, and no sideways scrolling."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from tests.e2e.checks import axe_violations, findings, scrolls_sideways
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SUBMIT = "main form[method=post]:not(.v-inline-form) button[type=submit]:not([name], [aria-hidden])"


def both_widths(page: Any, name: str) -> list[str]:
    """Look at the page as it is at 1280 and 320 px."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += findings(page, name)
    return found


def test_public_pages(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    page = open_page()
    found = []
    for name, path in world.public_pages().items():
        page.goto(world.url + path)
        found += both_widths(page, name)
    clean_console.expected = {404}
    page.goto(world.url + "/findes-ikke/")
    found += both_widths(page, "404")
    assert found == []


def test_a_page_with_a_password(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    page = open_page()
    pages = [world.article, world.article.get_translations().get()]
    for closed in pages:
        PageViewRestriction.objects.create(page=closed, restriction_type="password", password="sætning")
    found = []
    for path in (closed.url for closed in pages):
        page.goto(world.url + path)
        found += both_widths(page, f"password {path}")
        page.locator(SUBMIT).click()
        found += both_widths(page, f"password with errors {path}")
    page.goto(world.url + world.article.url)
    page.fill("[name=password]", "sætning")
    page.locator(SUBMIT).click()
    assert page.locator("h1").inner_text() == world.article.title
    assert found == []


def test_forms_with_errors_and_the_open_menu(world: World, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(world.url + world.book_path)
    page.locator(SUBMIT).click()
    found = both_widths(page, "booking form with errors")
    page.set_viewport_size({"width": 320, "height": 900})
    page.locator("[data-menu] summary").click()
    found += findings(page, "open menu")
    page.goto(world.url + "/log-ind/")
    page.locator(SUBMIT).click()
    found += both_widths(page, "sign-in with errors")
    page.fill("[name=login], [name=email]", world.facilitator.email)
    page.locator(SUBMIT).click()
    page.wait_for_url("**/bekraeft/")
    found += both_widths(page, "code page")
    page.fill("[name=code]", "AAAAAA")
    page.locator(SUBMIT).click()
    found += both_widths(page, "code page with errors")
    assert found == []


def test_staff_pages(world: World, open_page: OpenPage) -> None:
    client = Client()
    client.force_login(world.coordinator)
    page = open_page()
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": world.url}])
    found = []
    for name, path in world.staff_pages().items():
        page.goto(world.url + path)
        assert "/log-ind/" not in page.url, name
        found += both_widths(page, name)
    page.goto(world.url + world.attendance_path)
    line = world.past_session.lines.get()
    page.fill(f"[name=line-{line.pk}-pupils]", "999")
    page.fill(f"[name=line-{line.pk}-adults]", "1")
    page.locator(SUBMIT).click()
    found += both_widths(page, "attendance form with errors")
    assert found == []


def test_the_checks_can_fail(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    page = open_page(width=320)
    page.goto(world.url + "/workshops/")
    assert axe_violations(page) == []
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">')"
    )
    assert any(line.startswith("image-alt") for line in axe_violations(page))
    page.evaluate("document.querySelector('main').style.width = '2000px'")
    assert scrolls_sideways(page)
    assert clean_console.seen == []
    clean_console.expected = {404}
    page.goto(world.url + "/findes-ikke/")
    assert clean_console.seen == []
    page.evaluate("fetch('https://example.com/x').catch(() => 0)")
    page.evaluate("console.error('provoked')")
    assert any("provoked" in line for line in clean_console.seen)
    assert any("example.com" in line for line in clean_console.seen)  # our CSP refuses it before the guard does
    clean_console.seen.clear()
