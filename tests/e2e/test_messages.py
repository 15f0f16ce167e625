"""The staff screens of messages in a browser: the texts with their live preview, and the list with its buttons."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.checks import axe_violations
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.test_staff import sign_in
from tests.e2e.world import World
from tests.factories.bookings import make_booking, make_session
from vaern.outbox.models import Message, TextVersion

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
EDIT = "/admin/message-texts/bookings.confirmed/da/"


def axe_at_both_widths(page: Any, name: str) -> list[str]:
    found = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{name} at {width}: {line}" for line in axe_violations(page)]
    return found


def test_an_editor_of_texts_sees_what_it_becomes_and_saves(world: World, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, world, world.coordinator)
    page.goto(f"{world.url}/admin/message-texts/")
    found = axe_at_both_widths(page, "list of texts")
    page.locator(f"a[href='{EDIT}']").click()
    page.wait_for_url(f"**{EDIT}")
    found += axe_at_both_widths(page, "text")
    mail = page.frame_locator("#text-preview iframe")
    expect(mail.locator("body")).to_contain_text("Kim Eksempel")
    body = page.locator("[name=body]")
    body.fill("Kære {name}\n\n{facts}\n\nSe den her:\n{link}")
    expect(mail.locator("body")).to_contain_text("Kære Kim Eksempel")
    body.fill("Kære {navn}\n\n{facts}\n\n{link}")
    expect(page.locator("#text-preview")).to_contain_text("{navn}")
    page.get_by_role("button", name="Gem teksten").click()
    expect(page.locator("main [role=alert]").first).to_be_visible()
    found += axe_at_both_widths(page, "text with errors")
    assert not TextVersion.objects.exists()
    body.fill("Kære {name}\n\n{facts}\n\n{link}")
    page.get_by_role("button", name="Gem teksten").click()
    expect(page.locator("[name=body]")).to_have_value("Kære {name}\n\n{facts}\n\n{link}")
    assert TextVersion.objects.get().body.startswith("Kære")
    page.get_by_role("button", name="Gå tilbage").click()
    expect(page.locator("[name=body]")).not_to_have_value("Kære {name}\n\n{facts}\n\n{link}")
    assert found == []


def test_without_a_script_a_button_shows_the_same(world: World, open_page: OpenPage) -> None:
    signed_in = open_page()
    sign_in(signed_in, world, world.coordinator)
    page = open_page(script=False)
    page.context.add_cookies(signed_in.context.cookies())
    page.goto(world.url + EDIT)
    page.locator("[name=body]").fill("Kære {name}\n\n{facts}\n\n{link}")
    page.get_by_role("button", name="Vis, hvordan den ser ud").click()
    expect(page.frame_locator("#text-preview iframe").locator("body")).to_contain_text("Kære Kim Eksempel")
    assert not TextVersion.objects.exists()


def test_a_coordinator_finds_what_did_not_leave_and_sends_it_again(
    world: World, open_page: OpenPage, clean_console: Watch
) -> None:
    booking = make_booking(make_session(place="Rådhuset"))
    message = Message.objects.get(thread=f"booking:{booking.uuid}")
    Message.objects.filter(pk=message.pk).update(state="failed", last_error="ConnectionRefusedError", attempts=78)
    page = open_page()
    sign_in(page, world, world.coordinator)
    page.goto(f"{world.url}/admin/messages/")
    found = axe_at_both_widths(page, "list of messages")  # with a filter, Wagtail's own button counts in its name
    page.goto(f"{world.url}/admin/messages/?state=failed")
    page.get_by_role("link", name="Booking bekræftet").first.click()
    expect(page.locator("main")).to_contain_text(booking.reference)
    found += axe_at_both_widths(page, "message")
    page.goto(f"{world.url}/admin/bookings/inspect/{booking.pk}/")
    found += axe_at_both_widths(page, "booking with a lost message")
    page.locator(f"a[href='/admin/messages/inspect/{message.pk}/']").click()
    page.get_by_role("button", name="Send igen").click()
    expect(page.locator("main")).to_contain_text(booking.reference)
    message.refresh_from_db()
    assert (message.state, message.attempts) in {("pending", 0), ("sent", 1)}
    assert found == []
    assert clean_console.seen == []
