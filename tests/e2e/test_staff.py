"""Those who sign in: the facilitator reports from a phone, and the coordinator sees the goal move."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail

from bookings.models import AttendanceRecord, Session
from tests.e2e.checks import scrolls_sideways
from tests.e2e.conftest import OpenPage
from tests.e2e.world import COUNTED_BEFORE, GOAL, World, send_all
from vaern.people.models import User

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SUBMIT = "main form[method=post]:not(.v-inline-form) button[type=submit]"


def sign_in(page: Any, world: World, user: User) -> None:
    """Ask for a code, let the worker send it, and type it in."""
    page.goto(f"{world.url}/log-ind/")
    page.fill("[name=login], [name=email]", user.email)
    page.locator(SUBMIT).click()
    page.wait_for_url("**/log-ind/bekraeft/")
    send_all()
    letter = mail.outbox[-1]
    assert letter.to == [user.email]
    [code] = re.findall(r"^([A-Z0-9-]{6,})$", letter.body, re.MULTILINE)
    page.fill("[name=code]", code)
    page.locator(SUBMIT).click()
    page.wait_for_url(lambda url: "/log-ind/" not in url)


def goal_value(page: Any, world: World) -> int:
    """Return the figure that the coordinator sees for pupils of public schools."""
    page.goto(f"{world.url}/koordinator/maal/2026/")
    text = page.locator(f"main a[href*='/{GOAL}/'][href$='vis=talt']").inner_text()
    return int(re.sub(r"\D", "", text))


def test_attendance_from_a_phone_moves_the_goal_by_exactly_that(world: World, open_page: OpenPage) -> None:
    desk = open_page()
    sign_in(desk, world, world.coordinator)
    before = goal_value(desk, world)
    assert before == COUNTED_BEFORE

    phone = open_page(width=390)
    sign_in(phone, world, world.facilitator)
    expect(phone).to_have_url(re.compile(r"/fremmoede/$"))  # the only door is opened at once
    phone.locator(f"main a[href='{world.attendance_path}']").click()
    phone.wait_for_url(f"**{world.attendance_path}")
    assert not scrolls_sideways(phone)
    line = world.past_session.lines.get()
    phone.fill(f"[name=line-{line.pk}-pupils]", "22")
    phone.fill(f"[name=line-{line.pk}-adults]", "1")
    phone.locator(SUBMIT).click()
    expect(phone.locator("main [role=status]")).to_be_visible()
    record = AttendanceRecord.objects.current().get(line=line)
    assert (record.pupils_present, record.adults_present, record.recorded_by) == (22, 1, world.facilitator)
    world.past_session.refresh_from_db()
    assert world.past_session.status == Session.Status.HELD

    assert goal_value(desk, world) == before + 22
    desk.goto(f"{world.url}{world.rows_path}?vis=talt")
    expect(desk.locator("main tbody tr")).to_have_count(2)
    public = open_page()
    public.goto(f"{world.url}/maal/2026/")
    expect(public.locator("main")).to_contain_text(str(before + 22))


def test_more_than_were_booked_is_asked_about_once(world: World, open_page: OpenPage) -> None:
    phone = open_page(width=390, script=False)
    sign_in(phone, world, world.facilitator)
    phone.goto(world.url + world.attendance_path)
    line = world.past_session.lines.get()
    phone.fill(f"[name=line-{line.pk}-pupils]", "26")
    phone.fill(f"[name=line-{line.pk}-adults]", "1")
    phone.locator(SUBMIT).click()
    expect(phone.locator("main [role=alert]")).to_contain_text("7.C")
    assert not AttendanceRecord.objects.filter(line=line).exists()
    phone.locator(SUBMIT).click()
    expect(phone.locator("main [role=status]")).to_be_visible()
    assert AttendanceRecord.objects.get(line=line).pupils_present == 26


def test_a_wrong_code_lets_nobody_in_and_signing_out_closes_the_door(world: World, open_page: OpenPage) -> None:
    page = open_page(width=390)
    page.goto(f"{world.url}/log-ind/")
    page.fill("[name=login], [name=email]", world.facilitator.email)
    page.locator(SUBMIT).click()
    page.fill("[name=code]", "AAAAAA")
    page.locator(SUBMIT).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.goto(f"{world.url}/fremmoede/")
    expect(page).to_have_url(re.compile(r"/log-ind/"))

    page = open_page(width=390)
    sign_in(page, world, world.facilitator)
    page.goto(f"{world.url}/log-af/")
    page.locator(SUBMIT).click()
    page.goto(f"{world.url}/fremmoede/")
    expect(page).to_have_url(re.compile(r"/log-ind/"))
