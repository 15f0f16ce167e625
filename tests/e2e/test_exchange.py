"""Import, export and the audit log in a real browser: axe, phone width, keyboard, progress with and without script."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from bookings.models import Session
from tests.e2e.checks import scrolls_sideways, tab_to
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.test_editors import axe_of, sign_in
from tests.e2e.world import World
from tests.factories.people import make_user
from vaern.exchange.jobs import make_exports

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PAST = b"institutionsnummer;klasse;dato;workshop;elever til stede;voksne til stede\n999999;7.B;14-03-2025;X;22;2\n"


def looked_at(page: Any, name: str) -> list[str]:
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{name} {width}: {line}" for line in axe_of(page, "main")]
        found += [f"{name} {width}: sideways"] if scrolls_sideways(page) else []
    return found


def test_the_screens(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    page = open_page()
    sign_in(page, world, world.coordinator)
    found = []
    for name in ("exchange", "exchange_export_bookings", "exchange_import_history"):
        page.goto(world.url + reverse(name))
        found += looked_at(page, name)
    page.set_input_files("[name=file]", files=[{"name": "fil.csv", "mimeType": "text/csv", "buffer": PAST}])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/batches/**")
    expect(page.locator("main [role=alert]")).to_contain_text("1 række er forkert")
    found += looked_at(page, "preview")
    officer = open_page()
    sign_in(officer, world, make_user("privacy-officer"))
    officer.goto(world.url + reverse("audit_log:index"))
    officer.locator("main table").wait_for()
    found += [f"audit: {line}" for line in axe_of(officer, "#listing-results")]
    assert found == []


@pytest.mark.parametrize("script", [True, False])
def test_a_large_file_is_followed_and_fetched(
    world: World, open_page: OpenPage, script: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaern.exchange.views.AT_ONCE", 0)
    page = open_page(width=390, script=script)
    sign_in(page, world, world.coordinator)
    page.goto(world.url + reverse("exchange_export_sessions"))
    page.locator("[name=form][value=csv]").press("Space")  # without script Wagtail's sidebar lies over it
    button = page.locator("main form button[type=submit]").first
    tab_to(page, button)
    page.keyboard.press("Enter")
    page.wait_for_url("**/files/**")
    expect(page.locator("main progress")).to_be_visible()
    assert make_exports() == 1
    if not script:
        page.locator("main [data-exchange-progress] a").first.press("Enter")
    fetch = page.locator("main a[href$='/fetch/']")
    expect(fetch).to_be_visible()
    with page.expect_download() as download:
        fetch.press("Enter")
    assert download.value.suggested_filename.startswith("vaern-sessions-")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.count("\n") == 1 + Session.objects.count()
