"""The lock is not to be had: the answer is 409, and what was written is kept (domain.md I9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from bookings.links import link_to
from bookings.models import AttendanceRecord, Booking, Session
from bookings.rules import State
from bookings.views.booking import BUSY
from tests.concurrency.visitors import class_fields
from tests.factories.bookings import make_booking, make_past_booking, make_session
from tests.factories.people import make_school, make_user
from vaern.outbox.models import Message

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site", "short_patience"),
]


@pytest.fixture
def short_patience(transactional_db: None) -> Iterator[None]:
    """Wait 50 ms for the lock in place of seconds."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SET lock_timeout = '50ms'")
            yield
            cursor.execute("RESET lock_timeout")
            return
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 50")
        yield
        cursor.execute(f"PRAGMA busy_timeout = {usual}")


@contextmanager
def held_by_another(session: Session) -> Iterator[None]:
    """Another connection has the session's row (SQLite: the database's one write lock) and does not let go."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            else:
                cursor.execute("BEGIN")
                cursor.execute("SELECT id FROM bookings_session WHERE id = %s FOR UPDATE", [session.pk])
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def test_booking_answers_409_with_the_form_kept_and_succeeds_afterwards(client: Client) -> None:
    school = make_school()
    session = make_session()
    path = reverse("bookings:book", kwargs={"session": session.uuid})
    page = client.get(path)
    fields = {
        "key": str(page.context["form"].initial["key"]),
        "served": page.context["form"].initial["served"],
        "groups-TOTAL_FORMS": "1",
        "groups-INITIAL_FORMS": "1",
        **class_fields(school, "7.B", pupils=23),
        "groups-0-needs": "step_free",
    }
    with held_by_another(session):
        answer = client.post(path, fields)

    assert answer.status_code == 409
    assert str(BUSY) in answer.content.decode()
    form, [group] = answer.context["form"], answer.context["order"].rows
    kept = {name: str(form[name].value()) for name in form.fields if name in fields}
    kept |= {f"groups-0-{name}": str(group[name].value()) for name in group.fields if name != "needs"}
    assert kept == {name: value for name, value in fields.items() if name in kept}
    assert group["needs"].value() == ["step_free"]
    assert f'value="{fields["key"]}"' in answer.content.decode()
    assert (Booking.objects.count(), Message.objects.count()) == (0, 0)

    assert client.post(path, fields).status_code == 302
    assert Booking.objects.count() == 1


def test_cancelling_answers_409_and_the_booking_stands(client: Client) -> None:
    session = make_session()
    booking = make_booking(session)
    with held_by_another(session):
        answer = client.post(f"{link_to(booking)}afbestil/")
    assert answer.status_code == 409
    assert str(BUSY) in answer.content.decode()
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED


def test_attendance_answers_409_with_the_numbers_kept(client: Client) -> None:
    facilitator = make_user("facilitator")
    session = make_session(starts_in=-dt.timedelta(hours=2), facilitators=[facilitator])
    line = make_past_booking(session).lines.get()
    client.force_login(facilitator)
    path = reverse("bookings:attendance", kwargs={"session": session.uuid})
    fields = {
        "key": str(client.get(path).context["key_form"].initial["key"]),
        f"line-{line.pk}-pupils": "22",
        f"line-{line.pk}-adults": "1",
        f"line-{line.pk}-reason": "",
    }
    with held_by_another(session):
        answer = client.post(path, fields)
    assert answer.status_code == 409
    [form] = answer.context["line_forms"]
    assert (form["pupils"].value(), form["adults"].value()) == ("22", "1")
    assert AttendanceRecord.objects.count() == 0
    assert client.post(path, fields).status_code == 302
    assert AttendanceRecord.objects.get().pupils_present == 22
