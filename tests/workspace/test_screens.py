"""The day, the calendar, a session's page, series of dates, booking for somebody, and one's own administration."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings import providers
from bookings.admin import words
from bookings.domain.attendance import PersonReport, report_attendance
from bookings.domain.booking import BookingSchool
from bookings.domain.walkins import WalkInClass, WalkInPersons, add_walk_in, check_in
from bookings.models import Booking, Session, SessionSeries
from bookings.rules import State
from charter.models import Term
from tests.factories.bookings import contact, make_booking, make_past_booking, make_session, make_staff
from tests.factories.charter import make_partner, publish, signed
from tests.factories.courses import make_workshop
from tests.factories.forms import booking_form
from tests.factories.people import make_school, make_user
from tests.workspace.conftest import client_of
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.people.models import Administration, Organisation, User
from vaern.schooldays.models import SchoolHoliday
from vaern.workspace.views import administration

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
OWN = "/admin/own-administration/"
HOME, DOOR = (302, "/admin/"), (302, "/log-ind/medarbejder/")
ROLES = {
    "coordinator": (200, ""),
    "editor": HOME,
    "approver": HOME,
    "administrator": HOME,
    "administration-coordinator": HOME,
    "facilitator": DOOR,
}


def answer(client: Client, url: str) -> tuple[int, str]:
    response = client.get(url)
    return response.status_code, response.headers.get("Location", "").split("?")[0]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["today", "calendar", "series", "book"])
def test_who_opens_the_screens(role: str, name: str) -> None:
    args = [make_session().pk] if name == "book" else []
    assert answer(client_of(make_user(role)), reverse(f"workspace_{name}", args=args)) == ROLES[role]


# -- the day ----------------------------------------------------------------------------------------------


def texts(client: Client, url: str = "/admin/today/") -> dict[str, list[str]]:
    """What needs a hand, by panel."""
    response = client.get(url)
    pairs = response.context["panels"]
    return {panel.key: [row.text for row in listing.rows] for panel, listing in pairs}


def entries(client: Client) -> list[int]:
    days = client.get("/admin/today/").context["days"]
    return [entry.session.pk for day in days for entry in day.entries]


def test_the_day_shows_today_until_the_end_of_next_week(desk: Client) -> None:
    monday = timezone.now()
    make_session(starts_at=monday - DAY)
    morning = make_session(starts_at=monday - HOUR)
    sunday = make_session(starts_at=dt.datetime(2026, 12, 6, 22, 30, tzinfo=dt.UTC))  # 23.30 in Copenhagen
    make_session(starts_at=dt.datetime(2026, 12, 6, 23, 0, tzinfo=dt.UTC))
    make_session(starts_at=monday + DAY, status="cancelled")
    assert entries(desk) == [morning.pk, sunday.pk]


def test_an_empty_day_says_so(desk: Client) -> None:
    response = desk.get("/admin/today/")
    assert (response.context["panels"], len(response.context["quiet"])) == ([], 8)
    assert "Ingen skole venter på svar." in response.content.decode()


def test_each_thing_that_needs_a_hand_is_there_and_leads_on(desk: Client) -> None:
    past = make_session(starts_in=-3 * DAY)
    make_past_booking(past)
    asked = make_session(approval_needed=True, starts_in=20 * DAY)
    booking = make_booking(asked, contact=contact(2))
    make_session(workshop=make_workshop(group_min=10))
    full = make_session(capacity=20, starts_in=21 * DAY)
    make_booking(full, pupils=20, contact=contact(3))
    Message.objects.filter(pk=Message.objects.order_by("-pk")[0].pk).update(state="bounced", sent_at=timezone.now())
    found = texts(desk)
    assert {key: len(rows) for key, rows in found.items()} == {
        "desk-approvals": 1,
        "desk-unreported": 1,
        "desk-below": 1,
        "desk-full": 1,
        "desk-failed": 1,
    }
    page = desk.get("/admin/today/").content.decode()
    for url in (
        reverse("bookings:attendance", args=[past.uuid]),
        reverse("staff_bookings:inspect", args=[booking.pk]),
        reverse("staff_sessions:inspect", args=[full.pk]),
        "/admin/sessions/?need=below_minimum",
        "/admin/approvals/",
    ):
        assert f'href="{url}"' in page


def test_a_facilitator_with_a_way_in_sees_the_own_sessions_alone() -> None:
    person = make_user("facilitator")
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    own, _other = make_session(facilitators=[person], starts_in=3 * DAY), make_session(starts_in=3 * DAY)
    client = client_of(User.objects.get(pk=person.pk))
    assert entries(client) == [own.pk]
    response = client.get("/admin/calendar/?view=list&day=2026-11-01")
    assert response.context["count"] == 1
    assert answer(client, reverse("staff_sessions:inspect", args=[own.pk])) == HOME


@pytest.mark.parametrize("rows", [1, 3, 40])
@pytest.mark.parametrize(
    ("url", "queries"),
    [
        ("/admin/today/", 27),
        ("/admin/calendar/?day=2026-12-03", 20),
        ("/admin/calendar/?view=people&day=2026-12-03", 21),
    ],
)
def test_a_screen_takes_as_many_queries_whatever_is_on_it(desk: Client, url: str, queries: int, rows: int) -> None:
    person, workshop = make_user("facilitator"), make_workshop(group_min=5)
    for _one in range(rows):
        session = make_session(workshop=workshop, starts_in=10 * DAY, place="Sal 2", facilitators=[person])
        make_booking(session, school=make_school(), pupils=10)
    desk.get(url)
    with CaptureQueriesContext(connection) as captured:
        desk.get(url)
    assert len(captured) == queries


# -- the calendar -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("view=month&day=2026-12-24", 2),
        ("view=week&day=2026-11-25", 1),
        ("view=week&day=2026-12-03", 1),
        ("view=list&day=2027-01-01", 1),
        ("view=nonsense&day=nonsense", 2),
        ("view=week&day=9999-99-99", 1),
    ],
)
def test_the_calendar_shows_its_days(desk: Client, query: str, count: int) -> None:
    make_session(starts_at=timezone.now() + DAY)
    make_session(starts_at=timezone.now() + 10 * DAY)
    make_session(starts_at=timezone.now() + 40 * DAY)
    assert desk.get(f"/admin/calendar/?{query}").context["count"] == count


def test_the_calendar_by_facilitator_names_those_sessions_that_nobody_holds(desk: Client) -> None:
    person = make_user("facilitator", first_name="Anna", last_name="Sund")
    make_session(starts_at=timezone.now() + DAY, facilitators=[person])
    make_session(starts_at=timezone.now() + DAY)
    rows = desk.get("/admin/calendar/?view=people").context["rows"]
    assert [(row.name, row.count) for row in rows] == [("Ingen endnu", 1), ("Anna Sund", 1)]


# -- a session's page -------------------------------------------------------------------------------------


def page_of(client: Client, session: Session) -> Any:
    response = client.get(reverse("staff_sessions:inspect", args=[session.pk]))
    assert response.status_code == 200
    return response


def test_a_sessions_page_shows_who_comes_who_waits_and_what_was_done(desk: Client, coordinator: User) -> None:
    session = make_session(capacity=24, waiting_rule="strict")
    first = make_booking(session)
    second = make_booking(session, label="8.A", grade=8, contact=contact(2), wait=True)
    context = page_of(desk, session).context
    assert [row.booking.pk for row in context["roll"]] == [first.pk]
    assert [(line.label, line.numbers, line.attendance) for line in context["roll"][0].lines] == [
        ("7.B", "24 elever, 2 voksne", "")
    ]
    assert [one.pk for one in context["waiting"]] == [second.pk]
    assert [event.what for event in context["events"]] == ["Sat på venteliste", "Tilmeldt"]
    assert {letter.recipient for letter in context["letters"]} == {"aase@example.dk", "person2@example.dk"}


def test_attendance_that_is_missing_is_not_nought(desk: Client) -> None:
    session = make_session(starts_in=-2 * HOUR)
    make_past_booking(session)
    [row] = page_of(desk, session).context["roll"]
    assert [(line.attendance, line.missing) for line in row.lines] == [("Ikke registreret", True)]


def test_the_persons_and_who_came_without_a_booking_stand_with_what_was_reported(desk: Client) -> None:
    session = make_session(workshop=make_workshop(audience="staff"))
    team = make_staff(session, 1, team=3)
    Session.objects.filter(pk=session.pk).update(starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
    first, second, _third = team.people.order_by("name")
    said = [PersonReport(first.pk, present=True), PersonReport(second.pk, present=False)]
    report_attendance(session_id=session.pk, reports=said, client_key=uuid.uuid4(), actor_id=None)
    office = Administration.objects.order_by("pk")[0]
    walk_in = WalkInPersons(4, administration_id=office.pk)
    add_walk_in(session_id=session.pk, came=walk_in, client_key=uuid.uuid4(), actor_id=None)
    check_in(session_id=session.pk, email="gaest@example.dk")
    response = page_of(desk, session)
    [row] = response.context["roll"]
    assert [(line.label, line.attendance, line.missing) for line in row.lines] == [
        ("Kollega 1.0", "Til stede", False),
        ("Kollega 1.1", "Fraværende", False),
        ("Kollega 1.2", "Ikke registreret", True),
    ]
    assert [(line.label, line.attendance) for line in response.context["walk_ins"]] == [
        (f"Personer, {office.name_da}", "4 personer"),
        ("gaest@example.dk", "1 person"),
    ]
    page = response.content.decode()
    assert page.count("Kom uden booking (2)") == page.count("gaest@example.dk: 1 person") == 1


@pytest.mark.parametrize("number", [1, 3, 40])
def test_the_page_takes_as_many_queries_whatever_is_on_it(desk: Client, number: int) -> None:
    session = make_session(capacity=None, facilitators=[make_user("facilitator")])
    for one in range(number):
        make_booking(session, school=make_school(), pupils=10, contact=contact(one))
    Session.objects.filter(pk=session.pk).update(starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
    for _one in range(number):
        school = BookingSchool(make_school())
        came = WalkInClass(school, "9.X", 9, 1, 1)
        add_walk_in(session_id=session.pk, came=came, client_key=uuid.uuid4(), actor_id=None)
    page_of(desk, session)
    with CaptureQueriesContext(connection) as captured:
        page_of(desk, session)
    assert len(captured) == 27


def test_facilitators_are_chosen_on_the_page_and_a_clash_is_said(desk: Client) -> None:
    person = make_user("facilitator")
    one, two = make_session(facilitators=[person]), make_session()
    response = desk.post(reverse("workspace_hold", args=[two.pk]), {"people": [person.pk]}, follow=True)
    assert list(two.facilitators.all()) == [person]
    assert [str(message) for message in response.context["messages"]][1].startswith("Der er en anden afholdelse")
    assert [other.pk for other, _what in response.context["clashes"]] == [one.pk]
    desk.post(reverse("workspace_hold", args=[two.pk]), {})
    assert list(two.facilitators.all()) == []
    assert desk.get(reverse("workspace_hold", args=[two.pk])).status_code == 405
    other = client_of(make_user("editor"))
    assert other.post(reverse("workspace_hold", args=[two.pk]), {"people": [person.pk]}).status_code == 302
    assert list(two.facilitators.all()) == []


# -- booking for somebody ---------------------------------------------------------------------------------


def test_a_class_is_booked_for_somebody(desk: Client, coordinator: User) -> None:
    session, school = make_session(), make_school()
    url = reverse("workspace_book", args=[session.pk])
    assert desk.get(url).status_code == 200
    data = booking_form(school, language="en")
    for _again in range(2):
        assert desk.post(url, data).status_code == 302
    booking = Booking.objects.get()
    assert (booking.state, booking.language, booking.seats) == (State.CONFIRMED, "en", 10)
    assert AuditEvent.objects.get(action="booking.confirmed").actor == coordinator
    assert Message.objects.filter(kind="bookings.confirmed", recipient="aase@example.dk").count() == 1


def test_a_mistake_and_a_full_date_are_said_at_the_form(desk: Client) -> None:
    session = make_session(capacity=5)
    url = reverse("workspace_book", args=[session.pk])
    response = desk.post(url, booking_form(make_school()))
    assert (response.status_code, Booking.objects.count()) == (200, 0)
    assert list(response.context["order"].rows[0].errors) == ["pupils"]
    response = desk.post(url, booking_form(make_school(), name=""))
    assert list(response.context["form"].errors) == ["name"]
    assert len(desk.post(url, {**booking_form(make_school()), "add_row": "1"}).context["order"].rows) == 2


@pytest.mark.parametrize("audience", ["parents", "adults", "staff"])
def test_there_is_a_form_for_every_audience(desk: Client, audience: str) -> None:
    session = make_session(workshop=make_workshop(audience=audience), waiting_rule="strict")
    assert desk.get(reverse("workspace_book", args=[session.pk])).status_code == 200


# -- several dates ----------------------------------------------------------------------------------------


def rule(**changes: Any) -> dict[str, Any]:
    data = {
        "key": str(uuid.uuid4()),
        "workshop": str(make_workshop(duration_minutes=45).pk),
        "first_day": "01.02.2027",
        "last_day": "28.02.2027",
        "weekdays": ["0"],
        "every": "1",
        "starts": "10.00",
        "ends": "",
        "capacity": "28",
        "capacity_unit": "people",
        "language": "da",
        "visibility": "public",
        "waiting_rule": "none",
        "together": "",
    }
    return {**data, **changes}


def dates(response: Any) -> list[tuple[str, bool, str]]:
    return [(f"{one.day:%d.%m}", one.chosen, one.closed) for one in response.context["dates"]]


def test_a_rule_shows_holidays_before_anything_is_planned(desk: Client) -> None:
    SchoolHoliday.objects.all().delete()
    first, last = dt.date(2027, 2, 13), dt.date(2027, 2, 21)
    SchoolHoliday.objects.create(
        name_da="Vinterferie", name_en="Winter holiday", first_day=first, last_day=last, school_year="2026/27"
    )
    response = desk.post(reverse("workspace_series"), rule())
    expected = [("01.02", True, ""), ("08.02", True, ""), ("15.02", False, "Vinterferie"), ("22.02", True, "")]
    assert (dates(response), Session.objects.count()) == (expected, 0)
    easter = rule(first_day="29.03.2027", last_day="29.03.2027")
    assert dates(desk.post(reverse("workspace_series"), easter)) == [("29.03", False, "Anden påskedag")]


def test_what_is_ticked_is_planned_once_and_together_when_asked(desk: Client, coordinator: User) -> None:
    person = make_user("facilitator")
    days = ["2027-02-01", "2027-02-22"]
    data = rule(save="1", day=days, together="all", facilitators=[person.pk], ends="11:30")
    for _again in range(2):
        assert desk.post(reverse("workspace_series"), data).status_code == 302
    found = Session.objects.order_by("starts_at")
    assert [timezone.localtime(row.starts_at).strftime("%d.%m %H:%M") for row in found] == [
        "01.02 10:00",
        "22.02 10:00",
    ]
    assert {row.ends_at - row.starts_at for row in found} == {90 * dt.timedelta(minutes=1)}
    assert {row.series for row in found} == {SessionSeries.objects.get()}
    assert [list(row.facilitators.all()) for row in found] == [[person], [person]]
    assert sorted(AuditEvent.objects.values_list("action", "actor")) == [
        ("series.planned", coordinator.pk),
        ("session.planned", coordinator.pk),
        ("session.planned", coordinator.pk),
    ]


def test_dates_that_meet_a_lock_are_kept(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server writes at the same moment: tried three times, then said, and the form stays."""
    shown = desk.post(reverse("workspace_series"), rule())
    tries: list[int] = []

    def locked(**fields: Any) -> Any:
        tries.append(1)
        raise OperationalError("database is locked")

    monkeypatch.setattr("vaern.workspace.domain.series.plan_session", locked)
    monkeypatch.setattr("bookings.domain.locking.time.sleep", lambda seconds: None)
    days = [one.day.isoformat() for one in shown.context["dates"] if one.chosen]
    response = desk.post(reverse("workspace_series"), rule(save="1", day=days))
    assert (response.status_code, response.context["form"].non_field_errors()) == (200, [words.busy()])
    assert (len(tries), Session.objects.count()) == (3, 0)


def test_the_clock_stays_when_summer_time_begins(desk: Client) -> None:
    data = rule(first_day="22.03.2027", last_day="05.04.2027", save="1", day=["2027-03-22", "2027-04-05"])
    desk.post(reverse("workspace_series"), data)
    found = [timezone.localtime(row.starts_at).hour for row in Session.objects.all()]
    assert found == [10, 10]


def test_a_day_that_the_rule_does_not_give_is_not_planned(desk: Client) -> None:
    response = desk.post(reverse("workspace_series"), rule(save="1", day=["2027-02-02"]))
    assert (response.status_code, Session.objects.count()) == (200, 0)


def test_who_is_busy_and_where_is_shown_with_the_date(desk: Client) -> None:
    person = make_user("facilitator")
    other = make_session(starts_at=dt.datetime(2027, 2, 8, 9, 0, tzinfo=dt.UTC), facilitators=[person], place="Sal 2")
    response = desk.post(reverse("workspace_series"), rule(facilitators=[person.pk], place="sal 2"))
    met = [[(session.pk, what) for session, what in one.meets] for one in response.context["dates"]]
    assert met == [[], [(other.pk, f"{person}, Sal 2")], [], []]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": "31.01.2027"}, "last_day"),
        ({"last_day": "01.03.2028"}, "last_day"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": ["7"]}, "weekdays"),
        ({"every": "0"}, "every"),
        ({"starts": "25:00"}, "starts"),
        ({"ends": "09:00"}, "ends"),
        ({"capacity": ""}, "capacity"),
        ({"unlimited": "on"}, "unlimited"),
        ({"key": ""}, "key"),
    ],
)
def test_a_rule_with_a_mistake_plans_nothing(desk: Client, changes: dict[str, Any], field: str) -> None:
    response = desk.post(reverse("workspace_series"), rule(save="1", day=["2027-02-01"], **changes))
    assert (list(response.context["form"].errors), Session.objects.count()) == ([field], 0)


# -- one's own administration -----------------------------------------------------------------------------


def test_an_administration_coordinator_sees_the_own_people_alone() -> None:
    own, other = Administration.objects.order_by("pk")[:2]
    session = make_session(workshop=make_workshop(audience="staff"))
    make_staff(session, 1, administration_id=own.pk, team=2)
    make_staff(session, 2, administration_id=other.pk, team=3)
    client = client_of(make_user("administration-coordinator", administration=own))
    response = client.get("/admin/own-administration/")
    [group] = response.context["coming"]
    assert (group.confirmed, [line.name for line in group.people]) == (2, ["Kollega 1.0", "Kollega 1.1"])
    page = response.content.decode()
    assert "Kollega 2" not in page
    assert "@example.dk" not in re.sub(r"(?s)<nav.*|<header.*", "", page.split("desk-page")[1])


@pytest.mark.parametrize("past", [2, 5])
def test_what_is_to_come_is_shown_however_much_is_over(monkeypatch: pytest.MonkeyPatch, past: int) -> None:
    monkeypatch.setattr(administration, "MOST", 3)
    own = Administration.objects.order_by("pk")[0]
    workshop = make_workshop(audience="staff")
    for days in (9, 3):
        make_staff(make_session(workshop=workshop, starts_in=days * DAY), days, administration_id=own.pk)
    for number in range(past):
        session = make_session(workshop=workshop, starts_in=DAY)
        make_staff(session, f"før-{number}", administration_id=own.pk)
        Session.objects.filter(pk=session.pk).update(starts_at=timezone.now() - (number + 1) * DAY)
    context = client_of(make_user("administration-coordinator", administration=own)).get(OWN).context
    in_days = [round((one.session.starts_at - timezone.now()) / DAY) for one in (*context["coming"], *context["past"])]
    assert (in_days, context["cut"]) == ([3, 9, *range(-1, -min(past, 3) - 1, -1)], past > 3)


def test_a_session_is_not_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administration, "MOST", 3)
    own = Administration.objects.order_by("pk")[0]
    workshop = make_workshop(audience="staff")
    for days in (3, 9):
        make_staff(make_session(workshop=workshop, starts_in=days * DAY), days, administration_id=own.pk, team=2)
    context = client_of(make_user("administration-coordinator", administration=own)).get(OWN).context
    assert ([len(one.people) for one in context["coming"]], context["cut"]) == ([2], True)


@pytest.mark.parametrize("role", ["coordinator", "administration-coordinator", "editor"])
def test_without_an_administration_or_the_role_there_is_nothing_to_see(role: str) -> None:
    own = Administration.objects.order_by("pk")[0] if role != "administration-coordinator" else None
    assert answer(client_of(make_user(role, administration=own)), "/admin/own-administration/") == HOME


# -- providers --------------------------------------------------------------------------------------------


@pytest.fixture
def partner() -> Any:
    """A partner whose charter is valid until the end of 2026."""
    publish()
    term = signed(make_partner("Foreningen Fri Tale")).term
    assert term is not None
    Term.objects.filter(pk=term.pk).update(ended_on=dt.date(2027, 1, 1), end_kind="withdrawn")
    return term.partner.organisation


def test_a_date_outside_the_charter_cannot_be_public(desk: Client, partner: Organisation) -> None:
    workshop = make_workshop(provider=partner)
    ok = rule(workshop=workshop.pk, first_day="28.12.2026", last_day="28.12.2026", save="1", day=["2026-12-28"])
    assert desk.post(reverse("workspace_series"), ok).status_code == 302
    late = rule(workshop=workshop.pk, save="1", day=["2027-02-01"])
    response = desk.post(reverse("workspace_series"), late)
    [error] = response.context["form"].errors["visibility"]
    assert ("Foreningen Fri Tale" in error, Session.objects.count()) == (True, 1)
    assert desk.post(reverse("workspace_series"), {**late, "visibility": "link"}).status_code == 302
    assert Session.objects.count() == 2


def test_an_existing_date_is_flagged_with_the_way_out(desk: Client, partner: Organisation) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        session = make_session(workshop=make_workshop(provider=partner), starts_in=60 * DAY)
    response = page_of(desk, session)
    assert "Udbyder uden gyldigt charter" in [flag.text for flag in response.context["flags"]]
    assert response.context["ways_out"].startswith("Foreningen Fri Tale har ikke et gyldigt charter den dag.")
    assert texts(desk)["desk-charter"] == ["Foreningen Fri Tale"]
    found = desk.get("/admin/sessions/?need=no_charter").context["object_list"]
    assert [row.pk for row in found] == [session.pk]
    Session.objects.update(visibility="link")  # one of the ways out
    assert page_of(desk, session).context["ways_out"] == ""
    assert list(desk.get("/admin/sessions/?need=no_charter").context["object_list"]) == []


def test_the_city_itself_signs_nothing(desk: Client, partner: Organisation) -> None:
    city = Organisation.objects.create(name="Forvaltningen", kind="administration")
    session = make_session(workshop=make_workshop(provider=city), starts_in=60 * DAY)
    assert (providers.lacking([session]), page_of(desk, session).context["ways_out"]) == (set(), "")


def test_a_partner_that_never_signed_has_no_public_dates(desk: Client) -> None:
    organisation = Organisation.objects.create(name="Foreningen", kind="partner")
    session = make_session(workshop=make_workshop(provider=organisation))
    assert providers.lacking([session]) == {session.pk}
