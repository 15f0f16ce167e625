"""One decision, two doors: the SQL of the catalogue says of every date what `bookable` says (domain.md I10)."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.facts import bookable
from bookings.models import Session
from bookings.open_dates import OpenDates, bookable_at, in_district, on_days
from courses.dates import Match, Part, Wanted, date_facts
from courses.models import WorkshopPage
from courses.periods import Days
from tests.conftest import COPENHAGEN, NOW
from tests.factories.bookings import make_session
from tests.factories.courses import make_workshop

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
# Around now and around each other, where a wrong sign or a missing equals would show.
MOMENTS = [NOW + delta for delta in (-DAY, -MINUTE, dt.timedelta(0), MINUTE, DAY, DAY + MINUTE)]


@pytest.fixture
def workshops(site: None) -> list[WorkshopPage]:
    """Every audience, way of booking and smallest group there is; one of them a draft."""
    made = [
        make_workshop(audience=audience, way_of_booking=way, group_min=smallest, external_url="https://example.dk/")
        for (audience, way), smallest in zip(
            itertools.product(WorkshopPage.Audience.values, WorkshopPage.Way.values),
            itertools.cycle([None, 0, 1, 10]),
            strict=False,
        )
    ]
    classes = [make_workshop(group_min=smallest) for smallest in (None, 0, 1, 2, 10)]
    return [*made, *classes, *classes, *classes, make_workshop(live=False)]


def sessions() -> st.SearchStrategy[dict[str, Any]]:
    moment = st.sampled_from(MOMENTS)
    return st.fixed_dictionaries(
        {
            "workshop": st.integers(0, 200),
            "starts_at": st.one_of(st.just(NOW + DAY), moment),
            "opens_at": st.one_of(st.none(), moment),
            "closes_at": st.one_of(st.none(), moment),
            "status": st.sampled_from(["planned", "planned", "planned", "cancelled", "held"]),
            "capacity": st.one_of(st.none(), st.integers(0, 12)),
            "seats_taken": st.integers(0, 12),
            "capacity_unit": st.sampled_from(Session.Unit.values),
            "approval_needed": st.sampled_from([False, False, False, True]),
            "waiting_rule": st.sampled_from(Session.WaitingRule.values),
            "waiting": st.sampled_from([0, 0, 1]),
            "line_blocked": st.booleans(),
            "visibility": st.sampled_from(Session.Visibility.values),
        }
    )


def built(values: dict[str, Any], workshops: list[WorkshopPage]) -> Session:
    fields = {**values, "workshop": workshops[values["workshop"] % len(workshops)]}
    fields["ends_at"] = fields["starts_at"] + dt.timedelta(hours=1)
    if fields["capacity"] is not None:
        fields["seats_taken"] = min(fields["seats_taken"], fields["capacity"])
    if fields["opens_at"] and fields["closes_at"] and fields["opens_at"] >= fields["closes_at"]:
        fields["opens_at"] = None
    return Session(**fields)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(sessions(), min_size=20, max_size=40))
def test_sql_and_the_decision_agree_on_every_date(workshops: list[WorkshopPage], drawn: list[dict[str, Any]]) -> None:
    Session.objects.all().delete()
    Session.objects.bulk_create([built(values, workshops) for values in drawn])
    by_sql = set(Session.objects.filter(bookable_at(NOW)).values_list("pk", flat=True))
    rows = Session.objects.select_related("workshop")
    assert by_sql == {row.pk for row in rows if bookable(row, now=NOW) is None}


def test_the_comparison_above_sees_both_answers(workshops: list[WorkshopPage]) -> None:
    make_session(workshop=workshops[-2])
    make_session(workshop=workshops[-2], capacity=0)
    assert Session.objects.filter(bookable_at(NOW)).count() == 1


def matched(wanted: Wanted) -> dict[str, Match]:
    titles = dict(WorkshopPage.objects.values_list("translation_key", "title"))
    return {titles[key]: match for key, match in OpenDates().matches(wanted, now=timezone.now()).items()}


def test_bookings_answer_the_catalogue() -> None:
    assert isinstance(date_facts(), OpenDates)


def test_the_same_date_must_be_all_that_is_wanted() -> None:
    workshop = make_workshop("Kilder")
    make_session(workshop=workshop, starts_in=2 * DAY, capacity=0)
    make_session(workshop=workshop, starts_in=40 * DAY)
    today = NOW.date()
    soon, free = Days(today, today + 7 * DAY), Wanted(free=True)
    assert matched(Wanted(days=soon))["Kilder"].number == 1
    assert matched(free)["Kilder"] == Match(number=1, next=NOW + 40 * DAY, bookable=True)
    both = Wanted(days=soon, free=True)
    assert matched(both) == {}
    near = OpenDates().near_matches(both, now=NOW)
    assert near == {workshop.translation_key: frozenset({Part.DAYS, Part.FREE})}


def test_what_nobody_may_find_is_no_match() -> None:
    workshop = make_workshop("Kilder")
    make_session(workshop=workshop, visibility="link")
    make_session(workshop=workshop, status="cancelled")
    make_session(workshop=workshop, starts_in=-DAY)
    assert matched(Wanted()) == {}
    make_session(workshop=workshop)
    assert matched(Wanted())["Kilder"].number == 1


@pytest.mark.parametrize(
    ("place", "fields", "expected"),
    [
        ("venue", {"place": "Biblioteket", "district": "valby"}, ["valby"]),
        ("venue", {"place": "Biblioteket"}, []),
        ("venue", {}, ["valby", "amager-vest"]),  # empty: at the school that books
        ("school", {}, ["valby", "amager-vest"]),
        ("school", {"place": "Skolens aula"}, ["valby", "amager-vest"]),
        ("school", {"place": "Biblioteket", "district": "valby"}, ["valby"]),
        ("online", {}, []),
        ("online", {"place": "Online", "online_link": "https://example.org/"}, []),
    ],
)
def test_where_a_date_is(place: str, fields: dict[str, str], expected: list[str]) -> None:
    make_session(workshop=make_workshop(place=place), **fields)
    found = [name for name in ("valby", "amager-vest") if Session.objects.filter(in_district(name)).exists()]
    assert found == expected


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        (dt.datetime(2026, 12, 1, 0, 0, tzinfo=COPENHAGEN), True),
        (dt.datetime(2026, 11, 30, 23, 59, tzinfo=COPENHAGEN), False),
        (dt.datetime(2026, 12, 2, 23, 59, tzinfo=COPENHAGEN), True),
        (dt.datetime(2026, 12, 3, 0, 0, tzinfo=COPENHAGEN), False),
    ],
)
def test_days_are_days_in_copenhagen(starts_at: dt.datetime, expected: bool) -> None:
    make_session(starts_at=starts_at)
    days = Days(dt.date(2026, 12, 1), dt.date(2026, 12, 2))
    assert Session.objects.filter(on_days(days)).exists() == expected
