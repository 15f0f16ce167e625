"""Many at once, over HTTP, against gunicorn's processes (domain.md I1, I3, I4, I9)."""

from __future__ import annotations

import datetime as dt
import http.client
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from bookings.links import link_to
from bookings.models import AttendanceRecord, Booking, Session
from bookings.rules import Refusal, State
from bookings.texts import sentence
from tests.concurrency.visitors import Answer, Visitor, at_once, class_fields
from tests.factories.bookings import make_booking, make_past_booking, make_session
from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.people.models import Organisation

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]
Address = tuple[str, int]


def booking_path(session: Session) -> str:
    return reverse("bookings:book", kwargs={"session": session.uuid})


def book_all(server: Address, session: Session, forms: list[dict[str, str]]) -> list[Answer]:
    """Everybody opens the form, with cookies, token and key of their own; then all send at once."""
    path = booking_path(session)
    visitors = [Visitor(server) for _ in forms]
    with ThreadPoolExecutor(4) as pool:
        hidden = list(pool.map(lambda visitor: visitor.form(path), visitors))
    attempts = [
        partial(visitor.post, path, theirs | fields)
        for visitor, theirs, fields in zip(visitors, hidden, forms, strict=True)
    ]
    began = time.monotonic()
    answers = at_once(attempts)
    print(f"{len(forms)} bookings at once: {time.monotonic() - began:.2f} s")
    return answers


def assert_seats_add_up(session: Session) -> None:
    """I1: what is taken is what the bookings hold, and within the capacity."""
    session.refresh_from_db()
    held = session.bookings.holding_seats().aggregate(total=Sum("seats"))["total"] or 0
    assert session.seats_taken == held
    assert session.capacity is None or session.seats_taken <= session.capacity


@pytest.mark.parametrize(("unit", "capacity", "pupils"), [(Session.Unit.PEOPLE, 28, 1), (Session.Unit.GROUPS, 11, 24)])
def test_fifty_at_once_for_the_last_ten_places(server: Address, unit: str, capacity: int, pupils: int) -> None:
    school = make_school()
    session = make_session(capacity=capacity, capacity_unit=unit)
    make_booking(session, school=school, pupils=18)
    forms = [
        class_fields(school, f"7.{number}", pupils=pupils, email=f"teacher{number}@example.dk") for number in range(50)
    ]

    answers = book_all(server, session, forms)

    assert Counter(answer.status for answer in answers) == {302: 10, 200: 40}
    full = sentence(Refusal.FULL)
    assert [answer.status for answer in answers if answer.status == 200 and full not in answer.text] == []
    assert len({answer.location for answer in answers if answer.status == 302}) == 10
    assert Booking.objects.filter(state=State.CONFIRMED).count() == 11
    assert Message.objects.count() == AuditEvent.objects.count() == 11
    assert_seats_add_up(session)
    assert session.seats_taken == capacity


def test_the_same_form_twenty_times_at_once_is_one_booking(server: Address) -> None:
    school = make_school()
    session = make_session()
    visitor, path = Visitor(server), booking_path(session)
    fields = visitor.form(path) | class_fields(school, "7.B")

    answers = at_once([partial(visitor.post, path, fields)] * 20)

    booking = Booking.objects.get()
    assert {(answer.status, answer.location) for answer in answers} == {(302, link_to(booking))}
    assert (Message.objects.count(), AuditEvent.objects.count()) == (1, 1)
    assert_seats_add_up(session)


def test_the_same_class_eight_times_at_once_is_booked_once(server: Address) -> None:
    school = make_school()
    session = make_session(capacity=None)
    spellings = ["7.B", " 7 b", "7B", "7-b"] * 2
    forms = [class_fields(school, label, email=f"teacher{number}@example.dk") for number, label in enumerate(spellings)]

    answers = book_all(server, session, forms)

    assert Counter(answer.status for answer in answers) == {302: 1, 200: 7}
    for answer, label in zip(answers, spellings, strict=True):
        if answer.status == 200:
            assert sentence(Refusal.ALREADY_BOOKED, label=label.strip()) in answer.text
    assert Booking.objects.count() == 1
    assert_seats_add_up(session)


def test_cancelling_and_booking_at_once_keep_the_sum(server: Address) -> None:
    school = make_school()
    session = make_session(capacity=20)
    held = [make_booking(session, school=school, label=f"7.{letter}", pupils=4) for letter in "ABCDE"]
    path = booking_path(session)
    # Room for a moment, so that the newcomers have the form open when the session is full.
    Session.objects.filter(pk=session.pk).update(capacity=24)
    newcomers = [Visitor(server) for _ in range(12)]
    attempts = [
        partial(visitor.post, path, visitor.form(path) | class_fields(school, f"8.{number}", pupils=4))
        for number, visitor in enumerate(newcomers)
    ]
    Session.objects.filter(pk=session.pk).update(capacity=20)
    for booking in held:
        visitor, own = Visitor(server), link_to(booking)
        attempts.append(partial(visitor.post, f"{own}afbestil/", visitor.form(f"{own}afbestil/")))

    answers = at_once(attempts)

    assert {answer.status for answer in answers} <= {200, 302}
    assert [answer.status for answer in answers[12:]] == [302] * 5
    booked = sum(answer.status == 302 for answer in answers[:12])
    assert Booking.objects.filter(state=State.CANCELLED).count() == 5
    assert Booking.objects.filter(state=State.CONFIRMED).count() == booked <= 5
    assert_seats_add_up(session)


def attendance_form(server: Address, session: Session) -> tuple[Visitor, str, dict[str, str]]:
    """A signed-in facilitator with the attendance form of a session open."""
    facilitator = make_user("facilitator")
    session.facilitators.add(facilitator)
    client = Client()
    client.force_login(facilitator)
    visitor = Visitor(server, session_key=client.cookies["sessionid"].value)
    path = reverse("bookings:attendance", kwargs={"session": session.uuid})
    return visitor, path, visitor.form(path)


def past_session(school: Organisation, labels: str) -> tuple[Session, list[int]]:
    session = make_session(starts_in=-dt.timedelta(hours=2), capacity=100)
    bookings = [make_past_booking(session, school=school, label=f"7.{letter}") for letter in labels]
    return session, [booking.lines.get().pk for booking in bookings]


def test_attendance_sent_twenty_times_at_once_is_recorded_once(server: Address) -> None:
    session, lines = past_session(make_school(), "AB")
    visitor, path, fields = attendance_form(server, session)
    for line in lines:
        fields |= {f"line-{line}-pupils": "22", f"line-{line}-adults": "2", f"line-{line}-reason": ""}

    answers = at_once([partial(visitor.post, path, fields)] * 20)

    assert {(answer.status, answer.location) for answer in answers} == {(302, path)}
    assert AttendanceRecord.objects.count() == 2
    assert set(AttendanceRecord.objects.values_list("line_id", "pupils_present")) == {(line, 22) for line in lines}
    assert AuditEvent.objects.filter(action="attendance.reported").count() == 1


def test_of_two_different_reports_at_once_one_is_kept_and_the_other_is_asked_about(server: Address) -> None:
    session, [line] = past_session(make_school(), "A")
    visitor, path, fields = attendance_form(server, session)
    other = visitor.form(path)
    key = f"line-{line}"

    answers = at_once(
        [
            partial(visitor.post, path, form | {f"{key}-pupils": pupils, f"{key}-adults": "2", f"{key}-reason": ""})
            for form, pupils in ((fields, "20"), (other, "21"))
        ]
    )

    assert sorted(answer.status for answer in answers) == [200, 302]
    kept = AttendanceRecord.objects.get()
    winner = next(index for index, answer in enumerate(answers) if answer.status == 302)
    assert (kept.supersedes_id, kept.pupils_present) == (None, (20, 21)[winner])


@pytest.mark.parametrize("megabytes", [3, 10])
def test_who_sends_far_too_much_is_told_so_and_not_cut_off(server: Address, megabytes: int) -> None:
    session = make_session()
    connection = http.client.HTTPConnection(*server, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "csrftoken=" + "a" * 32}
    connection.request("POST", booking_path(session), b"name=" + b"x" * (megabytes * 1_000_000), headers)
    answer = connection.getresponse()
    found = answer.status, b"</html>" in answer.read()
    connection.close()
    assert found == (413, True)
