"""Deadlines in working days, on Copenhagen's clock: over weekends, holidays, school holidays and both clock changes."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from bookings.deadlines import at, days_before, deadline
from bookings.domain.session import change_session, plan_session
from bookings.models import DeadlineRule, Session
from tests.factories.courses import make_workshop
from vaern.schooldays.models import SchoolHoliday
from vaern.schooldays.queries import closed_before, closed_on
from vaern.schooldays.rules import is_working_day, working_day_before

CPH = ZoneInfo("Europe/Copenhagen")
NOON = dt.time(12)
D = dt.date


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=CPH)


@pytest.mark.parametrize(
    ("starts", "days", "expected"),
    [
        (local(2026, 11, 27, 9), 1, "2026-11-26T11:00"),
        (local(2026, 11, 30, 9), 1, "2026-11-27T11:00"),  # Monday: the Friday before
        (local(2026, 11, 30, 9), 5, "2026-11-23T11:00"),
        (local(2027, 1, 4, 9), 1, "2026-12-30T11:00"),  # New Year's Eve and Day do not count
        (local(2026, 12, 28, 9), 1, "2026-12-23T11:00"),  # Christmas
        (local(2027, 3, 30, 9), 1, "2027-03-24T11:00"),  # Easter: Maundy Thursday to Easter Monday; winter time
        (local(2026, 6, 8, 9), 1, "2026-06-04T10:00"),  # 5 June
        (local(2027, 3, 29, 9), 5, "2027-03-18T11:00"),  # before the last Sunday of March, at noon of winter time
        (local(2027, 4, 6, 9), 3, "2027-04-01T10:00"),  # after it: noon of summer time
        (local(2026, 10, 26, 9), 1, "2026-10-23T10:00"),  # before the last Sunday of October: summer time
        (local(2026, 10, 28, 9), 2, "2026-10-26T11:00"),  # after it: winter time
        (local(2027, 1, 1, 0, 30), 1, "2026-12-30T11:00"),  # 00:30 on New Year is 2026 in UTC and 2027 here
        (local(2026, 10, 25, 2, 30), 1, "2026-10-23T10:00"),  # in the hour that comes twice
        (local(2026, 11, 27, 9), 0, "2026-11-27T08:00"),  # 0: the start
    ],
)
def test_deadlines(starts: dt.datetime, days: int, expected: str) -> None:
    assert deadline(starts, days=days, clock=NOON) == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)


def test_school_holidays_do_not_count() -> None:
    autumn = {D(2026, 10, 12) + dt.timedelta(days=number) for number in range(5)}
    assert working_day_before(D(2026, 10, 20), 2) == D(2026, 10, 16)
    assert working_day_before(D(2026, 10, 20), 2, autumn) == D(2026, 10, 9)


@pytest.mark.parametrize(
    ("day", "open_"),
    [(D(2026, 11, 27), True), (D(2026, 11, 28), False), (D(2026, 12, 24), False), (D(2027, 5, 1), False),
     (D(2024, 4, 26), True), (D(2023, 5, 5), False)],
)  # fmt: skip
def test_working_days(day: dt.date, open_: bool) -> None:
    assert is_working_day(day) is open_


def test_a_year_that_is_all_holiday_is_a_mistake() -> None:
    everything = {D(2026, 1, 1) + dt.timedelta(days=number) for number in range(800)}
    with pytest.raises(ValueError, match="no 1 working days"):
        working_day_before(D(2027, 6, 1), 1, everything)


def test_hours_that_are_skipped_or_come_twice() -> None:
    assert at(D(2027, 3, 28), dt.time(2, 30)) == dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)
    assert at(D(2026, 10, 25), dt.time(2, 30)) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert days_before(local(2027, 1, 1, 0, 30), 1, dt.time(10)) == dt.datetime(2026, 12, 31, 9, tzinfo=dt.UTC)
    assert days_before(local(2027, 3, 29, 9), 7, dt.time(9)) == dt.datetime(2027, 3, 22, 8, tzinfo=dt.UTC)


def planned(**values: Any) -> Session:
    starts_at = values.pop("starts_at", local(2026, 12, 14, 9))
    fields = {"workshop": make_workshop(), "starts_at": starts_at, "ends_at": starts_at + dt.timedelta(hours=2)}
    return plan_session(values=fields | values, actor_id=None)


def moved(session: Session, **changes: Any) -> Session:
    if "starts_at" in changes:
        changes["ends_at"] = changes["starts_at"] + dt.timedelta(hours=2)
    return change_session(session_id=session.pk, changes=changes, actor_id=None)


@pytest.mark.usefixtures("site", "clock")
class TestSessions:
    def test_a_session_gets_its_deadlines_when_it_is_planned(self) -> None:
        DeadlineRule.objects.create(close_days=2, cancel_days=5)
        session = planned()
        assert session.closes_at == local(2026, 12, 10, 12)
        assert session.cancel_until == local(2026, 12, 7, 12)

    def test_without_a_rule_cancelling_ends_five_working_days_before(self) -> None:
        session = planned()
        assert (session.closes_at, session.cancel_until) == (None, local(2026, 12, 7, 12))

    def test_a_workshop_can_have_a_rule_of_its_own(self) -> None:
        workshop = make_workshop()
        DeadlineRule.objects.create(cancel_days=5)
        DeadlineRule.objects.create(workshop=workshop, cancel_days=1, cancel_clock=dt.time(8))
        assert planned(workshop=workshop).cancel_until == local(2026, 12, 11, 8)

    def test_deadlines_by_the_rule_move_with_the_session_and_written_ones_stay(self) -> None:
        DeadlineRule.objects.create(close_days=2, cancel_days=5)
        session = moved(planned(), starts_at=local(2026, 12, 15, 9))
        assert (session.closes_at, session.cancel_until) == (local(2026, 12, 11, 12), local(2026, 12, 8, 12))
        session = moved(session, cancel_until=local(2026, 12, 1, 9))
        session = moved(session, starts_at=local(2026, 12, 16, 9))
        assert (session.closes_at, session.cancel_until) == (local(2026, 12, 14, 12), local(2026, 12, 1, 9))
        session = moved(session, cancel_until=None)
        assert session.cancel_until == local(2026, 12, 9, 12)

    def test_a_change_of_place_leaves_the_deadlines(self) -> None:
        session = planned()
        DeadlineRule.objects.create(cancel_days=1)
        assert moved(session, place="Rådhuset").cancel_until == local(2026, 12, 7, 12)

    def test_school_holidays_in_the_records_count(self) -> None:
        SchoolHoliday.objects.create(
            name_da="Uge 50",
            name_en="Week 50",
            first_day=D(2026, 12, 7),
            last_day=D(2026, 12, 11),
            school_year="2026/27",
        )
        assert planned().cancel_until == local(2026, 11, 30, 12)

    def test_registration_never_closes_before_it_opens(self) -> None:
        DeadlineRule.objects.create(close_days=5)
        assert planned(opens_at=local(2026, 12, 10, 9)).closes_at is None

    def test_there_is_one_rule_for_all(self) -> None:
        DeadlineRule.objects.create()
        with pytest.raises(Exception, match=r"(?i)unique"):
            DeadlineRule.objects.create()


@pytest.mark.usefixtures("site", "clock")
def test_the_starter_holidays_are_marked_as_unconfirmed_and_never_overwritten() -> None:
    call_command("load_starter", verbosity=0)
    rows = SchoolHoliday.objects.filter(school_year="2026/27")
    assert rows.count() == 6
    assert all("skal bekræftes" in row.source for row in rows)
    assert closed_on(D(2026, 10, 14)) == "Efterårsferie"
    assert closed_on(D(2026, 12, 25)) == "Juledag"
    assert closed_on(D(2026, 11, 24)) == ""
    assert D(2026, 10, 14) in closed_before(D(2026, 11, 1))
    rows.filter(name_da="Vinterferie").delete()
    call_command("load_starter", verbosity=0)
    assert rows.all().count() == 5
    assert DeadlineRule.objects.get().note == "skal bekræftes"
    assert timezone.now().year == 2026
