"""The facilitator's day on a small phone: three taps and two numbers, with and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.crypto import get_random_string

from bookings.models import AttendanceRecord, WalkIn
from tests.e2e.checks import findings, scrolls_sideways
from tests.e2e.conftest import OpenPage, Watch
from tests.e2e.world import World
from vaern.people.models import User

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SAVE = "form[data-keep] button.button-primary"


def signed_in(world: World, open_page: OpenPage, user: User, *, script: bool) -> Any:
    client = Client()
    client.force_login(user)
    page = open_page(width=320, script=script)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": world.url}])
    return page


@pytest.mark.parametrize("script", [True, False])
def test_a_class_is_three_taps_and_two_numbers(world: World, open_page: OpenPage, script: bool) -> None:
    phone = signed_in(world, open_page, world.facilitator, script=script)
    phone.goto(f"{world.url}/fremmoede/")
    assert not scrolls_sideways(phone)
    line = world.past_session.lines.get()
    phone.locator(f"main section a[href='{world.attendance_path}']").click()  # the first tap
    phone.fill(f"[name=line-{line.pk}-pupils]", "22")
    phone.fill(f"[name=line-{line.pk}-adults]", "1")
    phone.locator(SAVE).click()  # the second
    said = phone.locator("main [role=status]")
    expect(said).to_contain_text("7.C: 22 elever, 1 voksen")
    expect(said).to_contain_text(re.compile(r"kl\. \d+\.\d\d"))
    assert not scrolls_sideways(phone)
    assert AttendanceRecord.objects.get(line=line).pupils_present == 22


@pytest.mark.parametrize("script", [True, False])
def test_the_rest_were_present(world: World, open_page: OpenPage, script: bool) -> None:
    phone = signed_in(world, open_page, world.facilitator, script=script)
    phone.goto(world.url + world.talk_path)
    first = world.talk.people.order_by("name")[0]
    phone.locator(f"label[for=id_person-{first.pk}-presence_1]").click()
    phone.locator("button[name=all_present]").click()
    expect(phone.locator("main [role=status]")).to_contain_text("11 til stede; 1 fraværende")
    assert AttendanceRecord.objects.filter(persons_present=1).count() == 11


def test_a_lost_connection_keeps_the_numbers_and_says_that_nothing_was_saved(
    world: World, open_page: OpenPage, clean_console: Watch
) -> None:
    phone = signed_in(world, open_page, world.facilitator, script=True)
    phone.goto(world.url + world.attendance_path)
    line = world.past_session.lines.get()
    phone.fill(f"[name=line-{line.pk}-pupils]", "22")
    phone.fill(f"[name=line-{line.pk}-adults]", "1")
    phone.context.set_offline(True)
    phone.locator(SAVE).click()
    expect(phone.locator("[data-keep-said]")).to_contain_text("Intet blev gemt")
    expect(phone.locator(f"[name=line-{line.pk}-pupils]")).to_have_value("22")
    assert AttendanceRecord.objects.filter(line=line).count() == 0
    phone.context.set_offline(False)
    phone.locator(SAVE).click()
    expect(phone.locator("main [role=status]")).to_be_visible()
    assert AttendanceRecord.objects.get(line=line).pupils_present == 22
    clean_console.seen.clear()  # the browser's own words about the lost connection


def test_an_expired_sign_in_keeps_the_numbers_and_saves_them_after_the_next(
    world: World, open_page: OpenPage, clean_console: Watch
) -> None:
    phone = signed_in(world, open_page, world.facilitator, script=True)
    phone.goto(world.url + world.attendance_path)
    line = world.past_session.lines.get()
    phone.fill(f"[name=line-{line.pk}-pupils]", "22")
    phone.fill(f"[name=line-{line.pk}-adults]", "1")
    Session.objects.all().delete()
    phone.locator(SAVE).click()
    expect(phone.locator("[data-keep-said]")).to_contain_text("Intet blev gemt")
    expect(phone.locator(f"[name=line-{line.pk}-pupils]")).to_have_value("22")
    assert phone.url == world.url + world.attendance_path
    assert AttendanceRecord.objects.filter(line=line).count() == 0
    client = Client()
    client.force_login(world.facilitator)
    key = client.cookies["sessionid"].value
    fresh = {"name": "csrftoken", "value": get_random_string(32), "url": world.url}  # signing in makes another
    phone.context.add_cookies([{"name": "sessionid", "value": key, "url": world.url}, fresh])
    phone.locator(SAVE).click()
    expect(phone.locator("main [role=status]")).to_contain_text("7.C: 22 elever, 1 voksen")
    assert AttendanceRecord.objects.get(line=line).pupils_present == 22


def test_an_answer_that_is_lost_is_not_called_unsaved_and_pressing_again_is_safe(
    world: World, open_page: OpenPage, clean_console: Watch
) -> None:
    phone = signed_in(world, open_page, world.facilitator, script=True)
    phone.goto(world.url + world.attendance_path)
    line = world.past_session.lines.get()
    phone.fill(f"[name=line-{line.pk}-pupils]", "22")
    phone.fill(f"[name=line-{line.pk}-adults]", "1")

    def lose(route: Any) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    phone.route(world.url + world.attendance_path, lose)
    phone.locator(SAVE).click()
    expect(phone.locator("[data-keep-said]")).to_contain_text("vi ved ikke, om det blev gemt")
    expect(phone.locator(f"[name=line-{line.pk}-pupils]")).to_have_value("22")
    assert AttendanceRecord.objects.get(line=line).pupils_present == 22
    phone.unroute(world.url + world.attendance_path)
    phone.locator(SAVE).click()
    expect(phone.locator("main [role=status]").first).to_contain_text("7.C: 22 elever, 1 voksen")
    assert AttendanceRecord.objects.filter(line=line).count() == 1
    clean_console.seen.clear()  # the browser's own words about the lost answer


def test_a_mistake_is_shown_without_leaving_the_page(world: World, open_page: OpenPage) -> None:
    phone = signed_in(world, open_page, world.facilitator, script=True)
    phone.goto(world.url + world.attendance_path)
    line = world.past_session.lines.get()
    phone.fill(f"[name=line-{line.pk}-pupils]", "22")
    phone.locator(SAVE).click()
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    assert findings(phone, "a class without adults") == []
    phone.fill(f"[name=line-{line.pk}-adults]", "1")
    phone.locator(SAVE).click()
    expect(phone.locator("main [role=status]")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_substitute_and_a_guest_at_the_door(world: World, open_page: OpenPage, script: bool) -> None:
    phone = signed_in(world, open_page, world.facilitator, script=script)
    phone.goto(world.url + world.talk_path)
    phone.locator("form[action$='/vikar/'] button.button-secondary").click()
    link = phone.locator("code").inner_text()
    if script:  # axe is a script itself, and waits for ever where none may run
        assert findings(phone, "link for a substitute") == []
    other = open_page(width=320, script=script)
    other.goto(world.url + "/vikar/" + link.split("/vikar/")[1])
    other.locator("button[name=all_present]").click()
    expect(other.locator("main [role=status]")).to_contain_text("12 til stede")
    guest = open_page(width=320, script=script)
    guest.goto(world.url + world.door_path)
    guest.fill("[name=email]", "gaest@example.dk")
    guest.locator("main form button").click()
    expect(guest.locator("main [role=status]")).to_be_visible()
    assert not scrolls_sideways(guest)
    assert WalkIn.objects.get().email == "gaest@example.dk"
