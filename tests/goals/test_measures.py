"""`measure()`: who came, never who booked, by Copenhagen's clock and as it was known (domain.md §5)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings.domain.booking import cancel
from bookings.domain.session import cancel_session
from tests.factories.attendance import HOUR, held, report
from tests.factories.bookings import make_booking, make_session
from tests.factories.people import make_school
from vaern.goals.measures import measure
from vaern.goals.models import Goal, GoalYear
from vaern.goals.rules import Status
from vaern.people.models import SchoolGroup

pytestmark = pytest.mark.usefixtures("site", "clock")
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
PUBLIC, PRIVATE = "elever-folkeskole", "elever-fri-og-privatskole"
OCTOBER = dt.datetime(2026, 10, 5, 10, 0, tzinfo=COPENHAGEN)
DAY = dt.timedelta(days=1)


def goal_year(key: str = PUBLIC, year: int = 2026) -> GoalYear:
    goal = Goal.objects.get(key=key)
    return GoalYear.objects.get_or_create(goal=goal, year=year, defaults={"low": 100})[0]


def value(key: str = PUBLIC, year: int = 2026, as_of: dt.datetime | None = None) -> int:
    return measure(goal_year(key, year), as_of).value


def test_those_who_came_count_and_not_those_who_booked() -> None:
    held(OCTOBER, planned=24, came=22)
    held(OCTOBER, planned=24, came=0)
    held(OCTOBER, planned=24, came=30)
    held(OCTOBER, planned=24)
    found = measure(goal_year())
    assert (found.value, found.unreported_sessions, found.unreported_pupils, found.planned_ahead) == (52, 1, 24, 0)
    assert [(row.planned, row.present) for row in found.rows] == [(24, 22), (24, 0), (24, 30), (24, None)]


def test_what_did_not_take_place_is_reported_and_counts_nothing() -> None:
    line = held(OCTOBER)
    report(line, None, at=OCTOBER + HOUR, reason="facilitator")
    found = measure(goal_year())
    assert (found.value, found.unreported_sessions) == (0, 0)


def test_what_is_ahead_is_planned_and_not_counted() -> None:
    make_booking(make_session(starts_in=dt.timedelta(microseconds=1)), pupils=20)
    make_booking(make_session(starts_in=DAY), pupils=7)
    found = measure(goal_year())
    assert (found.value, found.planned_ahead, found.unreported_sessions) == (0, 27, 0)


def test_two_classes_of_one_session_are_one_unreported_session() -> None:
    first = held(OCTOBER)
    held(OCTOBER, session=first.session, label="7.C")
    found = measure(goal_year())
    assert (found.unreported_sessions, found.unreported_pupils) == (1, 48)


def test_cancelled_bookings_and_sessions_do_not_count() -> None:
    held(OCTOBER, came=10)
    cancel(booking_id=held(OCTOBER).booking_id, by_staff=True, reason="Skolen ringede")
    cancel_session(session_id=held(OCTOBER).session_id, reason="Lokalet er lukket", actor_id=None)
    found = measure(goal_year())
    assert (found.value, len(found.rows), found.unreported_sessions) == (10, 1, 0)


def test_the_last_correction_counts_and_earlier_figures_can_be_told_again() -> None:
    line = held(OCTOBER, came=20)
    report(line, 18, at=OCTOBER + 2 * DAY)
    report(line, 25, at=OCTOBER + 4 * DAY)
    moments = {
        OCTOBER - 8 * DAY: (0, 0, 0),
        OCTOBER - DAY: (0, 24, 0),
        OCTOBER: (0, 0, 1),
        OCTOBER + HOUR - dt.timedelta(seconds=1): (0, 0, 1),
        OCTOBER + HOUR: (20, 0, 0),
        OCTOBER + 2 * DAY: (18, 0, 0),
        OCTOBER + 4 * DAY: (25, 0, 0),
        timezone.now(): (25, 0, 0),
    }
    for moment, expected in moments.items():
        found = measure(goal_year(), moment)
        assert (found.value, found.planned_ahead, found.unreported_sessions) == expected
        assert found.as_of == moment


def test_the_estimate_of_different_pupils_takes_each_classs_largest_attendance_in_a_school_year() -> None:
    school = make_school()
    held(OCTOBER, came=20, school=school, label="7.B")
    held(OCTOBER + DAY, came=23, school=school, label="7 b")
    held(OCTOBER + 2 * DAY, came=22, school=school, label="7.B")
    held(OCTOBER, came=10, school=school, label="7.A")
    held(OCTOBER, came=5, school=make_school(), label="7.B")
    held(dt.datetime(2026, 5, 5, 10, tzinfo=COPENHAGEN), came=19, school=school, label="7.B")
    found = measure(goal_year())
    assert (found.value, found.unique_estimate) == (99, 23 + 10 + 5 + 19)


@pytest.mark.parametrize(
    ("type_code", "public", "private"), [("1012", 10, 0), ("1013", 0, 10), ("1015", 0, 0), ("9999", 0, 0)]
)
def test_a_school_counts_where_its_type_says(type_code: str, public: int, private: int) -> None:
    held(OCTOBER, came=10, school=make_school(type_code=type_code))
    assert (value(PUBLIC), value(PRIVATE)) == (public, private)


def test_a_school_that_changes_type_changes_no_past_figure() -> None:
    school = make_school(type_code="1012")
    held(OCTOBER, came=10, school=school)
    school.school.institution_type = "1013"
    school.school.save()
    held(OCTOBER + DAY, came=7, school=school)
    assert (value(PUBLIC), value(PRIVATE)) == (10, 7)


def test_the_table_of_types_holds_from_its_date_on() -> None:
    SchoolGroup.objects.filter(institution_type="1015").update(valid_to=dt.date(2026, 10, 6))
    SchoolGroup.objects.create(
        institution_type="1015", type_name="Specialskoler", group="public", valid_from=dt.date(2026, 10, 6)
    )
    school = make_school(type_code="1015")
    held(dt.datetime(2026, 10, 5, 23, 59, tzinfo=COPENHAGEN), came=3, school=school, label="7.A")
    held(dt.datetime(2026, 10, 6, 0, 0, tzinfo=COPENHAGEN), came=8, school=school, label="7.B")
    assert value() == 8


@pytest.mark.parametrize(
    ("starts_at", "year"),
    [
        (dt.datetime(2026, 12, 31, 23, 30, tzinfo=COPENHAGEN), 2026),
        (dt.datetime(2027, 1, 1, 0, 0, tzinfo=COPENHAGEN), 2027),
        (dt.datetime(2027, 1, 1, 0, 30, tzinfo=COPENHAGEN), 2027),
        (dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC), 2027),
        (dt.datetime(2026, 12, 31, 22, 59, 59, tzinfo=dt.UTC), 2026),
        (dt.datetime(2026, 1, 1, 0, 30, tzinfo=COPENHAGEN), 2026),
        (dt.datetime(2026, 3, 29, 3, 0, tzinfo=COPENHAGEN), 2026),
        (dt.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=COPENHAGEN), 2026),
    ],
)
def test_a_session_counts_in_the_year_its_start_falls_in_by_copenhagens_clock(
    starts_at: dt.datetime, year: int
) -> None:
    held(starts_at, came=10)
    later = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    found = {other: measure(goal_year(year=other), later) for other in (2025, 2026, 2027)}
    assert {other: (one.value, len(one.rows)) for other, one in found.items()} == {
        other: (10, 1) if other == year else (0, 0) for other in (2025, 2026, 2027)
    }


@pytest.mark.parametrize(
    ("starts_at", "year"),
    [
        (dt.datetime(2026, 7, 31, 23, 30, tzinfo=COPENHAGEN), 2025),
        (dt.datetime(2026, 8, 1, 0, 30, tzinfo=COPENHAGEN), 2026),
        (dt.datetime(2026, 1, 1, 0, 30, tzinfo=COPENHAGEN), 2025),
    ],
)
def test_a_goal_by_school_year(starts_at: dt.datetime, year: int) -> None:
    Goal.objects.filter(key=PUBLIC).update(year_kind="school")
    held(starts_at, came=10)
    assert {other: value(year=other) for other in (2025, 2026)} == {2025: 0, 2026: 0} | {year: 10}


@pytest.mark.parametrize(
    ("low", "high", "as_of", "expected"),
    [
        (20, None, None, Status.MET),
        (10, 19, None, Status.MET_ABOVE),
        (44, None, None, Status.ON_THE_WAY),
        (68, None, None, Status.ON_THE_WAY),
        (69, None, None, Status.BEHIND),
        (69, None, dt.datetime(2027, 1, 1, tzinfo=COPENHAGEN), Status.NOT_MET),
        (68, None, dt.datetime(2027, 1, 1, tzinfo=COPENHAGEN), Status.UNKNOWN),
        (68, None, dt.datetime(2026, 12, 31, 23, 59, tzinfo=COPENHAGEN), Status.ON_THE_WAY),
    ],
)
def test_how_the_year_stands(low: int, high: int | None, as_of: dt.datetime | None, expected: Status) -> None:
    """20 came, 24 are not reported, 24 are booked ahead."""
    held(OCTOBER, came=20)
    held(OCTOBER + DAY)
    make_booking(make_session(starts_in=7 * DAY), pupils=24)
    year = goal_year()
    year.low, year.high = low, high
    assert measure(year, as_of).status is expected


def test_measuring_reads_four_times_however_many_rows(django_assert_num_queries: Any) -> None:
    year = GoalYear.objects.select_related("goal").get(goal__key=PUBLIC, year=2026)
    for classes in (1, 3):
        for number in range(classes):
            held(OCTOBER, came=10, label=f"{classes}.{number}")
        with django_assert_num_queries(4):
            measure(year)


def test_measuring_writes_nothing(clock: time_machine.Coordinates) -> None:
    held(OCTOBER, came=10)
    year = goal_year()
    before = GoalYear.objects.filter(pk=year.pk).values().get()
    first = measure(year)
    clock.shift(DAY)
    assert (measure(year).value, GoalYear.objects.filter(pk=year.pk).values().get()) == (first.value, before)
