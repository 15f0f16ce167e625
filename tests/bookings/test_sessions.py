"""Changing and cancelling: bookings by the booker and staff, sessions by coordinators."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from bookings.domain.attendance import LineReport, report_attendance
from bookings.domain.booking import Contact, Refused, cancel
from bookings.domain.session import CapacityBelowTaken, cancel_session, change_session, plan_session
from bookings.messages import snapshot
from bookings.models import Booking, Session
from bookings.rules import Refusal, State
from tests.factories.bookings import make_booking, make_past_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site", "clock")
HOUR = dt.timedelta(hours=1)


def kinds() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def change(session: Session, **changes: Any) -> Session:
    return change_session(session_id=session.pk, changes=changes, actor_id=None)


# -- the booker cancels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before_deadline", "state"), [(dt.timedelta(microseconds=1), State.CANCELLED), (dt.timedelta(0), State.CONFIRMED)]
)
def test_the_booker_cancels_until_the_deadline(
    clock: time_machine.Coordinates, before_deadline: dt.timedelta, state: State
) -> None:
    session = make_session(cancel_until=timezone.now() + 24 * HOUR)
    booking = make_booking(session)
    clock.move_to(session.cancel_until - before_deadline)
    if state == State.CANCELLED:
        cancel(booking_id=booking.pk)
    else:
        with pytest.raises(Refused) as refused:
            cancel(booking_id=booking.pk)
        assert refused.value.why is Refusal.TOO_LATE_TO_CANCEL
    booking.refresh_from_db()
    session.refresh_from_db()
    assert (booking.state, session.seats_taken) == (state, 0 if state == State.CANCELLED else 24)
    assert kinds()[1:] == (["bookings.cancelled"] if state == State.CANCELLED else [])


def test_without_a_deadline_the_start_is_the_deadline(clock: time_machine.Coordinates) -> None:
    session = make_session(cancel_until=None)
    booking = make_booking(session)
    clock.move_to(session.starts_at)
    with pytest.raises(Refused) as refused:
        cancel(booking_id=booking.pk)
    assert refused.value.why is Refusal.TOO_LATE_TO_CANCEL


def test_a_deadline_after_the_start_is_the_start(clock: time_machine.Coordinates) -> None:
    session = make_session()
    Session.objects.filter(pk=session.pk).update(cancel_until=session.starts_at + HOUR)
    booking = make_booking(session)
    clock.move_to(session.starts_at + HOUR / 2)
    with pytest.raises(Refused):
        cancel(booking_id=booking.pk)


def test_staff_cancel_after_the_deadline_with_a_reason(clock: time_machine.Coordinates) -> None:
    session, user = make_session(), make_user("coordinator")
    booking = make_booking(session)
    clock.move_to(session.starts_at + HOUR)
    done = cancel(booking_id=booking.pk, by_staff=True, reason="Skolen ringede", actor_id=user.pk)
    assert (done.state, done.end_reason, done.ended_at) == (State.CANCELLED, "Skolen ringede", timezone.now())
    event = AuditEvent.objects.get(action="booking.cancelled")
    assert (event.actor, event.facts["by_staff"]) == (user, True)


@pytest.mark.parametrize("state", [State.EXPIRED, State.REJECTED])
@pytest.mark.parametrize("by_staff", [True, False])
def test_what_has_ended_stays_ended(state: State, by_staff: bool) -> None:
    booking = make_booking(make_session())
    Booking.objects.filter(pk=booking.pk).update(state=state, ended_at=timezone.now())
    before = (kinds(), AuditEvent.objects.count())
    with pytest.raises(Refused) as refused:
        cancel(booking_id=booking.pk, by_staff=by_staff, reason="Skolen ringede")
    booking.refresh_from_db()
    assert (refused.value.why, booking.state) == (Refusal.ENDED, state)
    assert (kinds(), AuditEvent.objects.count()) == before


def test_a_second_cancelling_writes_nothing() -> None:
    booking = make_booking(make_session())
    first = cancel(booking_id=booking.pk)
    before = (kinds(), AuditEvent.objects.count())
    again = cancel(booking_id=booking.pk, reason="noget andet")
    assert (again.ended_at, again.end_reason, again.version) == (first.ended_at, "", first.version)
    assert (kinds(), AuditEvent.objects.count()) == before


def test_cancelling_frees_the_room_for_another_class() -> None:
    session = make_session(capacity=24)
    first = make_booking(session)
    with pytest.raises(Refused):
        make_booking(session, label="7.A")
    cancel(booking_id=first.pk)
    make_booking(session, label="7.A")
    session.refresh_from_db()
    assert session.seats_taken == 24


# -- a session changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("capacity", "allowed"), [(23, False), (24, True), (0, False), (None, True)])
def test_capacity_is_never_set_below_the_seats_taken(capacity: int | None, allowed: bool) -> None:
    session = make_session(capacity=28)
    make_booking(session, pupils=24)
    if allowed:
        change(session, capacity=capacity)
    else:
        with pytest.raises(CapacityBelowTaken) as refused:
            change(session, capacity=capacity)
        assert refused.value.taken == 24
    session.refresh_from_db()
    assert session.capacity == (capacity if allowed else 28)
    assert AuditEvent.objects.filter(action="session.changed").count() == int(allowed)


def test_the_unit_of_capacity_stays_while_anybody_is_booked() -> None:
    session = make_session()
    booking = make_booking(session)
    with pytest.raises(CapacityBelowTaken):
        change(session, capacity_unit=Session.Unit.GROUPS)
    cancel(booking_id=booking.pk)
    assert change(session, capacity_unit=Session.Unit.GROUPS).capacity_unit == "groups"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"place": "Rådhuset"}, 1),
        ({"ends_at": dt.datetime(2026, 12, 7, 11, tzinfo=dt.UTC)}, 1),
        ({"starts_at": dt.datetime(2026, 12, 7, 7, tzinfo=dt.UTC)}, 1),
        ({"capacity": 60}, 0),
        ({"opens_at": None}, 0),
    ],
)
def test_another_time_or_place_is_told_and_moves_the_calendar(changes: dict[str, Any], told: int) -> None:
    session = make_session()
    booking = make_booking(session)
    before = snapshot(booking, session)["sequence"]
    change(session, **changes)
    session.refresh_from_db()
    booking.refresh_from_db()
    assert kinds()[1:] == ["bookings.changed"] * told
    assert snapshot(booking, session)["sequence"] == before + told
    assert booking.version == 1 + told


def test_the_message_tells_the_new_place_and_time() -> None:
    session = make_session(place="Nørre Allé 7")
    make_booking(session)
    change(session, place="Rådhuset")
    message = Message.objects.get(kind="bookings.changed")
    assert (message.context["place"], message.version) == ("Rådhuset", 2)


def test_a_change_to_what_it_is_writes_nothing() -> None:
    session = make_session(place="Rådhuset")
    make_booking(session)
    events = AuditEvent.objects.count()
    change(session, place="Rådhuset", capacity=28)
    session.refresh_from_db()
    assert (session.calendar_sequence, AuditEvent.objects.count(), kinds()) == (0, events, ["bookings.confirmed"])


def test_those_who_have_cancelled_hear_of_no_change() -> None:
    session = make_session(capacity=60)
    cancel(booking_id=make_booking(session, label="7.A").pk)
    make_booking(session, label="7.B", contact=Contact("Bo", "bo@example.dk"))
    change(session, place="Rådhuset")
    assert list(Message.objects.filter(kind="bookings.changed").values_list("recipient", flat=True)) == [
        "bo@example.dk"
    ]


def test_a_cancelled_session_does_not_change() -> None:
    session = make_session()
    cancel_session(session_id=session.pk, reason="Lokalet er lukket", actor_id=None)
    with pytest.raises(Refused) as refused:
        change(session, place="Rådhuset")
    assert refused.value.why is Refusal.SESSION_CANCELLED


def test_planning_and_staffing_a_session_is_recorded_and_told_to_no_booker() -> None:
    one, other, user = make_user("facilitator"), make_user("facilitator"), make_user("coordinator")
    starts_at = timezone.now() + 24 * HOUR
    values = {"workshop": make_workshop(), "starts_at": starts_at, "ends_at": starts_at + HOUR, "capacity": 28}
    session = plan_session(values=values, facilitators=[one], actor_id=user.pk)
    make_booking(session)
    change_session(session_id=session.pk, changes={}, facilitators=[other], actor_id=user.pk)
    change_session(session_id=session.pk, changes={}, facilitators=[other], actor_id=user.pk)
    assert list(session.facilitators.all()) == [other]
    events = AuditEvent.objects.filter(subject_type="session").order_by("pk").values_list("action", "actor")
    assert list(events) == [("session.planned", user.pk), ("session.changed", user.pk)]
    told = Message.objects.order_by("pk").values_list("kind", "recipient")
    assert list(told) == [
        ("bookings.facilitator_new", one.email),
        ("bookings.confirmed", "aase@example.dk"),
        ("bookings.facilitator_new", other.email),
        ("bookings.facilitator_cancelled", one.email),
    ]


# -- a session is cancelled --------------------------------------------------------------------------------


def test_what_has_begun_is_not_moved_but_can_be_corrected_otherwise(clock: time_machine.Coordinates) -> None:
    session = make_session()
    make_booking(session)
    clock.move_to(session.starts_at)
    with pytest.raises(Refused) as refused:
        change_session(session_id=session.pk, changes={"place": "Et andet sted"}, actor_id=None)
    assert refused.value.why is Refusal.BEGUN
    change_session(session_id=session.pk, changes={"capacity": 30}, actor_id=None)
    session.refresh_from_db()
    assert (session.place, session.capacity) == ("", 30)


def test_cancelling_a_session_ends_its_bookings_and_tells_each_booker_once_and_why() -> None:
    session = make_session(capacity=100)
    bookings = [
        make_booking(session, label=f"7.{letter}", contact=Contact(letter, f"{letter.lower()}@example.dk"))
        for letter in "ABC"
    ]
    cancel(booking_id=bookings[2].pk)
    Message.objects.all().delete()
    cancel_session(session_id=session.pk, reason="Underviseren er syg", actor_id=None)
    session.refresh_from_db()
    assert (session.status, session.cancel_reason, session.seats_taken) == ("cancelled", "Underviseren er syg", 0)
    told = Message.objects.order_by("pk").values_list("kind", "recipient", "context__reason")
    assert list(told) == [
        ("bookings.cancelled", "a@example.dk", "Underviseren er syg"),
        ("bookings.cancelled", "b@example.dk", "Underviseren er syg"),
    ]
    assert set(session.bookings.values_list("state", flat=True)) == {State.CANCELLED}
    assert session.lines.filter(active=True).count() == 0


def test_cancelling_a_session_twice_writes_once() -> None:
    session = make_session()
    booking = make_booking(session)
    assert cancel_session(session_id=session.pk, reason="A", actor_id=None) == [booking]
    before = (kinds(), AuditEvent.objects.count())
    assert cancel_session(session_id=session.pk, reason="B", actor_id=None) == []
    session.refresh_from_db()
    assert session.cancel_reason == "A"
    assert (kinds(), AuditEvent.objects.count()) == before


def test_staff_do_not_cancel_without_saying_why() -> None:
    session = make_session()
    booking = make_booking(session)
    with pytest.raises(ValueError, match="reason"):
        cancel(booking_id=booking.pk, by_staff=True, reason=" ")
    with pytest.raises(ValueError, match="reason"):
        cancel_session(session_id=session.pk, reason="", actor_id=None)
    booking.refresh_from_db()
    session.refresh_from_db()
    assert (booking.state, session.status) == (State.CONFIRMED, Session.Status.PLANNED)


def test_a_session_that_was_held_is_not_cancelled() -> None:
    session = make_session(starts_in=-HOUR)
    line = make_past_booking(session).lines.get()
    key = Booking.objects.get().uuid
    report_attendance(session_id=session.pk, reports=[LineReport(line.pk, True, 20, 1)], client_key=key, actor_id=None)
    with pytest.raises(Refused) as refused:
        cancel_session(session_id=session.pk, reason="Lokalet er lukket", actor_id=None)
    session.refresh_from_db()
    assert (refused.value.why, session.status) == (Refusal.ENDED, "held")
