"""The main job: find a workshop, book it for 7.B, keep the date, cancel."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import icalendar
import pytest

from bookings.models import Booking
from bookings.rules import State
from tests.e2e.checks import tab_to
from tests.e2e.conftest import OpenPage
from tests.e2e.world import World

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

OWN_PAGE = re.compile(r"/min-booking/[\w-]{43}/$")
SUBMIT = "main form[method=post] button[type=submit]:not([name], [aria-hidden])"
SUMMARY = "[data-error-summary]"


def choose_school(page: Any, world: World) -> None:
    """Type the school's name where the list can be typed into, or choose it from the plain list."""
    page.wait_for_load_state()  # the script that makes it a field to type in has run by then
    if page.locator("#id_school-select").count():
        page.fill("#id_school", world.school.name)
        page.locator(".autocomplete__option", has_text=world.school.name).click()
    else:
        page.select_option("[name=school]", world.school.school.institution_number)


def fill_in(page: Any, world: World, *, label: str = "7.B", pupils: str = "23") -> None:
    """Write what a teacher writes."""
    choose_school(page, world)
    page.fill("[name=groups-0-label]", label)
    page.select_option("[name=groups-0-grade]", "7")
    page.fill("[name=groups-0-pupils]", pupils)
    page.fill("[name=groups-0-adults]", "2")
    page.fill("[name=name]", "Åse Ødegård")
    page.fill("[name=email]", "aase@example.dk")
    page.fill("[name=phone]", "12 34 56 78")


def the_booking(world: World) -> Booking:
    """Return the one booking of the session, with its session read anew."""
    return Booking.objects.select_related("session").get(session=world.session)


def download_calendar(page: Any) -> icalendar.Calendar:
    """Follow the link to the calendar file and read what was saved."""
    with page.expect_download() as download:
        page.locator("main a[href$='/kalender.ics']").click()
    assert download.value.suggested_filename.endswith(".ics")
    return icalendar.Calendar.from_ical(Path(download.value.path()).read_bytes())


@pytest.mark.parametrize(("width", "script"), [(1280, True), (390, False)])
def test_find_book_keep_and_cancel(world: World, open_page: OpenPage, width: int, script: bool) -> None:
    page = open_page(width=width, script=script)
    page.goto(world.url)
    page.locator("main a[href='/workshops/']").click()
    page.fill("main [name=q]", "kilde")
    page.select_option("[name=grade]", "7")
    page.locator("main form[role=search] button[type=submit]").click()
    expect(page.locator("main article")).to_have_count(1)
    page.locator(f"main article a[href='{world.workshop.url}']").click()
    expect(page.locator("h1")).to_have_text(world.workshop.title)
    page.locator(f"a[href='{world.book_path}']").click()

    fill_in(page, world)
    page.locator("label[for=id_groups-0-needs_0]").click()
    page.locator(SUBMIT).click()
    expect(page).to_have_url(OWN_PAGE)
    booking = the_booking(world)
    assert (booking.state, booking.seats, booking.session.seats_taken) == (State.CONFIRMED, 23, 23)
    assert list(booking.lines.values_list("label", "pupils", "adults", "needs")) == [("7.B", 23, 2, ["step_free"])]
    expect(page.locator("main")).to_contain_text(booking.reference)
    expect(page.locator("main")).to_contain_text("7.B")
    expect(page.locator("main")).to_contain_text(world.school.name)
    expect(page.locator("main")).to_contain_text("aase@example.dk")

    calendar = download_calendar(page)
    [event] = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert (event["UID"].partition("@")[0], event["SEQUENCE"]) == (str(booking.uuid), 0)
    assert (event.start, event.end) == (
        booking.session.starts_at.replace(microsecond=0),
        event.start + (booking.session.ends_at - booking.session.starts_at),
    )
    assert page.url.rstrip("/").rpartition("/")[2] not in calendar.to_ical().decode()

    page.locator("main a[href$='/afbestil/']").click()
    assert the_booking(world).state == State.CONFIRMED  # the question changes nothing
    page.locator(SUBMIT).click()
    expect(page).to_have_url(OWN_PAGE)
    booking = the_booking(world)
    assert (booking.state, booking.session.seats_taken) == (State.CANCELLED, 0)
    expect(page.locator("main a[href$='/afbestil/'], main a[href$='/kalender.ics']")).to_have_count(0)


def test_book_by_keyboard_alone(world: World, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(world.url + world.workshop.url)
    skip = page.locator("a.skipnav")
    tab_to(page, skip, limit=1)
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    tab_to(page, page.locator(f"a[href='{world.book_path}']"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/bestil/**")

    tab_to(page, page.locator("#id_school"))
    page.keyboard.type("Skolen ved")
    expect(page.locator(".autocomplete__option").first).to_have_text(world.school.name)
    page.keyboard.press("Enter")
    for name, text in (
        ("groups-0-label", "7.B"),
        ("groups-0-grade", "7"),
        ("groups-0-pupils", "22"),
        ("groups-0-adults", "1"),
        ("name", "Åse Ødegård"),
        ("email", "aase@example.dk"),
        ("phone", "12345678"),
    ):
        field = page.locator(f"[name='{name}']")
        tab_to(page, field)
        if name == "groups-0-grade":
            page.keyboard.press("ArrowDown")  # the first of the workshop's grades
        else:
            page.keyboard.type(text)
    tab_to(page, page.locator(SUBMIT))
    page.keyboard.press("Enter")
    expect(page).to_have_url(OWN_PAGE)
    booking = the_booking(world)
    assert booking.school == world.school
    assert list(booking.lines.values_list("label", "grade", "pupils", "adults")) == [("7.B", 6, 22, 1)]

    tab_to(page, page.locator("main a[href$='/afbestil/']"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/afbestil/")
    tab_to(page, page.locator(SUBMIT))
    page.keyboard.press("Space")
    expect(page).to_have_url(OWN_PAGE)
    assert the_booking(world).state == State.CANCELLED


def test_an_empty_form_says_what_is_missing_and_leads_there(world: World, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(world.url + world.book_path)
    page.locator(SUBMIT).click()
    expect(page.locator(SUMMARY)).to_be_focused()
    expect(page).to_have_title(re.compile(r"^(Fejl|Error): "))
    wanted = [
        "school",
        "groups-0-label",
        "groups-0-grade",
        "groups-0-pupils",
        "groups-0-adults",
        "name",
        "email",
        "phone",
    ]
    links = page.locator(f"{SUMMARY} a")
    assert [link.get_attribute("href") for link in links.all()] == [f"#id_{name}" for name in wanted]
    for name in wanted:
        page.locator(f"{SUMMARY} a[href='#id_{name}']").click()
        field = page.locator(f"#id_{name}")
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
        described = field.get_attribute("aria-describedby").split()
        assert page.locator(f"#{described[-1]}").inner_text().strip()
    assert not Booking.objects.filter(session=world.session).exists()

    fill_in(page, world, pupils="29")  # the workshop takes 28
    page.locator(SUBMIT).click()
    expect(page.locator(f"{SUMMARY} a")).to_have_count(1)
    expect(page.locator("[name=name]")).to_have_value("Åse Ødegård")
    page.fill("[name=groups-0-pupils]", "28")
    page.locator(SUBMIT).click()
    expect(page).to_have_url(OWN_PAGE)


@pytest.mark.parametrize("script", [True, False])
def test_one_more_class_keeps_what_is_written(world: World, open_page: OpenPage, script: bool) -> None:
    page = open_page(width=390, script=script)
    page.goto(world.url + world.book_path)
    fill_in(page, world, pupils="14")
    page.locator("[name=add_row]").click()
    expect(page.locator("[name=groups-0-label]")).to_have_value("7.B")
    expect(page.locator("[name=email]")).to_have_value("aase@example.dk")
    for name, value in (("label", "7.C"), ("pupils", "14"), ("adults", "1")):
        page.fill(f"[name=groups-1-{name}]", value)
    page.select_option("[name=groups-1-grade]", "7")
    page.locator(SUBMIT).click()
    expect(page.locator("main dl").last).to_contain_text("7.C: 14 elever, 1 voksen")
    page.locator("[name=checked]").click()
    expect(page).to_have_url(OWN_PAGE)
    booking = the_booking(world)
    assert (booking.seats, booking.session.free) == (28, 0)
    page.goto(world.url + world.workshop.url)
    expect(page.locator(f"a[href='{world.book_path}']")).to_have_count(0)


def test_pressing_twice_books_once(world: World, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(world.url + world.book_path)
    fill_in(page, world)
    page.locator(SUBMIT).dblclick()
    expect(page).to_have_url(OWN_PAGE)
    assert the_booking(world).session.seats_taken == 23


def test_every_page_has_its_english_side(world: World, open_page: OpenPage) -> None:
    page = open_page()
    untranslated = []
    for name, path in world.public_pages().items():
        if path.startswith(("/en/", "/demo/")):
            continue
        page.goto(world.url + path)
        assert page.locator("html").get_attribute("lang") == "da", name
        page.locator(".v-header__tools a[hreflang=en]").click()
        expect(page.locator("html"), name).to_have_attribute("lang", "en")
        if path != "/" and page.url == world.url + "/en/":
            untranslated.append(name)
        page.locator(".v-header__tools a[hreflang=da]").click()
        expect(page.locator("html"), name).to_have_attribute("lang", "da")
    assert untranslated == []
