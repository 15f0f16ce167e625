"""The four lists: filters, numbers, flags, saved views, and as many queries whatever their length."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.domain.booking import BookingSchool
from bookings.models import Session, VisitRequest
from tests.bookings.test_visits import ask
from tests.factories.bookings import make_booking, make_past_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from tests.workspace.conftest import client_of
from vaern.audit.models import AuditEvent
from vaern.people.models import User
from vaern.schooldays.models import SchoolHoliday
from vaern.workspace.models import SavedView

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def shown(client: Client, name: str, **query: Any) -> list[Any]:
    response = client.get(reverse(f"staff_{name}:index"), query)
    assert response.status_code == 200
    return list(response.context["object_list"])


def flags(client: Client, session: Session) -> list[str]:
    [row] = [one for one in shown(client, "sessions") if one.pk == session.pk]
    return [flag.text for flag in row.flags]


def fill(number: int, facilitator: User) -> None:
    """So many sessions, each with a booking, a request for a visit and a school of its own, all at the same time."""
    starts_at = timezone.now() + 10 * DAY
    for _one in range(number):
        workshop = make_workshop(group_min=5)
        session = make_session(workshop=workshop, starts_at=starts_at, place="Sal 2", facilitators=[facilitator])
        make_booking(session, school=make_school(), pupils=10)
        ask(school=BookingSchool(make_school()))


@pytest.mark.parametrize("rows", [1, 3, 60])
@pytest.mark.parametrize(
    ("name", "queries"), [("sessions", 18), ("bookings", 14), ("visits", 14), ("organisations", 11)]
)
def test_a_list_takes_as_many_queries_whatever_its_length(desk: Client, name: str, queries: int, rows: int) -> None:
    fill(rows, make_user("facilitator"))
    assert VisitRequest.objects.count() == rows
    desk.get(reverse(f"staff_{name}:index"))  # fills what Wagtail keeps for the process
    with CaptureQueriesContext(connection) as captured:
        desk.get(reverse(f"staff_{name}:index"))
    assert len(captured) <= 20
    assert len(captured) == queries


# -- sessions ---------------------------------------------------------------------------------------------


def test_a_session_says_what_is_the_matter_with_it(desk: Client) -> None:
    person = make_user("facilitator")
    workshop = make_workshop(group_min=15)
    quiet = make_session(workshop=make_workshop(), facilitators=[person])
    assert flags(desk, quiet) == []
    too_few = make_session(workshop=workshop, starts_in=13 * DAY, facilitators=[person])
    assert flags(desk, too_few) == ["Under minimum på 15"]
    later = make_session(workshop=workshop, starts_in=15 * DAY, facilitators=[person])
    assert flags(desk, later) == []
    nobody = make_session(starts_in=20 * DAY)
    assert flags(desk, nobody) == ["Mangler underviser"]
    over = make_session(starts_in=-3 * DAY, facilitators=[person])
    make_past_booking(over)
    assert flags(desk, over) == ["Fremmøde mangler"]


@pytest.mark.parametrize(("pupils", "said"), [(25, []), (26, ["92 % fyldt"]), (28, ["Fyldt"])])
def test_more_than_ninety_per_cent_is_said(desk: Client, pupils: int, said: list[str]) -> None:
    session = make_session(capacity=28, starts_in=20 * DAY, facilitators=[make_user("facilitator")])
    make_booking(session, pupils=pupils)
    assert flags(desk, session) == said
    found = [row.pk for row in shown(desk, "sessions", need="nearly_full")]
    assert found == ([session.pk] if said else [])


def test_one_person_and_one_place_at_two_sessions(desk: Client) -> None:
    person, other = make_user("facilitator"), make_user("facilitator")
    first = make_session(place="Sal 2", facilitators=[person])
    second = make_session(place="sal 2", facilitators=[person], starts_at=first.starts_at + HOUR)
    both = ["Underviser har to samtidig", "Stedet er brugt to gange"]
    assert (flags(desk, first), flags(desk, second)) == (both, both)
    second.facilitators.set([other])
    assert flags(desk, first) == ["Stedet er brugt to gange"]
    Session.objects.filter(pk=second.pk).update(starts_at=first.ends_at, ends_at=first.ends_at + HOUR)
    assert flags(desk, first) == []
    Session.objects.filter(pk=second.pk).update(starts_at=first.starts_at, status="cancelled")
    assert (flags(desk, first), flags(desk, second)) == ([], ["Aflyst"])


def test_a_holiday_is_named(desk: Client) -> None:
    session = make_session(facilitators=[make_user("facilitator")])
    day = session.starts_at.date()
    SchoolHoliday.objects.create(
        name_da="Temaferie", name_en="Theme week", first_day=day, last_day=day, school_year="2026/27"
    )
    assert flags(desk, session) == ["Temaferie"]


def test_sessions_are_found_by_need_and_person(desk: Client) -> None:
    person = make_user("facilitator")
    held = make_session(facilitators=[person])
    alone = make_session(starts_in=20 * DAY)
    assert [row.pk for row in shown(desk, "sessions", need="no_facilitator")] == [alone.pk]
    assert [row.pk for row in shown(desk, "sessions", facilitators=person.pk)] == [held.pk]
    assert [row.pk for row in shown(desk, "sessions", need="waiting")] == []
    assert {row.pk for row in shown(desk, "sessions", need="nonsense")} == {held.pk, alone.pk}


def test_how_many_wait_for_approval_is_a_number_of_its_own(desk: Client) -> None:
    session = make_session(approval_needed=True)
    make_booking(session)
    [row] = shown(desk, "sessions")
    assert (row.requests, row.seats_taken) == (1, 0)


def test_bookings_and_organisations_count(desk: Client) -> None:
    school = make_school("Talskolen")
    make_booking(make_session(), school=school, pupils=21)
    [booking] = shown(desk, "bookings")
    assert booking.pupils == 21
    [row] = [one for one in shown(desk, "organisations", booked="yes") if one.pk == school.pk]
    assert (row.booked, row.pupils) == (1, 21)
    assert [one.pk for one in shown(desk, "organisations", booked="no")] == []
    assert [one.pk for one in shown(desk, "bookings", school=school.pk)] == [booking.pk]
    assert [one.pk for one in shown(desk, "organisations", group="public")] == [school.pk]
    assert [one.pk for one in shown(desk, "organisations", group="private")] == []


# -- saved views ------------------------------------------------------------------------------------------


def save(client: Client, name: str = "Mine", query: str = "need=waiting", of_list: str = "sessions") -> Any:
    address = reverse("workspace_view_save", args=[of_list])
    return client.post(address, {"name": name, "query": query})


def test_a_view_is_saved_under_a_name_and_is_a_link(desk: Client, coordinator: User) -> None:
    response = save(desk, query="need=waiting&p=3&status=")
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/sessions/?need=waiting")
    [view] = SavedView.objects.values("user", "list", "name", "query")
    assert view == {"user": coordinator.pk, "list": "sessions", "name": "Mine", "query": "need=waiting"}
    page = desk.get("/admin/sessions/?need=waiting").content.decode()
    assert '<a href="/admin/sessions/?need=waiting" aria-current="page">Mine</a>' in page
    assert 'aria-current="page">Mine</a>' not in desk.get("/admin/sessions/").content.decode()


def test_the_same_name_changes_the_view_and_twenty_is_the_most(desk: Client) -> None:
    save(desk)
    save(desk, query="need=unreported")
    assert list(SavedView.objects.values_list("name", "query")) == [("Mine", "need=unreported")]
    for number in range(25):
        save(desk, name=f"Nr. {number}")
    assert SavedView.objects.count() == 20


def test_views_are_ones_own(desk: Client) -> None:
    save(desk)
    other = client_of(make_user("coordinator"))
    assert "Mine</a>" not in other.get("/admin/sessions/").content.decode()
    view = SavedView.objects.get()
    assert other.post(reverse("workspace_view_drop", args=[view.pk])).status_code == 404
    assert desk.get(reverse("workspace_view_drop", args=[view.pk])).status_code == 405
    assert desk.post(reverse("workspace_view_drop", args=[view.pk])).status_code == 302
    assert (SavedView.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["", "x" * 41, "a\nb"])
def test_a_view_needs_a_name(desk: Client, name: str) -> None:
    assert save(desk, name=name).status_code == 302
    assert SavedView.objects.count() == 0


def test_a_view_of_no_list_or_of_one_that_one_may_not_see(desk: Client) -> None:
    assert save(desk, of_list="nonsense").status_code == 404
    assert save(client_of(make_user("editor"))).status_code == 302
    assert SavedView.objects.count() == 0
