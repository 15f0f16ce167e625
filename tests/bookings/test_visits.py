"""Requests for a visit: asked, accepted, answered with another time, declined (domain.md §3)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from bookings.domain.booking import BookingSchool, ClassGroup, Refused, SentBefore
from bookings.domain.visits import (
    accept_visit,
    answer_proposal,
    decline_visit,
    propose_other_time,
    request_visit,
    withdraw_visit,
)
from bookings.models import Booking, Session, VisitRequest
from bookings.rules import Refusal, State
from tests.bookings.oracle import assert_all_invariants
from tests.factories.bookings import CONTACT, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site", "clock")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
GROUPS = [ClassGroup("7.A", 7, 24, 2, ["step_free"]), ClassGroup("7.B", 7, 22, 1)]


def wishes(number: int = 3) -> list[dt.datetime]:
    return [timezone.now() + (10 + day) * DAY for day in range(number)]


def ask(**fields: Any) -> VisitRequest:
    values: dict[str, Any] = {
        "school": fields.pop("school", None) or BookingSchool(make_school("Nørre Skole")),
        "groups": GROUPS,
        "contact": CONTACT,
        "wishes": wishes(),
        "language": "da",
        "idempotency_key": uuid.uuid4(),
    }
    workshop = fields.pop("workshop", None) or make_workshop(way_of_booking="request")
    return request_visit(workshop_id=workshop.pk, **(values | fields))


def refusal(call: Any, *args: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **fields)
    return caught.value


def kinds() -> list[str]:
    return [kind.removeprefix("bookings.") for kind in Message.objects.order_by("pk").values_list("kind", flat=True)]


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def test_a_school_asks_for_up_to_three_times() -> None:
    visit = ask()
    assert (visit.state, visit.school_name, kinds()) == ("open", "Nørre Skole", ["visit_received"])
    assert [wish.starts_at for wish in visit.wishes.all()] == wishes()
    assert {wish.ends_at - wish.starts_at for wish in visit.wishes.all()} == {dt.timedelta(minutes=90)}
    assert [(group.label, group.pupils, group.needs) for group in visit.groups.all()] == [
        ("7.A", 24, ["step_free"]),
        ("7.B", 22, []),
    ]
    assert AuditEvent.objects.get(subject_type="visit").action == "visit.requested"
    for wrong in ([], wishes(1) * 2, [*wishes(), timezone.now() + 20 * DAY]):
        with pytest.raises(ValueError, match="one to three"):
            ask(wishes=wrong)


def test_the_same_form_asks_once() -> None:
    workshop, key, school = make_workshop(way_of_booking="both"), uuid.uuid4(), BookingSchool(make_school())
    visit = ask(workshop=workshop, idempotency_key=key, school=school)
    assert ask(workshop=workshop, idempotency_key=key, school=school) == visit
    with pytest.raises(SentBefore):
        ask(workshop=workshop, idempotency_key=key, school=school, wishes=wishes(1))
    assert (VisitRequest.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("workshop", "fields", "why"),
    [
        ({"way_of_booking": "sessions"}, {}, Refusal.NOT_BOOKED_HERE),
        ({"live": False}, {}, Refusal.NOT_BOOKED_HERE),
        ({"audience": "parents"}, {}, Refusal.NOT_BOOKED_HERE),
        ({"group_max": 23}, {}, Refusal.GROUP_TOO_LARGE),
        ({"group_min": 23}, {}, Refusal.GROUP_TOO_SMALL),
        ({}, {"groups": [GROUPS[0], GROUPS[0]]}, Refusal.ALREADY_BOOKED),
    ],
)
def test_what_cannot_be_asked_for(workshop: dict[str, Any], fields: dict[str, Any], why: Refusal) -> None:
    page = make_workshop(**({"way_of_booking": "request"} | workshop))
    assert refusal(ask, workshop=page, **fields).why is why
    assert VisitRequest.objects.count() == 0


def test_a_wish_in_the_past_is_refused() -> None:
    assert refusal(ask, wishes=[timezone.now()]).why is Refusal.TIME_PASSED


def test_accepting_makes_session_and_booking_in_one() -> None:
    visit, facilitator, actor = ask(), make_user("facilitator"), make_user("coordinator")
    booking = accept_visit(request_id=visit.pk, starts_at=wishes()[1], facilitators=[facilitator], actor_id=actor.pk)
    session = booking.session
    assert (session.starts_at, session.ends_at - session.starts_at) == (wishes()[1], dt.timedelta(minutes=90))
    assert (list(session.facilitators.all()), session.visibility, session.seats_taken, session.free) == (
        [facilitator],
        "link",
        2,
        0,
    )
    assert (booking.state, booking.reference, booking.contact_email) == (
        State.CONFIRMED,
        visit.reference,
        "aase@example.dk",
    )
    assert [(line.label, line.pupils, line.needs) for line in booking.lines.all()] == [
        ("7.A", 24, ["step_free"]),
        ("7.B", 22, []),
    ]
    assert (fresh(visit).state, visit.booking, kinds()) == ("accepted", booking, ["visit_received", "confirmed"])
    again = accept_visit(request_id=visit.pk, starts_at=wishes()[1], facilitators=[facilitator], actor_id=None)
    assert (again, Booking.objects.count(), Session.objects.count(), Message.objects.count()) == (booking, 1, 1, 2)
    assert refusal(accept_visit, request_id=visit.pk, starts_at=wishes()[0], facilitators=[], actor_id=None).why is (
        Refusal.VISIT_CLOSED
    )
    assert_all_invariants()


def test_only_a_wished_time_is_accepted() -> None:
    visit = ask()
    other = wishes()[0] + HOUR
    assert refusal(accept_visit, request_id=visit.pk, starts_at=other, facilitators=[], actor_id=None).why is (
        Refusal.NOT_PROPOSED
    )


@pytest.mark.parametrize(("offset", "busy"), [(-90, False), (-89, True), (0, True), (89, True), (90, False)], ids=str)
def test_nobody_is_sent_to_two_places_at_once(offset: int, busy: bool) -> None:
    visit, facilitator = ask(), make_user("facilitator", first_name="Kim", last_name="Holm")
    make_session(starts_at=wishes()[0] + dt.timedelta(minutes=offset), facilitators=[facilitator])
    call = {"request_id": visit.pk, "starts_at": wishes()[0], "facilitators": [facilitator], "actor_id": None}
    if not busy:
        assert accept_visit(**call).state == State.CONFIRMED  # type: ignore[arg-type]
        return
    refused = refusal(accept_visit, **call)
    assert (refused.why, refused.label, fresh(visit).state) == (Refusal.FACILITATOR_BUSY, "Kim Holm", "open")
    assert Booking.objects.count() == 0


def test_a_cancelled_session_keeps_nobody_busy() -> None:
    visit, facilitator = ask(), make_user("facilitator")
    make_session(starts_at=wishes()[0], facilitators=[facilitator], status="cancelled")
    accept_visit(request_id=visit.pk, starts_at=wishes()[0], facilitators=[facilitator], actor_id=None)


def test_another_time_is_proposed_and_taken() -> None:
    visit, facilitator = ask(), make_user("facilitator")
    other = timezone.now() + 20 * DAY
    call = {"request_id": visit.pk, "starts_at": other, "facilitators": [facilitator], "actor_id": None}
    propose_other_time(**call, text="Vi er syge")  # type: ignore[arg-type]
    propose_other_time(**call, text="Vi er syge")  # type: ignore[arg-type]
    assert (fresh(visit).state, kinds()) == ("proposed", ["visit_received", "visit_proposed"])
    message = Message.objects.latest("pk")
    assert (message.context["proposed_starts_at"], message.context["answer"]) == (other.isoformat(), "Vi er syge")
    booking = answer_proposal(request_id=visit.pk, accept=True)
    assert booking is not None
    assert (booking.session.starts_at, list(booking.session.facilitators.all())) == (other, [facilitator])
    assert answer_proposal(request_id=visit.pk, accept=True) == booking
    assert (fresh(visit).state, Booking.objects.count()) == ("accepted", 1)
    assert_all_invariants()


def test_a_proposal_that_does_not_suit_goes_back_to_the_coordinator() -> None:
    visit = ask()
    propose_other_time(request_id=visit.pk, starts_at=timezone.now() + 20 * DAY, facilitators=[], actor_id=None)
    assert answer_proposal(request_id=visit.pk, accept=False) is None
    assert answer_proposal(request_id=visit.pk, accept=False) is None
    assert (fresh(visit).state, visit.proposed_starts_at, visit.proposals_refused) == ("open", None, 1)
    assert refusal(answer_proposal, request_id=visit.pk, accept=True).why is Refusal.NOT_PROPOSED
    accept_visit(request_id=visit.pk, starts_at=wishes()[2], facilitators=[], actor_id=None)


def test_a_proposal_is_checked_again_when_it_is_taken(clock: time_machine.Coordinates) -> None:
    visit, facilitator = ask(), make_user("facilitator")
    other = timezone.now() + 20 * DAY
    propose_other_time(request_id=visit.pk, starts_at=other, facilitators=[facilitator], actor_id=None)
    make_session(starts_at=other, facilitators=[facilitator])
    assert refusal(answer_proposal, request_id=visit.pk, accept=True).why is Refusal.FACILITATOR_BUSY
    clock.move_to(other)
    assert refusal(answer_proposal, request_id=visit.pk, accept=True).why is Refusal.TIME_PASSED


def test_declining_gives_a_reason_once() -> None:
    visit = ask()
    with pytest.raises(ValueError, match="reason"):
        decline_visit(request_id=visit.pk, reason=" ", actor_id=None)
    decline_visit(request_id=visit.pk, reason="Ingen ledige", actor_id=None)
    decline_visit(request_id=visit.pk, reason="Ingen ledige", actor_id=None)
    assert (fresh(visit).state, visit.answer_text, kinds()) == (
        "declined",
        "Ingen ledige",
        ["visit_received", "visit_declined"],
    )
    assert refusal(withdraw_visit, request_id=visit.pk).why is Refusal.VISIT_CLOSED
    with pytest.raises(IntegrityError, match="visit_declined_has_a_reason"), transaction.atomic():
        VisitRequest.objects.filter(pk=visit.pk).update(answer_text="")


def test_the_school_takes_its_request_back() -> None:
    visit = ask()
    withdraw_visit(request_id=visit.pk)
    withdraw_visit(request_id=visit.pk)
    assert (fresh(visit).state, kinds()) == ("withdrawn", ["visit_received", "visit_withdrawn"])
    assert refusal(accept_visit, request_id=visit.pk, starts_at=wishes()[0], facilitators=[], actor_id=None).why is (
        Refusal.VISIT_CLOSED
    )


def test_an_unlisted_school_can_ask_as_well() -> None:
    booking = accept_visit(
        request_id=ask(school=BookingSchool(unlisted_name="Skolen uden for byen")).pk,
        starts_at=wishes()[0],
        facilitators=[],
        actor_id=None,
    )
    assert (booking.school_name, booking.school_unlisted) == ("Skolen uden for byen", True)
