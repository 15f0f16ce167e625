"""The catalogue in a real browser, with and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.e2e.checks import findings
from tests.e2e.conftest import OpenPage
from tests.e2e.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
PAGES = {
    "many filters": "/workshops/?q=kilde&grade=7&free=1&period=before-summer&theme=kildekritik",
    "nothing to loosen": "/workshops/?q=findesikke&grade=7",
    "empty, with ways out": "/workshops/?grade=1&audience=parents",
    "nonsense": "/workshops/?grade=x&from=9999-12-31",
    "dates": "/workshops/?view=dates",
    "dates in English": "/en/workshops/?view=dates",
    "no dates": "/workshops/?view=dates&q=demokrati",
    "calendar": "/workshops/?view=month&month=2026-12",
    "calendar in English": "/en/workshops/?view=month&month=2026-12",
    "empty month": "/workshops/?view=month&month=2028-02",
}


def cards(page: Any) -> list[str]:
    found: list[str] = [text.strip() for text in page.locator(".v-card__link").all_inner_texts()]
    return found


def query(page: Any) -> str:
    return str(page.url.partition("?")[2])


def test_every_state_is_accessible(world: World, open_page: OpenPage) -> None:
    page = open_page()
    found = []
    for name, path in PAGES.items():
        page.goto(world.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            found += findings(page, name)
    assert found == []


def test_without_javascript_the_button_searches(world: World, open_page: OpenPage) -> None:
    page = open_page(script=False, width=390)
    page.goto(world.url + "/workshops/")
    every = cards(page)
    page.select_option("[name=grade]", "7")
    page.fill("main [name=q]", "kilder")
    page.get_by_role("button", name="Vis workshops").click()
    assert cards(page) == ["Kilder og rygter på nettet"]
    page.locator(".v-chip", has_text="7").click()
    assert "grade" not in query(page)
    page.get_by_role("link", name="Fjern alle").click()
    assert cards(page) == every
    page.get_by_role("link", name="Kalender", exact=True).click()
    assert page.locator(".v-slot__link").count() >= 1
    page.get_by_role("link", name=re.compile("Næste måned")).click()
    assert re.search(r"month=20\d\d-\d\d", query(page))


def test_a_choice_searches_at_once_and_keeps_the_focus(world: World, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(world.url + "/workshops/")
    every = cards(page)
    page.evaluate("window.sameDocument = true")
    grade = page.locator("[name=grade]")
    grade.focus()
    grade.select_option("8")
    page.wait_for_url("**/workshops/?grade=8")
    page.wait_for_function("() => document.getElementById('found-status').textContent.includes('workshop')")
    assert page.evaluate("window.sameDocument") is True
    assert page.evaluate("document.activeElement.name") == "grade"
    narrowed = cards(page)
    assert 0 < len(narrowed) < len(every)
    assert page.locator("#found").inner_text() == page.locator("#found-status").text_content()
    # The form's counts follow: none of the workshops for grade 8 is for parents.
    assert page.locator("[name=audience] option[value=parents]").text_content().endswith("(0)")

    chip = page.locator(".v-chip")
    chip.click()
    page.wait_for_url(world.url + "/workshops/")
    page.wait_for_function("() => document.activeElement.id === 'found'")
    assert (cards(page), grade.input_value()) == (every, "")
    assert page.evaluate("window.sameDocument") is True

    page.go_back()
    page.wait_for_function("() => document.querySelector('[name=grade]').value === '8'")
    assert cards(page) == narrowed
    page.go_forward()
    page.wait_for_function("() => document.querySelector('[name=grade]').value === ''")
    assert cards(page) == every


def test_enter_searches_and_the_address_can_be_shared(world: World, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(world.url + "/workshops/")
    page.fill("main [name=q]", "kilder")
    page.press("main [name=q]", "Enter")
    page.wait_for_url("**/workshops/?q=kilder")
    page.wait_for_function("() => document.querySelectorAll('.v-card').length === 1")
    assert page.evaluate("document.activeElement.name") == "q"
    other = open_page(script=False)
    other.goto(page.url)
    assert cards(other) == cards(page)


def test_the_calendar_turns_its_pages_in_place(world: World, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(world.url + "/workshops/?view=month")
    page.evaluate("window.sameDocument = true")
    first = page.locator("#found").inner_text()
    page.get_by_role("link", name=re.compile("Næste måned")).click()
    page.wait_for_function("text => document.getElementById('found').textContent !== text", arg=first)
    assert page.evaluate("window.sameDocument") is True
    asked = query(page)
    page.select_option("[name=grade]", "7")
    page.wait_for_url("**grade=7**")
    assert re.search(r"month=[\d-]+", asked).group() in query(page)  # type: ignore[union-attr]


def test_structured_data_is_no_script_to_the_policy(world: World, open_page: OpenPage) -> None:
    page = open_page()  # its watch fails the test on any violation that the console tells of
    page.goto(world.url + world.workshop.url)
    assert page.locator('script[type="application/ld+json"]').count() == 1
    kind = page.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)['@type']"
    )
    assert kind == "Course"


def test_a_workshop_fits_on_paper(world: World, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(world.url + world.workshop.url)
    page.emulate_media(media="print")
    assert not page.locator(".v-date__do").first.is_visible()
    assert page.locator(".v-date__when").first.is_visible()
    assert len(page.pdf(format="A4")) > 1000
