"""What is done to several rows at once: all or none where it is one decision, row by row where it is many."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from bookings.admin import words
from bookings.domain.attendance import LineReport, report_attendance
from bookings.models import Booking, Session, VisitRequest
from bookings.rules import State
from tests.bookings.test_visits import ask
from tests.factories.bookings import contact, make_booking, make_parents, make_past_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from tests.workspace.conftest import client_of
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.outbox.relay import written
from vaern.people.models import User

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY = dt.timedelta(days=1)


def url(of_list: str, action: str) -> str:
    return reverse("workspace_bulk", args=[of_list, action])


def do(client: Client, of_list: str, action: str, *rows: Any, **data: Any) -> Any:
    return client.post(url(of_list, action), {"id": [row.pk for row in rows], **data})


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def states(*rows: Booking) -> list[str]:
    return [Booking.objects.get(pk=row.pk).state for row in rows]


PAGES = [
    ("sessions", "assign"),
    ("sessions", "message"),
    ("sessions", "cancel"),
    ("bookings", "approve"),
    ("bookings", "message"),
    ("bookings", "cancel"),
    ("visits", "message"),
    ("visits", "decline"),
    ("organisations", "message"),
]


@pytest.mark.parametrize("role", ["editor", "approver", "administrator", "administration-coordinator"])
@pytest.mark.parametrize(("of_list", "action"), PAGES)
def test_none_but_coordinators_do_things_to_rows(role: str, of_list: str, action: str) -> None:
    client, session = client_of(make_user(role)), make_session()
    for response in (client.get(url(of_list, action), {"id": session.pk}), do(client, of_list, action, session)):
        assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


@pytest.mark.parametrize(("of_list", "action"), PAGES)
def test_nothing_chosen_leads_back_with_the_filters(desk: Client, of_list: str, action: str) -> None:
    response = desk.get(url(of_list, action), {"back": "q=a&p=2"})
    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/{of_list}/?q=a")


@pytest.mark.parametrize("address", ["/admin/bulk-work/nonsense/cancel/", "/admin/bulk-work/bookings/nonsense/"])
def test_there_are_no_other_actions(desk: Client, address: str) -> None:
    assert desk.get(address, {"id": 1}).status_code == 404


@pytest.mark.parametrize("value", ["x", "-1", "1; drop", "9" * 30, "²"])
def test_ids_are_numbers(desk: Client, value: str) -> None:
    assert desk.get(url("bookings", "cancel"), {"id": value}).status_code == 404


def test_looking_changes_nothing(desk: Client) -> None:
    booking = make_booking(make_session())
    before = AuditEvent.objects.count()
    for of_list, action in PAGES[3:6]:
        assert desk.get(url(of_list, action), {"id": booking.pk}).status_code == 200
    assert (states(booking), AuditEvent.objects.count()) == ([State.CONFIRMED], before)


# -- approving --------------------------------------------------------------------------------------------


def test_approving_is_all_or_none(desk: Client) -> None:
    session = make_session(approval_needed=True, capacity=30, waiting_rule="strict")
    first = make_booking(session, pupils=20, label="7.A")
    second = make_booking(session, pupils=20, label="7.B", contact=contact(2))
    response = do(desk, "bookings", "approve", first, second)
    assert response.status_code == 200
    [error] = response.context["form"].non_field_errors()
    assert error.startswith(f"{second.reference}: ")
    assert states(first, second) == [State.REQUESTED, State.REQUESTED]
    response = do(desk, "bookings", "approve", first, second, wait="on")
    assert response.status_code == 302
    assert states(first, second) == [State.CONFIRMED, State.WAITLISTED]


# -- cancelling -------------------------------------------------------------------------------------------


def test_cancelling_names_those_that_could_not_be(desk: Client, coordinator: User) -> None:
    coming, past = make_booking(make_session()), make_past_booking(make_session(starts_in=-3 * DAY))
    line = past.lines.get()
    report_attendance(
        session_id=past.session_id,
        reports=[LineReport(line.pk, True, 20, 1)],
        client_key=past.uuid,
        actor_id=coordinator.pk,
    )
    response = do(desk, "bookings", "cancel", coming, past, reason="Lokalet er lukket")
    assert response.status_code == 200
    report = response.context["report"]
    assert [name.split(":")[0] for name in report.done] == [coming.reference]
    assert [name.split(":")[0] for name, _why in report.refused] == [past.reference]
    assert states(coming, past) == [State.CANCELLED, State.CONFIRMED]
    assert AuditEvent.objects.filter(action="booking.cancelled", actor=coordinator).count() == 1


@pytest.mark.parametrize(("of_list", "action"), [("bookings", "cancel"), ("sessions", "cancel"), ("visits", "decline")])
def test_calling_off_needs_a_reason_without_a_number(desk: Client, of_list: str, action: str) -> None:
    session = make_session()
    rows = {"bookings": make_booking(session), "sessions": session, "visits": ask()}
    for reason in ("", "Kalder 010190-1234"):
        response = do(desk, of_list, action, rows[of_list], reason=reason)
        assert list(response.context["form"].errors) == ["reason"]
    assert Booking.objects.get().state == State.CONFIRMED
    assert Session.objects.get().status == Session.Status.PLANNED
    assert VisitRequest.objects.get().state == VisitRequest.State.OPEN


def test_visits_are_declined_with_the_reason(desk: Client, coordinator: User) -> None:
    one, two = ask(), ask()
    assert do(desk, "visits", "decline", one, two, reason="Vi har ingen tider").status_code == 302
    assert set(VisitRequest.objects.values_list("state", flat=True)) == {VisitRequest.State.DECLINED}
    assert AuditEvent.objects.filter(action="visit.declined", actor=coordinator).count() == 2


def test_sessions_are_cancelled_with_their_bookings(desk: Client) -> None:
    one, two = make_session(), make_session()
    booking = make_booking(one)
    page = desk.get(url("sessions", "cancel"), {"id": [one.pk, two.pk]}).content.decode()
    assert "1 booking ophører" in page
    response = do(desk, "sessions", "cancel", one, two, reason="Sygdom i huset", back="need=waiting")
    assert response.headers["Location"] == "/admin/sessions/?need=waiting"
    assert set(Session.objects.values_list("status", flat=True)) == {"cancelled"}
    assert states(booking) == [State.CANCELLED]


# -- facilitators -----------------------------------------------------------------------------------------


def test_facilitators_are_added_or_put_in_place_of_others(desk: Client, coordinator: User) -> None:
    old, new = make_user("facilitator"), make_user("facilitator")
    one, two = make_session(facilitators=[old]), make_session()
    do(desk, "sessions", "assign", one, two, people=[new.pk])
    assert [set(row.facilitators.all()) for row in (one, two)] == [{old, new}, {new}]
    do(desk, "sessions", "assign", one, two, people=[new.pk], replace="on")
    assert [set(row.facilitators.all()) for row in (one, two)] == [{new}, {new}]
    # The second time two had it already: nothing is written, and nobody is told again.
    assert AuditEvent.objects.filter(action="session.changed", actor=coordinator).count() == 3
    assert Message.objects.filter(recipient=new.email, kind="bookings.facilitator_new").count() == 2


def test_a_cancelled_session_is_named(desk: Client) -> None:
    person, gone, one = make_user("facilitator"), make_session(status="cancelled"), make_session()
    response = do(desk, "sessions", "assign", gone, one, people=[person.pk])
    assert (len(response.context["report"].done), len(response.context["report"].refused)) == (1, 1)
    assert list(one.facilitators.all()) == [person]


def test_only_facilitators_can_be_chosen(desk: Client) -> None:
    response = do(desk, "sessions", "assign", make_session(), people=[make_user("editor").pk])
    assert list(response.context["form"].errors) == ["people"]


# -- messages ---------------------------------------------------------------------------------------------

NOTE = {"subject": "Nyt lokale", "text": "Vi mødes i lokale 3.\n\nHusk {name} og <b>tid</b>."}


def key_of(page: Any) -> str:
    [found] = re.findall(r'name="key" value="([0-9a-f-]{36})"', page.content.decode())
    return str(found)


def test_a_message_is_seen_before_it_is_sent_and_sent_once(desk: Client, coordinator: User) -> None:
    session = make_session()
    first = make_booking(session, label="7.A", pupils=10)
    second = make_booking(session, label="7.B", pupils=10, contact=contact(2))
    Message.objects.all().delete()
    page = desk.get(url("bookings", "message"), {"id": [first.pk, second.pk]})
    data = {**NOTE, "key": key_of(page)}
    seen = do(desk, "bookings", "message", first, second, **data)
    assert (seen.context["count"], Message.objects.count()) == (2, 0)
    assert "Vi mødes i lokale 3.\n\nHusk {name} og <b>tid</b>." in seen.context["preview"].body
    assert "&lt;b&gt;tid&lt;/b&gt;" in seen.content.decode()
    for _again in range(3):
        sent = do(desk, "bookings", "message", first, second, **data, send="1")
        assert sent.status_code == 302
    assert sorted(Message.objects.values_list("kind", "recipient")) == [
        ("workspace.note", "aase@example.dk"),
        ("workspace.note", "person2@example.dk"),
    ]
    events = AuditEvent.objects.filter(action="note.sent")
    assert {(event.subject_key, event.actor_id, event.facts["recipients"]) for event in events} == {
        (str(first.uuid), coordinator.pk, 1),
        (str(second.uuid), coordinator.pk, 1),
    }
    mail = written(Message.objects.order_by("pk")[0])
    assert (mail.subject, "Hej Åse Ødegård" in mail.body, first.reference in mail.body) == ("Nyt lokale", True, True)


def test_a_session_is_written_to_those_with_a_place_and_to_those_who_wait_when_asked(desk: Client) -> None:
    workshop = make_workshop(audience="parents")
    session = make_session(workshop=workshop, capacity=2, waiting_rule="strict")
    for number in (1, 2):
        make_parents(session, number)
    make_parents(session, 3, wait=True)
    page = desk.get(url("sessions", "message"), {"id": session.pk})
    data = {**NOTE, "key": key_of(page)}
    assert do(desk, "sessions", "message", session, **data).context["count"] == 2
    assert do(desk, "sessions", "message", session, **data, waiting="on").context["count"] == 3


def test_a_message_that_meets_a_lock_is_kept(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server writes at the same moment: tried three times, then said, and what was written stays."""
    booking = make_booking(make_session())
    Message.objects.all().delete()
    tries: list[int] = []

    def locked(**fields: Any) -> Any:
        tries.append(1)
        raise OperationalError("database is locked")

    monkeypatch.setattr("vaern.workspace.domain.notes.enqueue", locked)
    monkeypatch.setattr("bookings.domain.locking.time.sleep", lambda seconds: None)
    data = {**NOTE, "key": "5f0c9a52-6f2e-4d4b-8f0e-0a6a3f1d2b11", "send": "1"}
    response = do(desk, "bookings", "message", booking, **data)
    assert (response.status_code, response.context["form"].non_field_errors()) == (200, [words.busy()])
    assert response.context["form"]["text"].value() == NOTE["text"]
    assert (len(tries), Message.objects.count()) == (3, 0)
    monkeypatch.undo()
    assert do(desk, "bookings", "message", booking, **data).status_code == 302  # its key was not used up
    assert Message.objects.filter(kind="workspace.note").count() == 1


def test_nobody_to_write_to_is_said(desk: Client) -> None:
    session = make_session()
    data = {**NOTE, "key": "5f0c9a52-6f2e-4d4b-8f0e-0a6a3f1d2b11", "send": "1"}
    response = do(desk, "sessions", "message", session, **data)
    assert len(response.context["form"].non_field_errors()) == 1
    assert (Message.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "to\nlinjer"}, "subject"),
        ({"text": ""}, "text"),
        ({"text": "Ring til 010190-1234"}, "text"),
        ({"text": "skjult\x00tegn"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"key": "x"}, "key"),
    ],
)
def test_a_message_with_a_mistake_is_not_sent(desk: Client, changes: dict[str, str], field: str) -> None:
    booking = make_booking(make_session())
    before = Message.objects.count()
    data = {**NOTE, "key": "5f0c9a52-6f2e-4d4b-8f0e-0a6a3f1d2b11", "send": "1", **changes}
    response = do(desk, "bookings", "message", booking, **data)
    assert list(response.context["form"].errors) == [field]
    assert Message.objects.count() == before


def test_schools_are_written_to_about_what_is_to_come(desk: Client) -> None:
    school = make_school()
    make_booking(make_session(), school=school)
    make_past_booking(make_session(starts_in=-3 * DAY), school=school, contact=contact(2))
    data = {**NOTE, "key": "5f0c9a52-6f2e-4d4b-8f0e-0a6a3f1d2b11"}
    seen = do(desk, "organisations", "message", school, **data)
    assert (seen.context["count"], seen.context["first"].address) == (1, "aase@example.dk")
