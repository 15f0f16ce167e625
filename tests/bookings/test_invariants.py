"""The invariants hold below the verbs too: the database refuses what goes around them (domain.md §3)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Sum
from django.utils import timezone

from bookings.domain.booking import Refused, cancel
from bookings.domain.session import cancel_session
from bookings.models import AttendanceRecord, Booking, GroupLine, Session
from bookings.rules import State
from tests.factories.bookings import make_booking, make_session
from tests.factories.people import make_school

pytestmark = pytest.mark.usefixtures("site", "clock")


def refused_by(constraint: str, change: Any) -> None:
    """Run `change` in a savepoint and check that just this constraint stops it."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change()


def update(row: Any, **fields: Any) -> Any:
    return lambda: type(row).objects.filter(pk=row.pk).update(**fields)


def test_i1_seats_add_up_after_every_change() -> None:
    session = make_session(capacity=60)
    kept, gone = make_booking(session, label="7.A", pupils=20), make_booking(session, label="7.B", pupils=30)
    for step in (
        lambda: None,
        lambda: cancel(booking_id=gone.pk),
        lambda: make_booking(session, label="7.C", pupils=9),
    ):
        step()
        session.refresh_from_db()
        held = session.bookings.filter(state__in=["offered", "confirmed"]).aggregate(total=Sum("seats"))["total"]
        assert session.seats_taken == held
    assert session.seats_taken == kept.seats + 9


def test_i1_seats_never_exceed_capacity() -> None:
    session = make_session(capacity=10)
    refused_by("session_seats_within_capacity", update(session, seats_taken=11))
    update(session, seats_taken=10)()
    refused_by("session_seats_within_capacity", update(session, capacity=9))


def test_i2_an_offer_has_an_end_and_only_an_offer_has_one() -> None:
    booking = make_booking(make_session())
    refused_by("booking_offer_has_an_end", update(booking, state=State.OFFERED))
    refused_by("booking_offer_has_an_end", update(booking, offer_expires_at=timezone.now()))
    update(booking, state=State.OFFERED, offer_expires_at=timezone.now())()


def test_i3_one_active_booking_of_a_class() -> None:
    session = make_session(capacity=60)
    line = make_booking(session, label="7.A").lines.get()
    other = make_booking(session, label="7.B", school=make_school()).lines.get()
    same = {"school_key": line.school_key, "label_key": line.label_key}
    refused_by("(?i)group_line_class_once_a_session|unique", update(other, **same))
    update(line, active=False)()
    update(other, **same)()


def test_i3_one_active_booking_of_a_person_in_any_letter_case() -> None:
    session = make_session(capacity=60)
    one = make_booking(session, label="7.A")
    other = make_booking(session, label="7.B", school=make_school())
    update(one, audience="parents", contact_email="bo@example.dk")()
    refused_by("(?i)booking_person_once|unique", update(other, audience="parents", contact_email="BO@example.dk"))
    update(other, audience="class", contact_email="BO@example.dk")()


def test_i4_a_forms_key_is_unique() -> None:
    one, other = make_booking(make_session()), make_booking(make_session())
    refused_by("(?i)idempotency_key|unique", update(other, idempotency_key=one.idempotency_key))


def test_i6_an_ended_booking_does_not_come_back() -> None:
    session = make_session()
    booking = cancel(booking_id=make_booking(session).pk)
    ended = Booking.objects.filter(pk=booking.pk).values().get()
    with pytest.raises(Refused):
        make_booking(make_session(capacity=0))
    cancel(booking_id=booking.pk, by_staff=True, reason="igen")
    cancel_session(session_id=session.pk, reason="aflyst", actor_id=None)
    assert Booking.objects.filter(pk=booking.pk).values().get() == ended


@pytest.mark.parametrize("state", list(State))
def test_i6_ends_have_a_time_and_only_they(state: State) -> None:
    booking = make_booking(make_session())
    offer = timezone.now() if state == State.OFFERED else None
    ended = state in {State.CANCELLED, State.EXPIRED, State.REJECTED}
    right, wrong = (timezone.now(), None) if ended else (None, timezone.now())
    times = {"offer_expires_at": offer, "queued_at": timezone.now()}
    refused_by("booking_ended_has_time", update(booking, state=state, ended_at=wrong, **times))
    update(booking, state=state, ended_at=right, **times)()


def test_a_booking_has_seats_and_a_class_booking_a_school() -> None:
    booking = make_booking(make_session())
    refused_by("booking_has_a_seat", update(booking, seats=0))
    refused_by("booking_class_has_a_school", update(booking, school=None))
    refused_by("booking_class_has_a_school", update(booking, school=None, school_unlisted=True, school_name=""))
    update(booking, school=None, school_unlisted=True)()


def test_a_class_has_pupils_and_a_grade_up_to_ten() -> None:
    line = make_booking(make_session()).lines.get()
    refused_by("group_line_has_pupils", update(line, pupils=0))
    refused_by("group_line_grade", update(line, grade=11))
    update(line, grade=10, pupils=1)()


def test_a_session_ends_after_its_start_and_opens_before_it_closes() -> None:
    session = make_session()
    refused_by("session_ends_after_start", update(session, ends_at=session.starts_at))
    now = timezone.now()
    refused_by("session_opens_before_closing", update(session, opens_at=now, closes_at=now))
    update(session, opens_at=now, closes_at=now + dt.timedelta(seconds=1))()


def test_what_is_booked_is_never_deleted() -> None:
    session = make_session()
    booking = make_booking(session)
    for row in (session, booking, booking.school, session.workshop):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()
    assert (Session.objects.count(), Booking.objects.count(), GroupLine.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"took_place": True, "pupils_present": 1},
        {"took_place": True, "pupils_present": 1, "adults_present": 1, "reason": "nobody"},
        {"took_place": True},
        {"took_place": False},
        {"took_place": False, "reason": "nobody", "pupils_present": 0, "adults_present": 0},
    ],
)
def test_a_record_has_numbers_or_a_reason(fields: dict[str, Any]) -> None:
    line = make_booking(make_session()).lines.get()
    common = {"line": line, "client_key": uuid.uuid4(), "recorded_at": timezone.now()}
    refused_by("attendance_numbers_or_reason", lambda: AttendanceRecord.objects.create(**common, **fields))


def test_a_class_has_one_first_record_and_a_form_counts_once() -> None:
    line = make_booking(make_session()).lines.get()
    key = uuid.uuid4()
    said = {"line": line, "took_place": False, "reason": "nobody", "recorded_at": timezone.now()}
    first = AttendanceRecord.objects.create(**said, client_key=key)
    refused_by(
        "(?i)attendance_one_first|unique", lambda: AttendanceRecord.objects.create(**said, client_key=uuid.uuid4())
    )
    refused_by("(?i)unique", lambda: AttendanceRecord.objects.create(**said, client_key=key, supersedes=first))
    second = AttendanceRecord.objects.create(**said, client_key=uuid.uuid4(), supersedes=first)
    refused_by("(?i)unique", lambda: AttendanceRecord.objects.create(**said, client_key=uuid.uuid4(), supersedes=first))
    assert list(AttendanceRecord.objects.current()) == [second]
