"""The doors of parents, staff and those who ask for a visit, in a browser, with and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from bookings.models import Booking, VisitRequest
from bookings.rules import State
from tests.e2e.checks import findings
from tests.e2e.conftest import OpenPage
from tests.e2e.test_booking import SUBMIT, choose_school
from tests.e2e.world import World, book_path
from vaern.people.models import Administration

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

NEXT = "main form button.button-primary"


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, False)])
def test_a_visit_is_asked_for_step_by_step(world: World, open_page: OpenPage, width: int, script: bool) -> None:
    page = open_page(width=width, script=script)
    page.goto(world.url + world.visits.url)
    page.locator(f"main a[href='{world.visit_path}']").click()
    found = findings(page, "class") if script else []
    choose_school(page, world)
    page.fill("[name=groups-0-label]", "2.A")
    page.select_option("[name=groups-0-grade]", "2")
    page.fill("[name=groups-0-pupils]", "22")
    page.fill("[name=groups-0-adults]", "2")
    page.locator(NEXT).click()
    expect(page.locator("[aria-current=step]")).to_have_text("Tider")
    page.locator(NEXT).click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    found += findings(page, "times with an error") if script else []
    page.fill("[name=wishes-0-day]", "2027-02-03")
    page.fill("[name=wishes-0-clock]", "10:15")
    page.locator(NEXT).click()
    expect(page.locator("[aria-current=step]")).to_have_text("Kontakt")
    page.fill("[name=name]", "Åse Ødegård")
    page.fill("[name=email]", "aase@example.dk")
    page.fill("[name=phone]", "12 34 56 78")
    page.locator(NEXT).click()
    expect(page.locator("main")).to_contain_text("onsdag 3. februar 2027 kl. 10.15")
    found += findings(page, "check") if script else []
    page.locator(NEXT).click()
    expect(page.locator("main")).to_contain_text(VisitRequest.objects.get().reference)
    found += findings(page, "own visit") if script else []
    assert found == []


def test_a_leader_books_a_team_without_javascript(world: World, open_page: OpenPage) -> None:
    page = open_page(width=390, script=False)
    page.goto(world.url + book_path(world.sessions["staff"]))
    page.fill("[name=name]", "Bo Bæk")
    page.fill("[name=email]", "bo@example.dk")
    page.select_option("[name=administration]", str(Administration.objects.all()[0].pk))
    page.fill("[name=workplace]", "Biblioteket")
    page.fill("[name=role]", "Leder")
    page.locator("main details summary").click()
    page.locator("[name=add_row]").click()
    page.fill("[name=team-0-name]", "Åse Ødegård")
    page.locator(SUBMIT).click()
    expect(page.locator("main")).to_contain_text("Bo Bæk, Åse Ødegård")
    page.locator("[name=checked]").click()
    expect(page.locator("main")).to_contain_text("Biblioteket")
    assert Booking.objects.get(contact_email="bo@example.dk").seats == 2


def test_the_school_is_found_by_typing_with_the_keyboard(world: World, open_page: OpenPage) -> None:
    page = open_page(width=390)
    page.goto(world.url + world.book_path)
    page.locator("#id_school").focus()
    page.keyboard.type("soeer")  # a keyboard without the Danish letters
    expect(page.locator(".autocomplete__option").first).to_have_text("Skolen ved Søerne")
    assert findings(page, "open list of schools") == []
    page.keyboard.press("Enter")
    expect(page.locator("#id_school-select")).to_have_value("901001")
    page.keyboard.type("x")
    expect(page.locator("#id_school-select")).to_have_value("")


def test_a_change_of_mind_is_made_alone(world: World, open_page: OpenPage) -> None:
    page = open_page(width=390, script=False)
    booking = world.confirmed
    page.goto(world.url + world.public_pages()["change page"])
    page.locator("main input[type=text]").first.fill("20")
    page.locator("main button.button-primary").click()
    expect(page.locator("main")).to_contain_text("20 elever")
    page.goto(world.url + world.public_pages()["move page"])
    _first_date(page).click()
    booking.refresh_from_db()
    assert (booking.state, booking.seats) == (State.CONFIRMED, 20)
    assert booking.session != world.confirmed.session or booking.calendar_sequence > 0


def _first_date(page: Any) -> Any:
    return page.locator("main ul.v-dates button").first
