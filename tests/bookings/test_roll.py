"""Persons, walk-ins, substitutes and the door: who came, besides the classes that were booked (domain.md §4)."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.domain.asking import ask_for_attendance, long_unreported
from bookings.domain.attendance import LineReport, PersonReport, report_attendance
from bookings.domain.booking import BookingSchool, Refused
from bookings.domain.feeds import OfUser, begin_feed
from bookings.domain.retention import forget_contacts
from bookings.domain.substitutes import make_link
from bookings.domain.walkins import WalkInClass, WalkInPersons, add_walk_in, check_in
from bookings.links import door_token
from bookings.models import AttendanceRecord, GroupLine, PersonLine, Session, SubstituteLink, WalkIn
from bookings.queries import overviews, unreported
from bookings.rules import Refusal
from tests.factories.bookings import make_past_booking, make_session, make_staff
from tests.factories.courses import make_workshop
from tests.factories.forms import attendance_form, served
from tests.factories.people import make_school, make_user
from tests.factories.texts import page, said
from vaern.audit.models import AuditEvent
from vaern.goals.measures import measure
from vaern.goals.models import GoalYear
from vaern.outbox.models import Message
from vaern.people.models import Organisation, User

pytestmark = pytest.mark.usefixtures("site", "clock")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def report_line(line: GroupLine, pupils: int, actor_id: int | None = None) -> AttendanceRecord:
    (row,) = report_attendance(
        session_id=line.session_id,
        reports=[LineReport(line.pk, True, pupils, 1)],
        client_key=uuid.uuid4(),
        actor_id=actor_id,
    )
    return row


def staff_session(people: int = 0, *, starts_in: dt.timedelta = -HOUR, **fields: Any) -> Session:
    """A talk for staff that has begun, with so many booked."""
    session = make_session(workshop=make_workshop(audience="staff"), starts_in=DAY, **fields)
    for number in range(people):
        make_staff(session, number)
    begin = timezone.now() + starts_in
    Session.objects.filter(pk=session.pk).update(starts_at=begin, ends_at=begin + 2 * HOUR)
    session.refresh_from_db()
    return session


def walk_in_persons(session: Session, persons: int, **fields: Any) -> AttendanceRecord | None:
    values = {"client_key": uuid.uuid4(), "actor_id": None} | fields
    return add_walk_in(session_id=session.pk, came=WalkInPersons(persons), **values)


def a_class(school: Organisation, label: str = "8.C", pupils: int = 20) -> WalkInClass:
    return WalkInClass(BookingSchool(organisation=school), label, 8, pupils, 2)


def current(session: Session) -> list[tuple[str, int | None]]:
    """What is known of each person who is booked."""
    rows = AttendanceRecord.objects.current().filter(person__session=session).order_by("person__name")
    return list(rows.values_list("person__name", "persons_present"))


def path(session: Session, name: str = "attendance") -> str:
    return reverse(f"bookings:{name}", kwargs={"session": session.uuid})


@pytest.fixture
def facilitator(client: Client) -> User:
    user = make_user("facilitator")
    client.force_login(user)
    return user


# -- persons ----------------------------------------------------------------------------------------------------


def test_a_person_is_not_reported_present_or_absent_and_corrections_are_kept() -> None:
    session = staff_session(2)
    one, other = PersonLine.objects.order_by("name")
    assert list(unreported(timezone.now())) == [session]
    for present in (True, False):
        report_attendance(
            session_id=session.pk,
            reports=[PersonReport(one.pk, present)],
            client_key=uuid.uuid4(),
            actor_id=None,
        )
    assert current(session) == [(one.name, 0)]
    assert list(AttendanceRecord.objects.values_list("persons_present", flat=True)) == [1, 0]
    assert not other.records.exists()
    (row,) = overviews(Session.objects.filter(pk=session.pk))
    assert (row.persons_present, row.pupils_present, row.unreported) == (0, None, 1)


def test_the_rest_were_all_present_in_one_press(client: Client, facilitator: User) -> None:
    session = staff_session(3, facilitators=[facilitator])
    first = PersonLine.objects.order_by("name")[0]
    data = attendance_form() | {f"person-{first.pk}-presence": "absent", "all_present": "1"}
    for _again in range(2):
        assert client.post(path(session), data).status_code == 302
    assert [present for _name, present in current(session)] == [0, 1, 1]
    session.refresh_from_db()
    assert session.status == "held"
    event = AuditEvent.objects.get(action="attendance.reported")
    assert event.facts == {"classes": 0, "people": 3, "corrections": 0}


def test_it_did_not_take_place_is_said_of_all_and_taken_back(client: Client, facilitator: User) -> None:
    session = staff_session(2, facilitators=[facilitator])
    client.post(path(session), attendance_form() | {"reason": "facilitator"})
    assert set(AttendanceRecord.objects.values_list("took_place", "reason")) == {(False, "facilitator")}
    assert (AttendanceRecord.objects.count(), unreported(timezone.now()).count()) == (2, 0)
    client.post(path(session), attendance_form() | {"all_present": "1"})
    assert [present for _name, present in current(session)] == [1, 1]


def test_a_person_of_another_session_is_not_reported(client: Client, facilitator: User) -> None:
    session, other = staff_session(1, facilitators=[facilitator]), staff_session(1)
    stranger = other.people.get()
    client.post(path(session), attendance_form() | {f"person-{stranger.pk}-presence": "present"})
    assert AttendanceRecord.objects.count() == 0
    with pytest.raises(GroupLine.DoesNotExist):
        report_attendance(
            session_id=session.pk, reports=[PersonReport(stranger.pk, True)], client_key=uuid.uuid4(), actor_id=None
        )


def test_a_long_roll_is_searched_and_what_is_hidden_stays(client: Client, facilitator: User) -> None:
    session = staff_session(12, facilitators=[facilitator])
    html = page(client, path(session) + "?q=person 11")
    assert html.count('value="present"') == 1
    assert said("The rest were all present: save") not in html
    person = session.people.get(name="Person 11")
    client.post(path(session) + "?q=person 11", attendance_form() | {f"person-{person.pk}-presence": "present"})
    assert current(session) == [("Person 11", 1)]


def test_a_searched_roll_asks_for_no_reason_and_takes_none(client: Client, facilitator: User) -> None:
    """The page of some persons has no field for it: neither an error nobody can see, nor a reason for a few."""
    session = staff_session(12, facilitators=[facilitator])
    client.post(path(session), attendance_form() | {"reason": "facilitator"})
    found = path(session) + "?q=person 11"
    assert client.post(found, attendance_form()).status_code == 302
    assert client.post(found, attendance_form() | {"reason": "other"}).status_code == 302
    assert set(AttendanceRecord.objects.values_list("reason", flat=True)) == {"facilitator"}
    person = PersonLine.objects.get(name__endswith=" 11")
    assert client.post(found, attendance_form() | {f"person-{person.pk}-presence": "present"}).status_code == 302
    assert AttendanceRecord.objects.current().filter(persons_present=1).get().person == person


@pytest.mark.parametrize("people", [1, 3, 100])
def test_the_roll_reads_the_same_however_many(
    client: Client, facilitator: User, people: int, django_assert_num_queries: Any
) -> None:
    session = staff_session(1, facilitators=[facilitator], capacity=None)
    booking = session.bookings.get()
    PersonLine.objects.bulk_create(
        PersonLine(booking=booking, session=session, name=f"Kollega {number}") for number in range(people - 1)
    )
    page(client, path(session))
    with django_assert_num_queries(13):
        page(client, path(session))


# -- walk-ins ---------------------------------------------------------------------------------------------------


def test_a_walk_in_class_counts_toward_the_goal_and_takes_no_seat() -> None:
    school, session = make_school(), make_session(starts_in=-HOUR, capacity=5)
    key = uuid.uuid4()
    for _again in range(3):
        add_walk_in(session_id=session.pk, came=a_class(school), client_key=key, actor_id=None)
    session.refresh_from_db()
    assert (WalkIn.objects.count(), AttendanceRecord.objects.count(), session.seats_taken) == (1, 1, 0)
    assert session.status == "held"
    public = measure(GoalYear.objects.get(goal__key="elever-folkeskole", year=2026))
    private = measure(GoalYear.objects.get(goal__key="elever-fri-og-privatskole", year=2026))
    assert (public.value, public.unique_estimate, private.value) == (20, 20, 0)
    before = measure(public.goal_year, timezone.now() - HOUR)
    assert before.value == 0


def test_a_class_that_is_on_the_roll_is_no_walk_in() -> None:
    school, session = make_school(), make_session(starts_in=-HOUR)
    make_past_booking(session, school=school, label="8.C")
    with pytest.raises(Refused) as refused:
        add_walk_in(session_id=session.pk, came=a_class(school, "8 c"), client_key=uuid.uuid4(), actor_id=None)
    assert (refused.value.why, WalkIn.objects.count()) == (Refusal.ALREADY_BOOKED, 0)


def test_before_the_start_nobody_has_come() -> None:
    with pytest.raises(Refused):
        walk_in_persons(staff_session(starts_in=HOUR), 3)


def test_the_walk_in_page_saves_says_so_and_is_corrected_on_the_roll(client: Client, facilitator: User) -> None:
    session = make_session(starts_in=-HOUR, facilitators=[facilitator])
    school = make_school()
    data = {"key": str(uuid.uuid4()), "school": school.school.institution_number, "school_name": ""}
    wrong = data | {"label": "", "grade": "8", "pupils": "20", "adults": "1"}
    answer = client.post(path(session, "walk_in"), wrong)
    assert (answer.status_code, 'value="20"' in answer.content.decode(), WalkIn.objects.count()) == (200, True, 0)
    right = wrong | {"label": "8.C"}
    for _again in range(2):
        assert client.post(path(session, "walk_in"), right).status_code == 302
    walk_in = WalkIn.objects.get()
    html = page(client, path(session))
    assert f'name="walk-in-{walk_in.pk}-pupils" value="20"' in html
    prefix = f"walk-in-{walk_in.pk}"
    seen = walk_in.records.get().pk
    client.post(
        path(session),
        attendance_form() | {f"{prefix}-pupils": "19", f"{prefix}-adults": "1", f"{prefix}-seen": str(seen)},
    )
    assert list(walk_in.records.values_list("pupils_present", flat=True)) == [20, 19]
    other = make_session(starts_in=-HOUR)
    assert client.get(path(other, "walk_in")).status_code == 404
    assert client.post(path(other, "walk_in"), right).status_code == 404


# -- a substitute's link ------------------------------------------------------------------------------------------


def made_link(client: Client, session: Session) -> str:
    html = client.post(path(session, "substitute_links")).content.decode()
    return "/vikar/" + html.split("/vikar/")[1].split("<")[0]


def test_a_link_opens_one_session_reports_it_and_is_kept_as_a_hash(client: Client, facilitator: User) -> None:
    session = make_session(starts_in=-HOUR, facilitators=[facilitator])
    line = make_past_booking(session).lines.get()
    url = made_link(client, session)
    stranger = Client()
    html = page(stranger, url)
    assert (said("A substitute") in html, path(session, "paper_list") in html) == (False, False)
    assert stranger.post(url, attendance_form(line=(line, "20", "1"))).status_code == 302
    record = AttendanceRecord.objects.get()
    assert (record.pupils_present, record.recorded_by, record.recorded_with) == (20, None, SubstituteLink.objects.get())
    token = url.split("/")[2]
    assert token not in str(SubstituteLink.objects.values())
    assert stranger.get("/fremmoede/").status_code == 302
    assert stranger.get(url)["Referrer-Policy"] == "same-origin"


def test_unknown_ended_and_expired_links_look_alike(
    client: Client, facilitator: User, clock: time_machine.Coordinates
) -> None:
    session = make_session(starts_in=-HOUR, facilitators=[facilitator])
    ended, expired = made_link(client, session), made_link(client, make_session(facilitators=[facilitator]))
    stranger = Client()
    assert (stranger.get(ended).status_code, stranger.get(expired).status_code) == (200, 200)
    client.post(path(session, "substitute_links"), {"end": "1"})
    assert (stranger.get(ended).status_code, stranger.get(expired).status_code) == (404, 200)
    clock.shift(40 * DAY)
    urls = (ended, expired, "/vikar/wrong/")
    answers = [stranger.get(url) for url in urls]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    # What was asked for stands in the way to the other language, and nothing else differs.
    asked_for = [url.split("/")[2] for url in urls]
    bodies = {answer.content.decode().replace(token, "") for answer, token in zip(answers, asked_for, strict=True)}
    assert len(bodies) == 1
    events = AuditEvent.objects.filter(action__startswith="attendance.link").order_by("pk")
    assert [event.action.rpartition("_")[2] for event in events] == ["made", "made", "ended"]


def test_nobody_makes_links_for_others_sessions_or_by_looking(client: Client, facilitator: User) -> None:
    other, own = make_session(), make_session(facilitators=[facilitator])
    assert client.post(path(other, "substitute_links")).status_code == 404
    assert client.get(path(own, "substitute_links")).status_code == 405
    assert SubstituteLink.objects.count() == 0
    token = make_link(session=other, actor_id=facilitator.pk)
    assert len(token) == 43


# -- the door -----------------------------------------------------------------------------------------------------


def door(session: Session) -> str:
    return f"/tjek-ind/{session.uuid}/{door_token(session.uuid)}/"


def arrive(client: Client, session: Session, email: str) -> Any:
    return client.post(door(session), {"email": email, "served": served(), "website": "", "administration": ""})


def test_the_answer_at_the_door_is_the_same_for_all(client: Client) -> None:
    session = staff_session(1)
    booked = session.people.get()
    addresses = (booked.email, "gaest@example.dk", booked.email.upper())
    bodies = {arrive(client, session, email).content for email in addresses}
    assert len(bodies) == 1
    assert current(session) == [(booked.name, 1)]
    assert list(WalkIn.objects.values_list("email", flat=True)) == ["gaest@example.dk"]
    for _again in range(2):
        arrive(client, session, "gaest@example.dk")
    assert (WalkIn.objects.count(), AttendanceRecord.objects.count()) == (1, 2)


def test_the_door_is_open_within_the_hours_only_and_looking_checks_nobody_in(
    client: Client, clock: time_machine.Coordinates
) -> None:
    session = staff_session(1)
    booked = session.people.get()
    page(client, door(session) + f"?email={booked.email}")
    for moment in (session.starts_at - dt.timedelta(seconds=1), session.ends_at + dt.timedelta(seconds=1)):
        clock.move_to(moment)
        arrive(client, session, booked.email)
    assert AttendanceRecord.objects.count() == 0
    clock.move_to(session.ends_at)
    arrive(client, session, booked.email)
    assert AttendanceRecord.objects.count() == 1


def test_what_the_facilitator_said_stands() -> None:
    session = staff_session(1)
    person = session.people.get()
    report_attendance(
        session_id=session.pk, reports=[PersonReport(person.pk, False)], client_key=uuid.uuid4(), actor_id=None
    )
    assert check_in(session_id=session.pk, email=person.email)
    assert current(session) == [(person.name, 0)]


def test_a_poster_has_all_256_bits() -> None:
    assert len(base64.urlsafe_b64decode(door_token(uuid.uuid4()) + "=")) * 8 == 256


def test_wrong_posters_and_classes_have_no_door(client: Client) -> None:
    session, other = staff_session(), make_session(starts_in=-HOUR)
    assert client.get(door(session)).status_code == 200
    for url in (door(session)[:-2] + "x/", f"/tjek-ind/{uuid.uuid4()}/abc/", door(other)):
        assert client.get(url).status_code == 404


def test_the_door_is_limited_by_address(client: Client) -> None:
    session = staff_session()
    answers = [arrive(client, session, "gaest@example.dk").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_the_poster_is_the_facilitators_and_names_nobody(client: Client, facilitator: User) -> None:
    session, other = staff_session(1, facilitators=[facilitator]), staff_session()
    html = page(client, path(session, "poster"))
    assert (door(session) in html, "<svg" in html, session.people.get().name in html) == (True, True, False)
    assert client.get(path(other, "poster")).status_code == 404


# -- reminders, feeds, retention ------------------------------------------------------------------------------------


def asked() -> list[int]:
    messages = Message.objects.filter(kind="bookings.attendance_missing").order_by("pk")
    return list(messages.values_list("version", flat=True))


def test_facilitators_are_asked_three_times_each_once(clock: time_machine.Coordinates, facilitator: User) -> None:
    session = make_session(starts_in=-HOUR, facilitators=[facilitator])
    make_past_booking(session)
    seen = []
    for after in (HOUR - dt.timedelta(seconds=1), HOUR, DAY, 2 * DAY, 4 * DAY, 5 * DAY, 9 * DAY):
        clock.move_to(session.ends_at + after)
        ask_for_attendance(now=timezone.now())
        ask_for_attendance(now=timezone.now())
        seen.append((len(asked()), long_unreported(timezone.now()).count()))
    assert seen == [(0, 0), (1, 0), (1, 0), (2, 0), (2, 0), (3, 1), (3, 1)]
    assert asked() == [1, 2, 3]


def test_after_an_outage_only_the_last_is_sent_and_reported_ones_are_not_asked_for(
    clock: time_machine.Coordinates, facilitator: User
) -> None:
    session, done = (make_session(starts_in=-HOUR, facilitators=[facilitator]) for _ in range(2))
    make_past_booking(session)
    report_line(make_past_booking(done, label="7.C").lines.get(), 20)
    clock.move_to(session.ends_at + 3 * DAY)
    ask_for_attendance(now=timezone.now())
    assert asked() == [2]


def test_the_own_feed_has_own_sessions(client: Client, facilitator: User) -> None:
    session = make_session(facilitators=[facilitator])
    other = make_session()
    token = begin_feed(owner=OfUser(facilitator.pk))
    content = client.get(f"/min-kalender/{token}/vaern.ics").content.decode()
    assert (str(session.uuid) in content, str(other.uuid) in content) == (True, False)
    client.post("/mine-bookinger/abonner/", {"end": "1"})
    assert client.get(f"/min-kalender/{token}/vaern.ics").status_code == 404


def test_addresses_left_at_the_door_are_forgotten_and_the_count_stays(clock: time_machine.Coordinates) -> None:
    session = staff_session()
    check_in(session_id=session.pk, email="gaest@example.dk")
    clock.move_to(session.ends_at + 366 * DAY)
    assert forget_contacts(now=timezone.now()).people == 1
    assert list(WalkIn.objects.values_list("email", "records__persons_present")) == [("", 1)]
