"""Reporting who came: three states, corrections, repeats (domain.md §4)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from bookings.domain.attendance import LineReport, MorePresentThanPlanned, report_attendance
from bookings.domain.booking import Refused, cancel
from bookings.domain.session import cancel_session
from bookings.models import AttendanceRecord, GroupLine, Session
from bookings.queries import overviews, unreported
from bookings.rules import Refusal
from tests.factories.bookings import make_booking, make_past_booking, make_session
from tests.factories.people import make_user
from vaern.audit.models import AuditEvent

pytestmark = pytest.mark.usefixtures("site", "clock")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def session() -> Session:
    return make_session(starts_in=-HOUR, capacity=None)


@pytest.fixture
def line(session: Session) -> GroupLine:
    return make_past_booking(session, pupils=24, adults=2).lines.get()


def report(line: GroupLine, pupils: int | None, adults: int | None = 1, **fields: Any) -> list[AttendanceRecord]:
    reason = fields.pop("reason", "")
    values = {"client_key": uuid.uuid4(), "actor_id": None}
    said = LineReport(line.pk, not reason, pupils, None if reason else adults, reason)
    return report_attendance(session_id=line.session_id, reports=[said], **(values | fields))


def known(line: GroupLine) -> tuple[int | None, int | None] | None:
    current = AttendanceRecord.objects.current().filter(line=line)
    return current.values_list("pupils_present", "adults_present").first()


def totals(session: Session) -> tuple[int, int, int, int | None]:
    (row,) = overviews(Session.objects.filter(pk=session.pk))
    reported = sum(1 for line in row.lines if line.current_records)
    return len(row.lines), row.pupils_booked, reported, row.pupils_present


def test_nothing_reported_is_neither_zero_nor_planned(session: Session, line: GroupLine) -> None:
    assert known(line) is None
    assert totals(session) == (1, 24, 0, None)
    assert list(unreported(timezone.now())) == [session]


def test_zero_is_a_report(session: Session, line: GroupLine) -> None:
    report(line, 0, 0)
    assert known(line) == (0, 0)
    assert totals(session) == (1, 24, 1, 0)
    assert list(unreported(timezone.now())) == []


def test_a_report_keeps_who_and_when(line: GroupLine) -> None:
    user = make_user("facilitator")
    (record,) = report(line, 22, 2, actor_id=user.pk)
    assert (record.recorded_by, record.recorded_at, record.supersedes) == (user, timezone.now(), None)
    event = AuditEvent.objects.get(action="attendance.reported")
    assert (event.actor, event.facts) == (user, {"classes": 1, "corrections": 0})


def test_a_correction_supersedes_and_keeps(clock: time_machine.Coordinates, line: GroupLine) -> None:
    (first,) = report(line, 22)
    before = timezone.now()
    clock.shift(HOUR)
    (second,) = report(line, 20)
    assert (known(line), second.supersedes) == ((20, 1), first)
    kept = AttendanceRecord.objects.order_by("pk").values_list("pupils_present", flat=True)
    assert list(kept) == [22, 20]
    then = AttendanceRecord.objects.current(before).values_list("pupils_present", flat=True)
    assert list(then) == [22]
    assert list(AttendanceRecord.objects.current(before - HOUR)) == []
    assert AuditEvent.objects.filter(facts__corrections=1).count() == 1


def test_the_same_form_twenty_times_is_one_record(line: GroupLine) -> None:
    key = uuid.uuid4()
    written = [len(report(line, 22, client_key=key)) for _ in range(20)]
    assert written == [1, *[0] * 19]
    assert (AttendanceRecord.objects.count(), AuditEvent.objects.filter(action="attendance.reported").count()) == (1, 1)


def test_an_old_form_sent_again_after_a_correction_changes_nothing(line: GroupLine) -> None:
    key = uuid.uuid4()
    report(line, 22, client_key=key)
    report(line, 20)
    assert report(line, 22, client_key=key) == []
    assert known(line) == (20, 1)


def test_saying_what_is_known_writes_nothing(line: GroupLine) -> None:
    report(line, 22)
    assert report(line, 22) == []
    assert AttendanceRecord.objects.count() == 1


def test_more_than_were_booked_needs_one_confirmation(line: GroupLine) -> None:
    with pytest.raises(MorePresentThanPlanned) as found:
        report(line, 25)
    assert (found.value.labels, known(line)) == (["7.B"], None)
    report(line, 25, more_is_right=True)
    assert known(line) == (25, 1)


def test_as_many_as_were_booked_needs_none_and_adults_never_do(line: GroupLine) -> None:
    report(line, 24, 30)
    assert known(line) == (24, 30)


def test_before_the_start_is_refused(clock: time_machine.Coordinates) -> None:
    session = make_session()
    line = make_booking(session).lines.get()
    clock.move_to(session.starts_at - dt.timedelta(microseconds=1))
    with pytest.raises(Refused) as refused:
        report(line, 20)
    assert (refused.value.why, known(line)) == (Refusal.NOT_STARTED, None)
    clock.move_to(session.starts_at)
    report(line, 20)
    assert known(line) == (20, 1)


def test_a_cancelled_session_takes_no_report(session: Session, line: GroupLine) -> None:
    cancel_session(session_id=session.pk, reason="Lokalet er lukket", actor_id=None)
    with pytest.raises(Refused) as refused:
        report(line, 20)
    assert refused.value.why is Refusal.SESSION_CANCELLED


def test_did_not_take_place_has_a_reason_and_no_numbers(session: Session, line: GroupLine) -> None:
    report(line, None, reason="facilitator")
    record = AttendanceRecord.objects.get()
    assert (record.took_place, record.reason, record.pupils_present) == (False, "facilitator", None)
    assert totals(session) == (1, 24, 1, None)
    assert list(unreported(timezone.now())) == []


def test_held_means_that_at_least_one_came_and_is_taken_back(session: Session, line: GroupLine) -> None:
    states = []
    for pupils, reason in ((0, ""), (1, ""), (None, "nobody"), (22, ""), (0, "")):
        report(line, pupils, reason=reason)
        session.refresh_from_db()
        states.append(session.status)
    assert states == ["planned", "held", "planned", "held", "planned"]


def test_a_class_of_another_session_is_refused_with_the_whole_form(line: GroupLine) -> None:
    other = make_past_booking(make_session(starts_in=-HOUR)).lines.get()
    reports = [LineReport(line.pk, True, 20, 1), LineReport(other.pk, True, 20, 1)]
    with pytest.raises(GroupLine.DoesNotExist):
        report_attendance(session_id=line.session_id, reports=reports, client_key=uuid.uuid4(), actor_id=None)
    assert AttendanceRecord.objects.count() == 0


def test_a_cancelled_class_takes_no_report(session: Session, line: GroupLine) -> None:
    cancel(booking_id=line.booking_id, by_staff=True, reason="Skolen ringede")
    with pytest.raises(GroupLine.DoesNotExist):
        report(line, 20)
    assert totals(session) == (0, 0, 0, None)


def test_one_class_too_many_keeps_the_whole_form_back(session: Session, line: GroupLine) -> None:
    other = make_past_booking(session, label="7.C", pupils=10).lines.get()
    reports = [LineReport(line.pk, True, 20, 1), LineReport(other.pk, True, 11, 1)]
    key = uuid.uuid4()
    with pytest.raises(MorePresentThanPlanned) as found:
        report_attendance(session_id=session.pk, reports=reports, client_key=key, actor_id=None)
    assert (found.value.labels, AttendanceRecord.objects.count()) == (["7.C"], 0)
    report_attendance(session_id=session.pk, reports=reports, client_key=key, actor_id=None, more_is_right=True)
    assert (known(line), known(other), totals(session)) == ((20, 1), (11, 1), (2, 34, 2, 31))


def test_a_class_that_is_not_mentioned_stays_unreported(session: Session, line: GroupLine) -> None:
    make_past_booking(session, label="7.C", pupils=10)
    report(line, 20)
    assert totals(session) == (2, 34, 1, 20)
    assert list(unreported(timezone.now())) == [session]


def test_attendance_never_moves_seats(session: Session, line: GroupLine) -> None:
    session.refresh_from_db()
    report(line, 30, more_is_right=True)
    session.refresh_from_db()
    assert session.seats_taken == 24
