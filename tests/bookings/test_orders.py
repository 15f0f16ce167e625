"""Parents and staff book in their own few fields; long bookings are looked through first; full dates have a line."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, Session
from bookings.rules import State
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url, booking_form, served
from tests.factories.people import make_school
from tests.factories.texts import page, said
from vaern.outbox.models import Message
from vaern.people.models import Administration

pytestmark = pytest.mark.usefixtures("site", "clock")


def hidden(html: str) -> dict[str, str]:
    """What a summary sends again, as a browser reads it."""
    form = re.search(r'<form method="post" action="[^"]*">.*?</form>', html, re.S)
    assert form
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form.group())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def person(**changes: str) -> dict[str, str]:
    data = {
        "key": str(uuid.uuid4()),
        "served": served(),
        "website": "",
        "name": "Bo Bæk",
        "email": "bo@example.dk",
        "phone": "",
    }
    return data | changes


def parents_session(**fields: Any) -> Session:
    return make_session(workshop=make_workshop(audience="parents", grade_from=None, grade_to=None), **fields)


def staff_session(**fields: Any) -> Session:
    return make_session(workshop=make_workshop(audience="staff", grade_from=None, grade_to=None), **fields)


def staff(**changes: str) -> dict[str, str]:
    administration = Administration.objects.filter(counts_in_preparedness_goal=True)[0]
    data = {
        "administration": str(administration.pk),
        "workplace": "Biblioteket",
        "role": "Bibliotekar",
        "attends": "on",
        "team-TOTAL_FORMS": "0",
        "team-INITIAL_FORMS": "0",
    }
    return person(**data) | changes


def test_a_parent_books_with_name_and_address_alone(client: Client) -> None:
    session = parents_session()
    html = page(client, book_url(session))
    assert ('name="school"' in html, 'name="groups-0-pupils"' in html) == (False, False)
    answer = client.post(book_url(session), person(), follow=True)
    booking = Booking.objects.get()
    assert (booking.audience, booking.seats, booking.state) == ("parents", 1, State.CONFIRMED)
    assert [(line.name, line.email) for line in booking.people.all()] == [("Bo Bæk", "bo@example.dk")]
    assert said("You are signed up") in answer.content.decode()


def test_a_parent_brings_a_second_adult(client: Client) -> None:
    session = parents_session()
    client.post(book_url(session), person(second_name="Åse Ødegård", second_email="aase@example.dk"))
    booking = Booking.objects.get()
    assert booking.seats == 2
    assert [line.name for line in booking.people.all()] == ["Bo Bæk", "Åse Ødegård"]


def test_the_same_address_is_told_at_its_own_field(client: Client) -> None:
    session = parents_session()
    client.post(book_url(session), person(email="BO@example.dk"))
    again = client.post(book_url(session), person())
    assert (again.status_code, Booking.objects.count()) == (200, 1)
    assert 'id="id_email_error"' in again.content.decode()
    both = person(email="x@example.dk", second_name="Bo", second_email="bo@example.dk")
    second = client.post(book_url(session), both)
    assert 'id="id_second_email_error"' in second.content.decode()


def test_a_parents_form_that_fails_keeps_everything(client: Client) -> None:
    data = person(name="", second_name="Åse", second_email="ikke-en-adresse")
    html = client.post(book_url(parents_session()), data).content.decode()
    assert ('value="bo@example.dk"' in html, 'value="Åse"' in html, 'value="ikke-en-adresse"' in html) == (True,) * 3
    assert Booking.objects.count() == 0


def test_a_colleague_books_alone_at_once(client: Client) -> None:
    session = staff_session()
    client.post(book_url(session), staff())
    booking = Booking.objects.get()
    assert (booking.seats, booking.workplace, booking.role) == (1, "Biblioteket", "Bibliotekar")
    assert booking.administration is not None


def test_exactly_one_administration_is_asked_for(client: Client) -> None:
    html = client.post(book_url(staff_session()), staff(administration="")).content.decode()
    assert 'id="id_administration_error"' in html
    assert Booking.objects.count() == 0


def test_a_leader_looks_a_team_through_before_it_is_booked(client: Client) -> None:
    session = staff_session()
    data = staff(unnamed="2") | {
        "team-TOTAL_FORMS": "1",
        "team-0-name": "Åse Ødegård",
        "team-0-email": "aase@example.dk",
    }
    html = client.post(book_url(session), data).content.decode()
    assert Booking.objects.count() == 0
    assert said("Nothing is booked yet. Look your answers through, and send.") in html
    assert "Bo Bæk, Åse Ødegård" in html
    client.post(book_url(session), hidden(html) | {"checked": "1"})
    booking = Booking.objects.get()
    assert (booking.seats, [line.name for line in booking.people.all()]) == (4, ["Bo Bæk", "Åse Ødegård", "", ""])


def test_back_from_the_summary_keeps_everything(client: Client) -> None:
    session, data = staff_session(), staff(unnamed="2")
    html = client.post(book_url(session), data).content.decode()
    back = client.post(book_url(session), hidden(html) | {"back": "1"}).content.decode()
    assert ('value="Bo Bæk"' in back, 'value="Biblioteket"' in back, 'value="2"' in back) == (True, True, True)
    assert "form-error-message" not in back


def test_a_leader_who_does_not_take_part_needs_somebody_who_does(client: Client) -> None:
    data = staff()
    del data["attends"]
    html = client.post(book_url(staff_session()), data).content.decode()
    assert 'id="id_attends_error"' in html
    data["unnamed"] = "3"
    client.post(book_url(staff_session()), data | {"checked": "1"})
    assert Booking.objects.get().seats == 3


def test_another_colleague_can_be_added_and_removed_without_javascript(client: Client) -> None:
    url = book_url(staff_session())
    one = client.post(url, staff() | {"add_row": "1"}).content.decode()
    assert ('name="team-0-name"' in one, 'name="team-1-name"' in one) == (True, False)
    none = client.post(url, staff() | {"team-TOTAL_FORMS": "1", "remove_row": "1"}).content.decode()
    assert 'name="team-0-name"' not in none


def test_two_classes_are_looked_through_before_they_are_booked(client: Client) -> None:
    session, data = make_session(capacity=60), booking_form(make_school("Nørre Skole"), classes=2)
    del data["checked"]
    html = client.post(book_url(session), data).content.decode()
    assert Booking.objects.count() == 0
    assert html.count("Nørre Skole") == 1
    answer = client.post(book_url(session), hidden(html) | {"checked": "1"})
    assert (answer.status_code, Booking.objects.get().seats) == (302, 20)


def test_a_full_date_leads_to_its_waiting_list(client: Client) -> None:
    session = make_session(capacity=20, waiting_rule="bounded")
    make_booking(session, pupils=20)
    assert said("Waiting list") in page(client, session.workshop.get_url())
    html = page(client, book_url(session))
    assert said("Put us on the waiting list") in html
    data = booking_form(make_school()) | {"wait": "on", "only_waiting": "1", "email": "ny@example.dk"}
    answer = client.post(book_url(session), data, follow=True)
    booking = Booking.objects.get(contact_email="ny@example.dk")
    assert booking.state == State.WAITLISTED
    assert said("You are number %(position)s in line.") % {"position": 1} in answer.content.decode()


def test_a_date_that_fills_up_meanwhile_offers_the_waiting_list(client: Client) -> None:
    session, data = make_session(capacity=20, waiting_rule="bounded"), booking_form(make_school())
    data["groups-0-pupils"] = "15"
    make_booking(session, pupils=10)
    html = client.post(book_url(session), data).content.decode()
    assert 'name="wait"' in html
    client.post(book_url(session), data | {"wait": "on", "confirm_at_once": "on"})
    booking = Booking.objects.get(contact_email="aase@example.dk", state=State.WAITLISTED)
    assert booking.confirm_at_once


def test_without_a_waiting_list_nothing_is_offered(client: Client) -> None:
    session = make_session(capacity=20)
    make_booking(session, pupils=20)
    html = page(client, book_url(session))
    assert ('name="wait"' in html, said("Waiting list") in page(client, session.workshop.get_url())) == (False, False)


def test_a_date_that_needs_approval_says_so_and_holds_no_seat(client: Client) -> None:
    session = make_session(approval_needed=True)
    assert said("A coordinator answers your request. You hold no places until then.") in page(client, book_url(session))
    client.post(book_url(session), booking_form(make_school()))
    session.refresh_from_db()
    assert (Booking.objects.get().state, session.seats_taken) == (State.REQUESTED, 0)
    assert [message.kind for message in Message.objects.all()] == ["bookings.received"]
