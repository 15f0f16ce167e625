"""The coordinator's workspace in a browser: axe on its own screens, narrow and wide, and by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.e2e.checks import AXE, TAGS, scrolls_sideways
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.world import World
from vaern.outbox.models import Message

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

# Wagtail's own bar above the page is Wagtail's.
_RUN = """tags => axe.run({include: [['#main']], exclude: [['.w-slim-header'], ['header']]},
    {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"""


def at_the_desk(world: World, page: Any) -> Any:
    """Sign the coordinator in."""
    client = Client()
    client.force_login(world.coordinator)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": world.url}])
    return page


def findings(page: Any, name: str) -> list[str]:
    """Return what axe finds at three widths, and whether the page is wider than the window."""
    found = []
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for rule in page.evaluate(_RUN, TAGS)["violations"]:
            where = "; ".join(" ".join(map(str, node["target"])) for node in rule["nodes"])
            found.append(f"{name} at {width}: {rule['id']}: {where}")
        if scrolls_sideways(page):
            found.append(f"{name} at {width}: scrolls sideways")
    return found


def test_the_screens_are_accessible(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    page = at_the_desk(world, open_page())
    booking, session = world.confirmed.pk, world.session.pk
    screens = {
        "today": reverse("workspace_today"),
        "sessions": reverse("staff_sessions:index"),
        "sessions, narrowed": f"{reverse('staff_sessions:index')}?need=unreported",
        "bookings": reverse("staff_bookings:index"),
        "visits": reverse("staff_visits:index"),
        "organisations": reverse("staff_organisations:index"),
        "session": reverse("staff_sessions:inspect", args=[world.past_session.pk]),
        "session with a line": reverse("staff_sessions:inspect", args=[world.waiting.session_id]),
        "book": reverse("workspace_book", args=[session]),
        "series": reverse("workspace_series"),
        "month": reverse("workspace_calendar"),
        "people": f"{reverse('workspace_calendar')}?view=people",
        "list": f"{reverse('workspace_calendar')}?view=list",
        "message": f"{reverse('workspace_bulk', args=['bookings', 'message'])}?id={booking}",
        "cancel": f"{reverse('workspace_bulk', args=['sessions', 'cancel'])}?id={session}",
        "assign": f"{reverse('workspace_bulk', args=['sessions', 'assign'])}?id={session}",
    }
    found = []
    for name, path in screens.items():
        page.goto(world.url + path)
        expect(page.locator("#main")).to_be_visible()
        found += findings(page, name)
    assert found == []
    assert clean_console.seen == []


def tab_to(page: Any, target: Any, limit: int = 120) -> None:
    """Press Tab until the element has the focus."""
    for _one in range(limit):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"not reached by {limit} tabs: {target}")


def test_a_message_is_written_by_keyboard_alone(world: World, open_page: OpenPage, clean_console: Watch) -> None:
    page = at_the_desk(world, open_page(width=768))
    page.goto(f"{world.url}{reverse('staff_bookings:index')}?q={world.confirmed.reference}")
    box = page.locator(f"input[name=id][value='{world.confirmed.pk}']")
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Skriv til dem"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/bulk-work/bookings/message/**")
    tab_to(page, page.locator("[name=subject]"))
    page.keyboard.type("Nyt lokale")
    page.keyboard.press("Tab")
    page.keyboard.type("Vi mødes i lokale 3.")
    tab_to(page, page.get_by_role("button", name="Se beskeden, før den bliver sendt"))
    page.keyboard.press("Enter")
    send = page.get_by_role("button", name="Send til")
    expect(send).to_be_visible()
    tab_to(page, send)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/bookings/?q=*")
    assert Message.objects.filter(kind="workspace.note").count() >= 1
    assert clean_console.seen == []


def test_a_view_is_saved_and_followed(world: World, open_page: OpenPage) -> None:
    page = at_the_desk(world, open_page(width=390))
    page.goto(f"{world.url}{reverse('staff_sessions:index')}?need=unreported")
    page.get_by_text("Gem det viste som en visning").click()
    page.fill("#view-name", "Mangler")
    page.get_by_role("button", name="Gem visningen").click()
    page.goto(world.url + reverse("staff_sessions:index"))
    page.get_by_role("link", name="Mangler", exact=True).click()
    page.wait_for_url("**/admin/sessions/?need=unreported")
    assert not scrolls_sideways(page)
