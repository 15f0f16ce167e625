"""The goals' pages: what everyone sees, what coordinators see, and who may."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.attendance import held
from tests.factories.bookings import make_booking, make_session
from tests.factories.people import make_school, make_user
from tests.factories.texts import page, said
from vaern.audit.models import AuditEvent
from vaern.goals.domain import YearClosed, change_target
from vaern.goals.models import Goal, GoalYear, TargetChange

pytestmark = pytest.mark.usefixtures("site", "clock")
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
OCTOBER = dt.datetime(2026, 10, 5, 10, 0, tzinfo=COPENHAGEN)
PUBLIC, COORDINATOR = "/maal/", "/koordinator/maal/"
ROWS = "/koordinator/maal/2026/elever-folkeskole/"


@pytest.fixture
def coordinator(client: Client, site: None) -> None:
    client.force_login(make_user("coordinator"))


def values(html: str) -> list[str]:
    """The figures of the meters on a page."""
    return re.findall(r'class="v-meter__value"><strong>([^<]*)<', html)


def came(html: str) -> list[str]:
    """The last column of the rows."""
    return [row[-1] for row in (re.findall(r"<td[^>]*>([^<]*)</td>", part) for part in html.split("<tr>")) if row]


@pytest.mark.parametrize(("number", "public"), [(0, True), (1, False), (4, False), (5, True)])
def test_small_numbers_are_hidden_from_everyone_but_coordinators(client: Client, number: int, public: bool) -> None:
    held(OCTOBER, came=number)
    html = page(client, PUBLIC)
    hidden = said("Fewer than 5, so the exact number is not shown.")
    assert (values(html), hidden in html) == ([str(number), "0"] if public else ["0"], not public)
    client.force_login(make_user("coordinator"))
    assert values(page(client, COORDINATOR)) == [str(number), "0"]
    assert values(page(client, PUBLIC)) == ([str(number), "0"] if public else ["0"])


@pytest.mark.parametrize(("pupils", "hidden"), [(4, True), (5, False)])
def test_small_numbers_booked_ahead_are_hidden_too(client: Client, pupils: int, hidden: bool) -> None:
    make_booking(make_session(), pupils=pupils)
    html = page(client, PUBLIC)
    assert (said("Booked ahead: fewer than 5 pupils") in html) == hidden
    assert (said("Booked ahead: %(count)s pupils", count=pupils) in html) != hidden


def test_the_public_page_names_no_school_and_no_class(client: Client) -> None:
    held(OCTOBER, came=20, school=make_school("Nørre Skole"), label="9.Z")
    for html in (page(client, PUBLIC), page(client, "/en/goals/")):
        assert values(html) == ["20", "0"]
        assert "Nørre Skole" not in html
        assert "9.Z" not in html
    client.force_login(make_user("coordinator"))
    assert "Nørre Skole" in page(client, ROWS)


def test_large_numbers_are_grouped_as_the_language_does(client: Client) -> None:
    for number in range(6):
        held(OCTOBER, planned=200, came=200, label=f"7.{number}")
    assert values(page(client, PUBLIC)) == ["1.200", "0"]
    assert values(page(client, "/en/goals/")) == ["1,200", "0"]
    assert "4.000" in page(client, PUBLIC)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/maal/2026/", 200),
        ("/maal/2024/", 200),
        ("/maal/2023/", 404),
        ("/maal/2027/", 404),
        ("/maal/99999999999999999999/", 404),
        ("/maal/x/", 404),
        ("/en/goals/2025/", 200),
    ],
)
def test_years(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_without_a_year_this_year_is_shown(client: Client) -> None:
    GoalYear.objects.create(goal=Goal.objects.first(), year=2027, low=1)
    assert page(client, PUBLIC).count('aria-current="page">2026<') == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("coordinator", 200),
        ("approver", 200),
        ("administrator", 403),
        ("editor", 403),
        ("facilitator", 403),
        ("administration-coordinator", 403),
        ("partner-signatory", 403),
        ("privacy-officer", 403),
        ("", 403),
    ],
)
def test_who_sees_the_figures_in_full(client: Client, role: str, status: int) -> None:
    client.force_login(make_user(role))
    for path in (COORDINATOR, f"{COORDINATOR}2026/", ROWS):
        assert client.get(path).status_code == status
    assert client.get(PUBLIC).status_code == 200


@pytest.mark.parametrize("path", [COORDINATOR, f"{COORDINATOR}2026/", ROWS])
def test_visitors_are_asked_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/log-ind/?next={path}")


@pytest.mark.usefixtures("coordinator")
@pytest.mark.parametrize("path", ["2023/", "2026/findes-ikke/", "2023/elever-folkeskole/"])
def test_what_there_is_not(client: Client, path: str) -> None:
    assert client.get(COORDINATOR + path).status_code == 404


@pytest.mark.usefixtures("coordinator")
def test_the_rows_say_in_words_what_nobody_has_reported(client: Client) -> None:
    held(OCTOBER, came=20, label="7.A")
    held(OCTOBER, came=0, label="7.B")
    held(OCTOBER, label="7.C")
    make_booking(make_session(), label="7.D")
    ahead, missing = said("Ahead"), said("Not reported")
    assert came(page(client, ROWS)) == ["20", "0", missing, ahead]
    assert came(page(client, ROWS, vis="talt")) == ["20", "0"]
    assert came(page(client, ROWS, vis="mangler")) == [missing]
    assert came(page(client, ROWS, vis="kommende")) == [ahead]
    assert came(page(client, ROWS, vis="x")) == ["20", "0", missing, ahead]


@pytest.mark.usefixtures("coordinator")
def test_rows_come_fifty_at_a_time(client: Client) -> None:
    session = held(OCTOBER, label="0.0").session
    for number in range(50):
        held(OCTOBER, session=session, label=f"7.{number}")
    assert [len(came(page(client, ROWS, page=number))) for number in ("1", "2", "9", "x")] == [50, 1, 1, 50]


@pytest.mark.usefixtures("coordinator")
@pytest.mark.parametrize(("path", "queries"), [(ROWS, 11), (COORDINATOR, 18)])
def test_pages_read_the_same_for_one_row_and_for_three(
    client: Client, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    for rows in (1, 3):
        for number in range(rows):
            held(OCTOBER, came=10, label=f"{rows}.{number}")
        page(client, path)
        with django_assert_num_queries(queries):
            page(client, path)


def test_the_public_page_reads_the_same_for_one_row_and_for_three(
    client: Client, django_assert_num_queries: Any
) -> None:
    for rows in (1, 3):
        for number in range(rows):
            held(OCTOBER, came=10, label=f"{rows}.{number}")
        page(client, PUBLIC)
        with django_assert_num_queries(12):
            page(client, PUBLIC)


@pytest.mark.parametrize("path", [PUBLIC, COORDINATOR, ROWS])
@pytest.mark.usefixtures("coordinator")
def test_pages_are_only_read(client: Client, path: str) -> None:
    assert [getattr(client, method)(path).status_code for method in ("post", "put", "delete")] == [405] * 3


# -- targets -----------------------------------------------------------------------------------------------


def target(**fields: Any) -> GoalYear:
    year = GoalYear.objects.get(goal__key="elever-folkeskole", year=2026)
    values: dict[str, Any] = {"low": 4500, "high": None, "reason": "Ny aftale", "actor_id": make_user("approver").pk}
    return change_target(goal_year_id=year.pk, **(values | fields))


def test_a_change_of_target_keeps_what_it_was_and_why(client: Client) -> None:
    year = target(low=4500, high=5000, reason=" Ny aftale ")
    change = TargetChange.objects.get()
    assert (year.low, year.high) == (4500, 5000)
    assert (change.old_low, change.old_high, change.new_low, change.new_high, change.reason) == (
        4000, None, 4500, 5000, "Ny aftale",
    )  # fmt: skip
    assert AuditEvent.objects.get(action="goal.target_changed").facts == {"low": 4500, "high": 5000}
    client.force_login(make_user("coordinator"))
    html = page(client, reverse("goals:coordinator_year", kwargs={"year": 2026}))
    assert "4.000 → 4.500" in html
    assert "Ny aftale" in html


@pytest.mark.parametrize("fields", [{"reason": ""}, {"reason": "  "}, {"low": 10, "high": 9}])
def test_a_change_that_makes_no_sense_writes_nothing(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="reason"):
        target(**fields)
    assert (TargetChange.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_change_to_what_it_is_writes_nothing() -> None:
    target(low=4000, high=None)
    assert (TargetChange.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_closed_years_target_stands() -> None:
    GoalYear.objects.update(state="closed")
    with pytest.raises(YearClosed):
        target()
    assert set(GoalYear.objects.filter(year=2026).values_list("low", flat=True)) == {4000, 800}
