"""Booking a class: seats, refusals, idempotency, messages."""

from __future__ import annotations

import uuid

import pytest

from bookings.domain.booking import Refused, cancel
from bookings.models import Booking
from bookings.rules import Refusal, State
from tests.factories.bookings import make_booking, make_session
from tests.factories.people import make_school
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site", "clock")


def test_booking_takes_pupils_as_seats_and_not_adults() -> None:
    session = make_session(capacity=30)
    booking = make_booking(session, pupils=24, adults=3)
    session.refresh_from_db()
    assert (booking.state, booking.seats, session.seats_taken, session.free) == (State.CONFIRMED, 24, 24, 6)


def test_booking_writes_one_event_and_one_message() -> None:
    make_booking(make_session())
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["booking.confirmed"]
    assert list(Message.objects.values_list("kind", "recipient")) == [("bookings.confirmed", "aase@example.dk")]


def test_the_same_form_twice_is_one_booking_and_writes_nothing_more() -> None:
    session, school, key = make_session(), make_school(), uuid.uuid4()
    first = make_booking(session, school=school, idempotency_key=key)
    again = make_booking(session, school=school, idempotency_key=key)
    assert again == first
    assert (Booking.objects.count(), Message.objects.count(), AuditEvent.objects.count()) == (1, 1, 1)


def test_the_same_class_in_another_spelling_is_refused() -> None:
    session, school = make_session(capacity=60), make_school()
    make_booking(session, school=school, label="7.B")
    with pytest.raises(Refused) as refused:
        make_booking(session, school=school, label=" 7 b")
    assert refused.value.why is Refusal.ALREADY_BOOKED
    assert Booking.objects.count() == 1


def test_full_session_is_refused_and_says_so() -> None:
    session = make_session(capacity=24)
    make_booking(session)
    with pytest.raises(Refused) as refused:
        make_booking(session, label="7.A", pupils=1)
    assert refused.value.why is Refusal.FULL


def test_cancel_frees_the_seats_and_ends_the_lines() -> None:
    session = make_session()
    booking = cancel(booking_id=make_booking(session).pk)
    session.refresh_from_db()
    assert (booking.state, session.seats_taken, booking.calendar_sequence) == (State.CANCELLED, 0, 1)
    assert list(booking.lines.values_list("active", flat=True)) == [False]
    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == [
        "bookings.confirmed",
        "bookings.cancelled",
    ]


def test_cancelling_twice_tells_once() -> None:
    booking = make_booking(make_session())
    cancel(booking_id=booking.pk)
    cancel(booking_id=booking.pk)
    assert Message.objects.filter(kind="bookings.cancelled").count() == 1
