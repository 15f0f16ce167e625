"""What two people, or one person twice, do to the same thing."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings.domain.attendance import LineReport, report_attendance
from bookings.domain.booking import Refused, SentBefore, cancel
from bookings.models import AttendanceRecord, Booking
from bookings.rules import Refusal
from tests.factories.bookings import make_booking, make_past_booking, make_session
from tests.factories.people import make_school, make_user
from vaern.people.models import SchoolGroup

pytestmark = pytest.mark.usefixtures("site", "clock")


def report(booking: Booking, pupils: int) -> None:
    line = booking.lines.get()
    report_attendance(
        session_id=booking.session_id,
        reports=[LineReport(line.pk, took_place=True, pupils=pupils, adults=1)],
        client_key=uuid.uuid4(),
        actor_id=None,
        more_is_right=True,
    )


def known() -> list[int | None]:
    return list(AttendanceRecord.objects.current().order_by("line").values_list("pupils_present", flat=True))


def test_a_page_opened_before_a_correction_does_not_undo_it(client: Client, clock: time_machine.Coordinates) -> None:
    session = make_session(capacity=60)
    first, other = make_booking(session, label="7.A"), make_booking(session, label="7.B")
    clock.move_to(session.starts_at)
    report(first, 18)
    seen = AttendanceRecord.objects.get().pk
    report(first, 15)
    client.force_login(make_user("coordinator"))
    path = reverse("bookings:attendance", args=[session.uuid])
    a, b = first.lines.get().pk, other.lines.get().pk
    sent = {"key": str(uuid.uuid4()), f"line-{a}-seen": str(seen), f"line-{a}-adults": "1", f"line-{b}-seen": ""}
    # The other class is reported from the old page, whose 18 was not touched: it stays corrected.
    untouched = {f"line-{a}-pupils": "18", f"line-{b}-pupils": "20", f"line-{b}-adults": "2"}
    answer = client.post(path, sent | untouched)
    assert answer.status_code == 302
    assert known() == [15, 20]
    # Changed on the old page: asked about once, and then it is a correction.
    answer = client.post(path, sent | {"key": str(uuid.uuid4()), f"line-{a}-pupils": "17"})
    assert (answer.status_code, known()) == (200, [15, 20])
    again = {form.add_prefix("seen"): form["seen"].value() for form in answer.context["line_forms"]}
    shown = {name: value for name, value in again.items() if value}
    kept = {f"line-{b}-pupils": "20", f"line-{b}-adults": "2"}
    sent_again = sent | shown | kept | {"key": str(uuid.uuid4()), f"line-{a}-pupils": "17"}
    assert client.post(path, sent_again).status_code == 302
    assert known() == [17, 20]


def test_a_booking_with_attendance_is_not_cancelled_and_one_without_is() -> None:
    session = make_session(capacity=60)
    reported, other = make_past_booking(session, label="7.A"), make_past_booking(session, label="7.B")
    type(session).objects.filter(pk=session.pk).update(starts_at="2026-11-20T08:00Z", ends_at="2026-11-20T09:30Z")
    report(reported, 18)
    with pytest.raises(Refused) as refused:
        cancel(booking_id=reported.pk, by_staff=True, reason="Skolen ringede")
    assert refused.value.why is Refusal.HAS_ATTENDANCE
    assert cancel(booking_id=other.pk, by_staff=True, reason="Skolen ringede").state == "cancelled"


def test_a_form_that_names_another_class_is_not_the_same_form() -> None:
    session, school, key = make_session(capacity=60), make_school(), uuid.uuid4()
    make_booking(session, school=school, label="7.B", idempotency_key=key)
    with pytest.raises(SentBefore):
        make_booking(session, school=school, label="8.A", idempotency_key=key)
    assert Booking.objects.count() == 1
    assert make_booking(session, school=school, label="7 b", idempotency_key=key) == Booking.objects.get()


def test_one_new_row_changes_the_group_of_a_type_from_its_date() -> None:
    SchoolGroup.objects.create(
        institution_type="1015", type_name="Specialskoler", group="public", valid_from="2026-06-01"
    )
    days = (dt.date(2026, 5, 31), dt.date(2026, 6, 1))
    assert [SchoolGroup.objects.as_mapping(day)["1015"] for day in days] == ["not_counted", "public"]
