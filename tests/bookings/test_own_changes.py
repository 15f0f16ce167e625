"""What a booker does alone behind the link: numbers, people, another date, an offer, a calendar subscription."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from bookings.domain.booking import Contact, book_parents
from bookings.links import link_to
from bookings.models import Booking, CalendarFeed
from bookings.rules import State
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from tests.factories.texts import page, said

pytestmark = pytest.mark.usefixtures("site", "clock")


def url(name: str, booking: Booking) -> str:
    token = link_to(booking).rstrip("/").rsplit("/", 1)[1]
    return reverse(f"bookings:{name}", kwargs={"token": token})


def fresh(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def parents(email: str = "bo@example.dk", **fields: object) -> Booking:
    session = make_session(workshop=make_workshop(audience="parents", grade_from=None, grade_to=None), **fields)
    contact = Contact("Bo Bæk", email)
    return book_parents(session_id=session.pk, contact=contact, language="da", idempotency_key=uuid.uuid4())


def test_numbers_are_changed_as_far_as_they_fit(client: Client) -> None:
    booking = make_booking(make_session(capacity=28), pupils=20)
    (line,) = booking.lines.all()
    data = {f"line-{line.pk}-pupils": "28", f"line-{line.pk}-adults": "3"}
    assert client.post(url("change", booking), data)["Location"] == link_to(booking)
    line.refresh_from_db()
    assert (line.pupils, line.adults, fresh(booking).seats) == (28, 3, 28)
    refused = client.post(url("change", booking), data | {f"line-{line.pk}-pupils": "29"})
    assert (refused.status_code, fresh(booking).seats) == (200, 28)
    assert 'role="alert"' in refused.content.decode()
    assert 'value="29"' in refused.content.decode()


@pytest.mark.parametrize("pupils", ["", "0", "-1", "½", "1000000000"])
def test_bad_numbers_are_field_errors(client: Client, pupils: str) -> None:
    booking = make_booking(make_session(), pupils=20)
    (line,) = booking.lines.all()
    answer = client.post(url("change", booking), {f"line-{line.pk}-pupils": pupils, f"line-{line.pk}-adults": "1"})
    assert (answer.status_code, fresh(booking).seats) == (200, 20)
    assert f'id="id_line-{line.pk}-pupils_error"' in answer.content.decode()


def test_a_parent_adds_and_takes_off_an_adult(client: Client) -> None:
    booking = parents()
    (line,) = booking.people.all()
    one = {"people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "1", "people-0-line": str(line.pk)}
    one |= {"people-0-name": "Bo Bæk", "people-0-email": "bo@example.dk"}
    assert 'name="people-1-name"' in client.post(url("change", booking), one | {"add_row": "1"}).content.decode()
    two = one | {"people-TOTAL_FORMS": "2", "people-1-name": "Åse Ødegård", "people-1-email": ""}
    client.post(url("change", booking), two)
    assert [person.name for person in booking.people.all()] == ["Bo Bæk", "Åse Ødegård"]
    second = booking.people.get(name="Åse Ødegård")
    client.post(url("change", booking), two | {"people-1-line": str(second.pk), "people-1-off": "on"})
    assert ([person.name for person in fresh(booking).people.all()], fresh(booking).seats) == (["Bo Bæk"], 1)
    client.post(url("change", booking), one | {"people-0-off": "on"})
    assert fresh(booking).people.count() == 1


def test_a_booking_moves_to_another_date_and_keeps_its_link(client: Client) -> None:
    workshop = make_workshop()
    booking = make_booking(make_session(workshop=workshop), pupils=20)
    other = make_session(workshop=workshop, starts_in=dt.timedelta(days=21))
    small = make_session(workshop=workshop, starts_in=dt.timedelta(days=28), capacity=10)
    html = page(client, url("move", booking))
    assert (str(other.uuid) in html, str(small.uuid) in html) == (True, False)
    answer = client.post(url("move", booking), {"session": str(other.uuid)})
    assert (answer["Location"], fresh(booking).session) == (link_to(booking), other)
    refused = client.post(url("move", booking), {"session": str(small.uuid)})
    assert (refused.status_code, fresh(booking).session) == (200, other)


@pytest.mark.parametrize("session", ["", "x", str(uuid.UUID(int=1))])
def test_moving_to_nothing_moves_nothing(client: Client, session: str) -> None:
    booking = make_booking(make_session())
    assert client.post(url("move", booking), {"session": session}).status_code == 302
    assert fresh(booking).session == booking.session


@pytest.mark.parametrize(
    ("button", "state"), [("accept", State.CONFIRMED), ("decline", State.CANCELLED), ("x", State.OFFERED)]
)
def test_an_offer_is_answered(client: Client, button: str, state: State) -> None:
    session = make_session(capacity=20, waiting_rule="bounded")
    first = make_booking(session, pupils=20)
    waiting = make_booking(session, school=make_school(), pupils=20, wait=True)
    client.post(url("cancel", first))
    assert fresh(waiting).state == State.OFFERED
    assert said("There is room for you now") in page(client, link_to(waiting))
    client.post(url("answer_offer", waiting), {button: "1"})
    assert fresh(waiting).state == state


@pytest.mark.parametrize("name", ["own", "change", "move", "cancel", "calendar"])
def test_reading_changes_nothing(client: Client, name: str) -> None:
    booking = make_booking(make_session())
    before = Booking.objects.values().get()
    client.get(url(name, booking))
    assert Booking.objects.values().get() == before


@pytest.mark.parametrize("name", ["answer_offer", "subscribe"])
def test_buttons_are_only_pressed(client: Client, name: str) -> None:
    assert client.get(url(name, make_booking(make_session()))).status_code == 405


def test_a_waiting_booking_has_no_calendar_file(client: Client) -> None:
    session = make_session(capacity=20, waiting_rule="bounded")
    make_booking(session, pupils=20)
    waiting = make_booking(session, school=make_school(), pupils=20, wait=True)
    assert client.get(url("calendar", waiting)).status_code == 404


def feed_of(html: str) -> str:
    return html.split("<code>http://testserver")[1].split("</code>", maxsplit=1)[0]


def test_a_calendar_subscription_follows_its_booking_and_can_be_ended(client: Client) -> None:
    booking = make_booking(make_session())
    feed = feed_of(client.post(url("subscribe", booking)).content.decode())
    answer = client.get(feed)
    calendar = Calendar.from_ical(answer.content)
    assert answer["Content-Type"].startswith("text/calendar")
    assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == [f"{booking.uuid}@testserver"]
    assert (b"http" in answer.content, link_to(booking).encode() in answer.content) == (False, False)
    client.post(url("cancel", booking))
    assert list(Calendar.from_ical(client.get(feed).content).walk("VEVENT")) == []
    client.post(url("subscribe", booking), {"end": "1"})
    assert (client.get(feed).status_code, CalendarFeed.objects.count()) == (404, 0)


def test_a_new_subscription_ends_the_old_link(client: Client) -> None:
    booking = make_booking(make_session())
    old, new = (feed_of(client.post(url("subscribe", booking)).content.decode()) for _ in range(2))
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)


def events_of(client: Client, feed: str) -> set[str]:
    return {str(event["UID"]) for event in Calendar.from_ical(client.get(feed).content).walk("VEVENT")}


def test_a_bookings_link_makes_a_feed_of_that_booking_and_the_signed_in_person_has_all(client: Client) -> None:
    """Anybody can book with somebody else's address and is led to the booking's page: that proves no address."""
    theirs, planted = (make_booking(make_session(), label=label) for label in ("7.A", "7.B"))
    assert theirs.contact_email == planted.contact_email
    user, stranger = make_user(email=theirs.contact_email), Client()
    client.force_login(user)
    own = feed_of(client.post("/mine-bookinger/abonner/").content.decode())
    first = feed_of(client.post(url("subscribe", theirs)).content.decode())
    answer = stranger.post(url("subscribe", planted)).content.decode()
    assert (
        said("It holds this booking only. Whoever has the address can see when and where it is. Do not share it.")
        in answer
    )
    assert events_of(stranger, feed_of(answer)) == {f"{planted.uuid}@testserver"}
    both = {f"{booking.uuid}@testserver" for booking in (theirs, planted)}
    assert (events_of(stranger, own), events_of(stranger, first)) == (both, {f"{theirs.uuid}@testserver"})
    stranger.post(url("subscribe", planted), {"end": "1"})
    assert [stranger.get(feed).status_code for feed in (own, first)] == [200, 200]


def test_a_users_feed_follows_the_present_address_and_ends_with_the_account(client: Client) -> None:
    before, after = (
        make_booking(make_session(), label=label, contact=Contact("Åse", email, "12345678"))
        for label, email in (("7.A", "foer@example.dk"), ("7.B", "nu@example.dk"))
    )
    user = make_user(email="foer@example.dk")
    client.force_login(user)
    feed = feed_of(client.post("/mine-bookinger/abonner/").content.decode())
    assert events_of(client, feed) == {f"{before.uuid}@testserver"}
    user.email = "Nu@example.dk"
    user.save()
    assert events_of(client, feed) == {f"{after.uuid}@testserver"}
    user.is_active = False
    user.save()
    unknown = client.get("/min-kalender/unknown/vaern.ics")
    ended = client.get(feed)
    assert (ended.status_code, unknown.status_code) == (404, 404)
    token = feed.split("/")[2]
    assert ended.content.decode().replace(token, "") == unknown.content.decode().replace("unknown", "")


def test_a_signed_in_person_sees_the_bookings_of_the_own_address_alone(client: Client) -> None:
    own = make_booking(make_session(), contact=Contact("Åse", "aase@example.dk", "12345678"))
    other = make_booking(make_session(), contact=Contact("Bo", "bo@example.dk", "12345678"))
    assert client.get("/mine-bookinger/").status_code == 302
    client.force_login(make_user(email="aase@example.dk"))
    html = page(client, "/mine-bookinger/")
    assert (link_to(own) in html, link_to(other) in html) == (True, False)


def test_somebody_in_charge_sees_the_booking_without_its_link(client: Client) -> None:
    contact = Contact("Åse", "aase@example.dk", "12345678", "Bo", "bo@example.dk")
    booking = make_booking(make_session(), contact=contact)
    client.force_login(make_user(email="bo@example.dk"))
    html = page(client, "/mine-bookinger/")
    assert (booking.session.workshop.title in html, link_to(booking) in html) == (True, False)
