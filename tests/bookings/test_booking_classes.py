"""What can be booked: several classes, capacity in classes, schools outside the register, limits."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from bookings.domain import booking as verbs
from bookings.domain import engine
from bookings.domain.booking import BookingSchool, ClassGroup, Refused, book_class
from bookings.models import Booking, GroupLine, Session
from bookings.rules import Refusal, State
from tests.factories.bookings import CONTACT, make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.tables.together import write_together

pytestmark = pytest.mark.usefixtures("site", "clock")


def book(session: Session, *sizes: int, labels: str = "ABCDEF", **fields: Any) -> Booking:
    groups = [ClassGroup(f"7.{label}", 7, size, 1) for label, size in zip(labels, sizes, strict=False)]
    values = {"school": BookingSchool(unlisted_name="Skolen uden for byen"), "contact": CONTACT, "language": "da"}
    return book_class(session_id=session.pk, groups=groups, idempotency_key=uuid.uuid4(), **(values | fields))


def refusal(session: Session, *sizes: int, **fields: Any) -> Refusal:
    with pytest.raises(Refused) as refused:
        book(session, *sizes, **fields)
    session.refresh_from_db()
    return refused.value.why


def test_several_classes_are_one_booking_with_all_their_seats() -> None:
    session = make_session(capacity=50)
    booking = book(session, 20, 30)
    session.refresh_from_db()
    assert (booking.seats, session.seats_taken, session.free) == (50, 50, 0)
    assert list(booking.lines.values_list("label", "pupils", "active")) == [("7.A", 20, True), ("7.B", 30, True)]


def test_several_classes_are_booked_all_or_none() -> None:
    session = make_session(capacity=49)
    assert refusal(session, 20, 30) is Refusal.TOO_FEW_SEATS
    assert (session.seats_taken, Booking.objects.count(), GroupLine.objects.count()) == (0, 0, 0)


def test_capacity_in_classes_counts_classes_whatever_their_size() -> None:
    session = make_session(capacity=2, capacity_unit=Session.Unit.GROUPS)
    assert book(session, 150, 1).seats == 2
    assert refusal(session, 1, labels="C") is Refusal.FULL
    assert session.seats_taken == 2


def test_capacity_in_classes_refuses_one_class_too_many() -> None:
    session = make_session(capacity=2, capacity_unit=Session.Unit.GROUPS)
    assert refusal(session, 5, 5, 5) is Refusal.TOO_FEW_SEATS
    assert session.seats_taken == 0


def test_a_class_that_stands_twice_in_the_form_is_refused() -> None:
    session = make_session(capacity=100)
    groups = [ClassGroup("7.A", 7, 10, 1), ClassGroup("7 a", 7, 10, 1)]
    with pytest.raises(Refused) as refused:
        book_class(
            session_id=session.pk,
            school=BookingSchool(unlisted_name="Skolen"),
            groups=groups,
            contact=CONTACT,
            language="da",
            idempotency_key=uuid.uuid4(),
        )
    assert (refused.value.why, refused.value.label) == (Refusal.ALREADY_BOOKED, "7 a")
    assert Booking.objects.count() == 0


def test_the_same_class_of_another_school_or_on_another_date_is_another_class() -> None:
    session, school = make_session(capacity=100), make_school()
    make_booking(session, school=school, label="7.B")
    make_booking(session, school=make_school("Eksempelskolen"), label="7.B")
    make_booking(make_session(), school=school, label="7.B")
    assert Booking.objects.filter(state=State.CONFIRMED).count() == 3


def test_a_cancelled_class_can_be_booked_again() -> None:
    session, school = make_session(), make_school()
    verbs.cancel(booking_id=make_booking(session, school=school).pk)
    again = make_booking(session, school=school)
    assert again.state == State.CONFIRMED
    assert Booking.objects.count() == 2


def test_an_unlisted_school_is_flagged_and_counts_in_no_goal() -> None:
    booking = book(make_session(), 10)
    line = booking.lines.get()
    assert (booking.school, booking.school_name, booking.school_unlisted) == (None, "Skolen uden for byen", True)
    assert (line.school_key, line.institution_type) == ("name:skolen uden for byen", "")


def test_a_listed_school_is_not_flagged() -> None:
    school = make_school("Nørre Skole", number="280001")
    booking = make_booking(make_session(), school=school)
    line = booking.lines.get()
    assert (booking.school, booking.school_name, booking.school_unlisted) == (school, "Nørre Skole", False)
    assert (line.school_key, line.institution_type) == ("280001", "1012")


def test_an_unlisted_school_in_another_spelling_is_the_same_school() -> None:
    session = make_session()
    book(session, 5)
    assert refusal(session, 5, school=BookingSchool(unlisted_name=" SKOLEN  uden for Byen")) is Refusal.ALREADY_BOOKED


def test_no_capacity_is_no_limit_and_zero_is_full_at_once() -> None:
    unlimited, closed = make_session(capacity=None), make_session(capacity=0)
    assert book(unlimited, 200, 200, 200).seats == 600
    assert refusal(closed, 1) is Refusal.FULL
    assert closed.seats_taken == 0


def test_the_workshops_group_size_holds_for_each_class() -> None:
    session = make_session(workshop=make_workshop(group_min=10, group_max=28), capacity=None)
    assert refusal(session, 10, 29) is Refusal.GROUP_TOO_LARGE
    assert refusal(session, 9, 28) is Refusal.GROUP_TOO_SMALL
    assert book(session, 10, 28).seats == 38


@pytest.mark.parametrize(
    ("workshop", "session", "expected"),
    [
        ({"audience": "parents"}, {}, Refusal.NOT_BOOKED_HERE),
        ({"way_of_booking": "request"}, {}, Refusal.NOT_BOOKED_HERE),
        ({"way_of_booking": "external", "external_url": "https://example.dk/"}, {}, Refusal.NOT_BOOKED_HERE),
        ({"live": False}, {}, Refusal.NOT_BOOKED_HERE),
        ({}, {"status": "cancelled"}, Refusal.SESSION_CANCELLED),
        ({}, {"status": "held", "starts_in": dt.timedelta(0)}, Refusal.STARTED),
        ({}, {"starts_in": dt.timedelta(0)}, Refusal.STARTED),
    ],
)
def test_dates_that_take_no_bookings(workshop: dict[str, Any], session: dict[str, Any], expected: Refusal) -> None:
    row = make_session(workshop=make_workshop(**workshop), **session)
    assert refusal(row, 10) is expected
    assert Booking.objects.count() == 0


def test_a_workshop_that_takes_dates_and_visits_is_booked() -> None:
    assert book(make_session(workshop=make_workshop(way_of_booking="both")), 10).state == State.CONFIRMED


@pytest.mark.parametrize(("wait", "booked"), [(dt.timedelta(seconds=59), 1), (dt.timedelta(seconds=60), 0)])
def test_the_clock_is_read_after_the_wait_for_the_lock(
    clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch, wait: dt.timedelta, booked: int
) -> None:
    session = make_session(closes_at=timezone.now() + dt.timedelta(seconds=60))
    real = verbs.locked_session

    def slow(session_id: int) -> Any:
        clock.shift(wait)
        return real(session_id)

    monkeypatch.setattr(verbs, "locked_session", slow)
    if booked:
        book(session, 10)
    else:
        assert refusal(session, 10) is Refusal.CLOSED
    assert Booking.objects.count() == booked


@pytest.mark.parametrize("capacity", [9, 10])
def test_a_refusal_writes_nothing_and_a_booking_writes_all(capacity: int) -> None:
    session = make_session(capacity=capacity)
    if capacity == 9:
        assert refusal(session, 10) is Refusal.TOO_FEW_SEATS
    else:
        book(session, 10)
    written = (Booking.objects.count(), GroupLine.objects.count(), Message.objects.count(), AuditEvent.objects.count())
    assert written == ((0, 0, 0, 0) if capacity == 9 else (1, 1, 1, 1))


def test_an_error_after_the_booking_takes_everything_back(monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session()

    def write_and_fail(*rows: Any) -> None:
        write_together(*rows)
        assert (Booking.objects.count(), Message.objects.count(), AuditEvent.objects.count()) == (1, 1, 1)
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(engine, "write_together", write_and_fail)
        with pytest.raises(RuntimeError):
            book(session, 10)
    session.refresh_from_db()
    assert (session.seats_taken, Booking.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)
    book(session, 10)
    session.refresh_from_db()
    assert (session.seats_taken, Booking.objects.count(), AuditEvent.objects.count()) == (10, 1, 1)


def test_a_session_that_does_not_exist() -> None:
    with pytest.raises(Session.DoesNotExist):
        book(Session(pk=999_999), 10)
