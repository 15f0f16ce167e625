"""Coordinators answer requests, one or many at once, and requests for visits; others don't."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from bookings.domain.booking import BookingSchool, ClassGroup, Contact
from bookings.domain.visits import request_visit
from bookings.models import Booking, Session, VisitRequest
from bookings.rules import State
from tests.factories.bookings import CONTACT, make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from tests.factories.texts import page, said
from vaern.people.models import User

pytestmark = pytest.mark.usefixtures("site", "clock")

APPROVALS = "/admin/approvals/"


@pytest.fixture
def coordinator(client: Client) -> User:
    user = make_user("coordinator")
    client.force_login(user)
    return user


def requests(session: Session, *pupils: int) -> list[Booking]:
    return [
        make_booking(session, school=make_school(), pupils=number, contact=Contact("Bo", f"bo{index}@example.dk", "1"))
        for index, number in enumerate(pupils)
    ]


def states() -> list[str]:
    return [booking.state for booking in Booking.objects.order_by("pk")]


@pytest.mark.parametrize(("role", "status"), [("coordinator", 200), ("editor", 302), ("approver", 302)])
def test_who_answers_requests(client: Client, role: str, status: int) -> None:
    client.force_login(make_user(role))
    assert client.get(APPROVALS).status_code == status
    booking = requests(make_session(approval_needed=True), 10)[0]
    client.post(APPROVALS, {"bookings": [booking.pk], "approve": "1"})
    assert states() == [State.CONFIRMED if role == "coordinator" else State.REQUESTED]


def test_many_are_approved_at_once(client: Client, coordinator: User) -> None:
    session = make_session(approval_needed=True, capacity=50)
    rows = requests(session, 20, 20)
    assert page(client, APPROVALS).count('name="bookings"') == 2
    client.post(APPROVALS, {"bookings": [row.pk for row in rows], "approve": "1"})
    assert states() == [State.CONFIRMED, State.CONFIRMED]
    assert said("No requests wait for an answer.") in page(client, APPROVALS)


def test_all_or_nothing_and_the_one_without_room_is_named(client: Client, coordinator: User) -> None:
    session = make_session(approval_needed=True, capacity=30, waiting_rule="bounded")
    rows = requests(session, 20, 20)
    data = {"bookings": [row.pk for row in rows]}
    html = client.post(APPROVALS, data | {"approve": "1"}).content.decode()
    assert states() == [State.REQUESTED, State.REQUESTED]
    assert rows[1].reference in html
    assert said("None of the chosen requests has been answered.") in html
    assert html.count("checked") >= 2
    client.post(APPROVALS, data | {"wait": "1"})
    assert states() == [State.CONFIRMED, State.WAITLISTED]


def test_a_no_needs_a_reason(client: Client, coordinator: User) -> None:
    row = requests(make_session(approval_needed=True), 10)[0]
    client.post(APPROVALS, {"bookings": [row.pk], "reject": "1", "reason": ""})
    assert states() == [State.REQUESTED]
    client.post(APPROVALS, {"bookings": [row.pk], "reject": "1", "reason": "Lokalet er for lille"})
    row.refresh_from_db()
    assert (row.state, row.end_reason) == (State.REJECTED, "Lokalet er for lille")


@pytest.mark.parametrize("bookings", [[], ["x"], ["999999"]])
def test_nothing_chosen_answers_nothing(client: Client, coordinator: User, bookings: list[str]) -> None:
    requests(make_session(approval_needed=True), 10)
    assert client.post(APPROVALS, {"bookings": bookings, "approve": "1"}).status_code == 200
    assert states() == [State.REQUESTED]


def visit(days: int = 30) -> VisitRequest:
    workshop = make_workshop(way_of_booking="request")
    return request_visit(
        workshop_id=workshop.pk,
        school=BookingSchool(organisation=make_school("Nørre Skole")),
        groups=[ClassGroup(label="7.B", grade=7, pupils=24, adults=2)],
        contact=CONTACT,
        wishes=[timezone.now() + dt.timedelta(days=days)],
        language="da",
        idempotency_key=uuid.uuid4(),
    )


def answer_url(request: VisitRequest) -> str:
    return f"/admin/visits/answer/{request.pk}/"


def test_a_visit_is_accepted_at_a_wished_time(client: Client, coordinator: User) -> None:
    request, facilitator = visit(), make_user("facilitator")
    assert "Nørre Skole" in page(client, "/admin/visits/")
    assert "7.B" in page(client, f"/admin/visits/inspect/{request.pk}/")
    client.post(answer_url(request), {"answer": "wish-1", "facilitators": [facilitator.pk]})
    booking = Booking.objects.get()
    assert (booking.state, list(booking.session.facilitators.all())) == (State.CONFIRMED, [facilitator])
    assert client.get(answer_url(request)).status_code == 302


def test_a_busy_facilitator_is_named_and_nothing_is_made(client: Client, coordinator: User) -> None:
    request, facilitator = visit(), make_user("facilitator", "underviser@example.dk")
    make_session(starts_at=request.wishes.get().starts_at, facilitators=[facilitator])
    html = client.post(answer_url(request), {"answer": "wish-1", "facilitators": [facilitator.pk]}).content.decode()
    assert "underviser@example.dk" in html
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"answer": "decline", "text": "Ingen ledige"}, "declined"),
        ({"answer": "decline", "text": ""}, "open"),
        ({"answer": "wish-1"}, "open"),
        ({"answer": "propose", "starts_at": ""}, "open"),
        ({"answer": "propose", "starts_at": "01.01.2020 10:00"}, "open"),
        ({"answer": "x"}, "open"),
    ],
)
def test_other_answers(client: Client, coordinator: User, data: dict[str, str], state: str) -> None:
    request = visit()
    client.post(answer_url(request), data)
    request.refresh_from_db()
    assert request.state == state


def test_another_time_is_proposed(client: Client, coordinator: User) -> None:
    request, facilitator = visit(), make_user("facilitator")
    data = {"answer": "propose", "starts_at": "03.02.2027 10:15", "facilitators": [facilitator.pk], "text": "Formiddag"}
    client.post(answer_url(request), data)
    request.refresh_from_db()
    assert (request.state, request.answer_text) == ("proposed", "Formiddag")
    assert request.proposed_starts_at == dt.datetime(2027, 2, 3, 9, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize("role", ["editor", "approver"])
def test_others_see_no_requests_for_visits(client: Client, role: str) -> None:
    request = visit()
    client.force_login(make_user(role))
    paths = ("/admin/visits/", f"/admin/visits/inspect/{request.pk}/", answer_url(request))
    assert [client.get(path).status_code for path in paths] == [302, 302, 302]


def test_the_waiting_list_and_who_was_passed_over_are_seen(client: Client, coordinator: User) -> None:
    session = make_session(capacity=20, waiting_rule="bounded")
    make_booking(session, pupils=15)
    large = make_booking(session, school=make_school(), pupils=20, wait=True)
    small = make_booking(session, school=make_school(), pupils=5)
    html = page(client, f"/admin/sessions/inspect/{session.pk}/")
    assert (large.reference in html, small.reference in html) == (True, True)
    assert said("There was not room for the one who waited, but for the other") in html
    assert small.reference in page(client, f"/admin/bookings/inspect/{large.pk}/")
