"""The editors' side in a browser: our own screens, the banner and the reader's answer."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.e2e.checks import findings, tab_to
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.world import World
from tests.factories.pages import make_chapter
from tests.factories.people import make_user
from vaern.feedback.models import Feedback
from vaern.pages.urgent import UrgentMessage

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

# What is ours in Wagtail's screens; the rest is Wagtail's own.
OWN = {
    "wagtailadmin_home": "[data-vaern-dashboard]",
    "editors_guide": "main",
    "editors_reviews": "#listing-results",
    "editors_checks": "#listing-results",
    "urgent_messages:index": "#listing-results",
    "urgent_messages:add": "main form",
    "feedback:index": "#listing-results",
    "feedback:tally": "main",
}


def sign_in(page: Any, world: World, user: Any) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": world.url}])


def make_banner() -> None:
    now = timezone.now()
    UrgentMessage.objects.create(
        level=UrgentMessage.Level.WARNING,
        text_da="Rådgivningens telefon er lukket i dag fra kl. 12.",
        text_en="The advice line is closed today from 12 noon.",
        link_url="/er-du-bekymret/",
        starts_at=now - dt.timedelta(hours=1),
        ends_at=now + dt.timedelta(hours=5),
    )


def test_the_reader_answers_by_keyboard_without_javascript(
    world: World, open_page: OpenPage, clean_console: Watch
) -> None:
    page = open_page(width=390, script=False)
    page.goto(world.url + world.article.url)
    tab_to(page, page.get_by_role("link", name=re.compile(r"^Nej ?, siden var ikke nyttig$")).element_handle())
    page.keyboard.press("Enter")
    page.wait_for_url("**/feedback/**")
    assert page.locator("input[value=no]").is_checked()
    tab_to(page, page.locator("textarea").element_handle())
    page.keyboard.type("Der mangler en pris.")
    tab_to(page, page.locator("main button[type=submit]").element_handle())
    page.keyboard.press("Enter")
    page.wait_for_url("**/tak/**")
    assert page.locator("h1").inner_text() == "Tak for dit svar"
    assert [(row.useful, row.text) for row in Feedback.objects.all()] == [(False, "Der mangler en pris.")]


def test_nothing_to_remark_on_the_public_side(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    make_banner()
    page, found = open_page(), []
    number = world.article.pk
    for path in (
        world.article.url,
        f"/feedback/?side={number}",
        f"/en/feedback/?side={number}",
        f"/feedback/tak/?side={number}",
    ):
        page.goto(world.url + path)
        assert (
            page.get_by_role("region", name="Vigtige beskeder")
            .or_(page.get_by_role("region", name="Important messages"))
            .is_visible()
        )
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            found += findings(page, path)
    clean_console.expected = {422}
    page.goto(world.url + f"/feedback/?side={number}")
    page.locator("main button[type=submit]").click()
    found += findings(page, "with an error")
    assert found == []


def test_our_own_screens_in_the_admin(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    make_banner()
    editor = make_user("editor", "redaktion@example.dk")
    page = open_page()
    sign_in(page, world, editor)
    chapter = make_chapter()
    chapter.save_revision(user=editor)
    Feedback.objects.create(page=world.article, useful=False, text="Pris?", received_at=timezone.now())
    found = []
    for name, part in OWN.items():
        page.goto(world.url + reverse(name))
        assert "/log-ind/" not in page.url
        page.locator(part).first.wait_for()
        found += [line for line in axe_of(page, part) if line]
    for address in (
        reverse("wagtailadmin_pages:edit", args=[world.article.pk]),
        reverse("wagtailadmin_pages:edit", args=[chapter.pk]),
        reverse("editors_check", args=[chapter.pk]),
        reverse("feedback:edit", args=[Feedback.objects.get().pk]),
    ):
        page.goto(world.url + address)
        page.wait_for_load_state("networkidle")
    assert found == []


def axe_of(page: Any, part: str) -> list[str]:
    """Return axe's findings inside one part of the page."""
    from tests.e2e.checks import TAGS, _axe

    page.evaluate(_axe())
    run = """([part, tags]) => axe.run(document.querySelector(part), {runOnly: {type: 'tag', values: tags}})"""
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in page.evaluate(run, [part, TAGS])["violations"]
    ]


def test_an_editor_sends_to_approval_and_two_others_approve(
    world: World, open_page: OpenPage, clean_console: Watch
) -> None:
    editor = make_user("editor", "redaktion@example.dk")
    chapter = make_chapter(title="Før")
    chapter.title = chapter.draft_title = "Efter"
    chapter.save_revision(user=editor)
    edit = world.url + reverse("wagtailadmin_pages:edit", args=[chapter.pk])
    page = open_page()
    sign_in(page, world, editor)
    page.goto(edit)
    assert page.locator("button[name=action-publish]").count() == 0
    page.locator("button[name=action-submit]").first.evaluate("button => button.click()")
    page.wait_for_url(f"**{reverse('wagtailadmin_explore', args=[chapter.get_parent().pk])}")
    for number in (1, 2):
        page = open_page()
        sign_in(page, world, make_user("approver", f"godkender{number}@example.dk"))
        page.goto(world.url + reverse("wagtailadmin_home"))
        page.locator("[data-vaern-dashboard]").get_by_role("link", name="Efter").click()
        page.wait_for_url("**/edit/")
        page.locator("[data-workflow-action-name=approve]").first.evaluate("button => button.click()")
        page.wait_for_load_state("networkidle")
    chapter.refresh_from_db()
    assert (chapter.live, chapter.title) == (True, "Efter")
