"""From the front page to a telephone number: three clicks, on a phone, by keyboard, without JavaScript."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.e2e.checks import findings, tab_to
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.test_html import save, validate
from tests.e2e.world import World
from tests.factories.guidance import worried_page
from vaern.guidance.models import ActionCardPage, EffortPage, GuidanceIndexPage, Situation, WorkplacePage
from vaern.pdf.press import make_pdfs
from vaern.setup.starter.guidance import load_cards, load_guidance

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
LEAVE = "https://www.dmi.dk/"
STARTS = {"da": "/er-du-bekymret/", "en": "/en/are-you-worried/"}


@pytest.fixture
def guidance(world: World) -> World:
    """The site with the starter's guidance."""
    load_guidance()
    load_cards()
    return world


def paths() -> dict[str, str]:
    """Name and path of one page of each type and step, in both languages."""
    situation = Situation.objects.get(key="extreme")
    found = {}
    for language, start in STARTS.items():
        step = f"{start}situation-{situation.pk}/"
        found |= {f"start {language}": start, f"step {language}": step}
        found |= {f"{end} {language}": f"{step}{end}/" for end in ("under-18", "112-18-plus")}
        for model in (ActionCardPage, GuidanceIndexPage, WorkplacePage, EffortPage):
            pages = model.objects.live().filter(locale__language_code=language).order_by("path")
            found[f"{model.__name__} {language}"] = pages.first().url
        found[f"effort without a number {language}"] = EffortPage.objects.get(
            locale__language_code=language, contact__key="infohus"
        ).url
    situation = Situation.objects.create(title_da="Uden kort", title_en="Without a card")
    worried_page().__class__.objects.update(general_card=None)
    found["no card at all"] = f"{STARTS['da']}situation-{situation.pk}/x/"
    return found


def test_three_clicks_by_keyboard_on_a_phone_without_script(guidance: World, open_page: OpenPage) -> None:
    page = open_page(width=390, script=False)
    page.goto(guidance.url + "/")
    tab_to(page, page.locator("a.v-worried"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/er-du-bekymret/")
    assert page.locator("main a[href^='tel:']").first.is_visible()  # there already after one
    tab_to(page, page.get_by_role("link", name="Nogen siger ekstreme ting"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/situation-*/")
    tab_to(page, page.get_by_role("link", name="Personen er under 18", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/under-18/")
    number = page.locator("a[href='tel:+4541749090']").first
    tab_to(page, number)
    box = number.bounding_box()
    assert box["height"] >= 24
    assert page.locator("main :is(form, input, button)").count() == 0
    assert page.context.cookies() == []


def test_every_step_goes_back_and_away_and_leaves_no_trace(
    guidance: World, open_page: OpenPage, clean_console: Watch
) -> None:
    page = open_page(width=390, script=False)
    situation = Situation.objects.get(key="exit")
    page.goto(f"{guidance.url}{STARTS['da']}situation-{situation.pk}/x/")
    assert page.locator("a.v-leave__link").get_attribute("href") == LEAVE
    page.locator("a.v-back__link").click()
    page.wait_for_url(f"**/situation-{situation.pk}/")
    page.locator("a.v-back__link").click()
    page.wait_for_url("**/er-du-bekymret/")
    page.mouse.wheel(0, 3000)
    link = page.locator("a.v-leave__link")
    box = link.bounding_box()
    assert 0 <= box["y"] < 844  # still in sight
    assert box["height"] >= 44

    page = open_page(width=390)
    page.context.route(LEAVE, lambda route: route.fulfill(body="<title>Vejret</title>", content_type="text/html"))
    seen: list[dict[str, str]] = []
    page.on("request", lambda request: seen.append(request.headers) if request.url == LEAVE else None)
    page.goto(guidance.url + "/")
    page.goto(guidance.url + STARTS["da"])
    page.locator("a.v-leave__link").click()
    page.wait_for_url(LEAVE)
    assert [headers.get("referer") for headers in seen] == [None]
    page.go_back()
    page.wait_for_url(guidance.url + "/")  # the page before, not the one that was left


def test_every_type_is_accessible_and_valid_in_both_languages(
    guidance: World, open_page: OpenPage, tmp_path: Path
) -> None:
    page, client = open_page(), Client()
    found = []
    for name, path in paths().items():
        page.goto(guidance.url + path)
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            found += findings(page, name)
        answer = client.get(path)
        assert answer.status_code == 200, name
        save(tmp_path, name, answer.content)
    assert found == []
    assert validate(tmp_path) == []


def pages_of(pdf: Path) -> int:
    told = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout  # noqa: S603, S607
    return int(re.findall(r"^Pages:\s+(\d+)", told, re.M)[0])


def test_every_card_is_one_sheet_of_paper(guidance: World, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    sheet = tmp_path / "card.pdf"
    found = {}
    for card in ActionCardPage.objects.live().order_by("path"):
        page.goto(guidance.url + card.url)
        page.pdf(path=str(sheet), format="A4", prefer_css_page_size=True)
        found[card.url] = pages_of(sheet)
    assert found == dict.fromkeys(found, 1)
    assert len(found) == 24
    text = subprocess.run(["pdftotext", sheet, "-"], check=True, capture_output=True, text=True).stdout  # noqa: S603, S607
    assert re.search(r"Action card 12 · Edition \d\d/\d\d/2026 / \d+ · http", text)
    assert "/en/are-you-worried/card-12/" in text
    assert "Leave this page" not in text

    # The same text without a browser: through the press.
    pressed: Any = ActionCardPage.objects.get(slug="kort-10")
    body = render_to_string("guidance/card_body.html", {"card": pressed, "level": 2})
    style = '<link rel="stylesheet" href="static:pdf/print.css">'
    head = f'<!DOCTYPE html><html lang="da"><head><title>Kort</title>{style}</head>'
    html = f"{head}<body><h1>{pressed.title}</h1>{body}</body></html>"
    (pdf,) = make_pdfs([html])
    assert pdf.startswith(b"%PDF")
