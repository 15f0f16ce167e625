"""Asking for the link again: the old one dies, and nobody learns whether an address has a booking."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.domain.booking import cancel
from bookings.domain.relink import resend_link
from bookings.links import booking_for, link_to, token_of
from tests.factories.bookings import make_booking, make_session
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")


def sent() -> list[mail.EmailMessage]:
    mail.outbox.clear()
    while send_next():
        pass
    return list(mail.outbox)


def test_the_old_link_dies_and_the_new_one_opens(client: Client) -> None:
    booking = make_booking(make_session())
    old = link_to(booking)
    sent()
    resend_link(email=" Aase@Example.dk ")
    booking.refresh_from_db()
    new = link_to(booking)
    assert old != new
    assert booking_for(token_of(booking.uuid)) is None
    assert [client.get(path).status_code for path in (old, new)] == [404, 200]
    (message,) = sent()
    assert message.to == ["aase@example.dk"]
    assert new in message.body
    assert (new in message.subject, old in message.body) == (False, False)


def test_a_message_that_waits_gets_the_new_link() -> None:
    booking = make_booking(make_session())
    resend_link(email="aase@example.dk")
    booking.refresh_from_db()
    confirmation, links = sent()
    assert link_to(booking) in confirmation.body
    assert link_to(booking) in links.body


def test_with_a_reference_only_that_booking() -> None:
    one, two = make_booking(make_session()), make_booking(make_session())
    before = link_to(two)
    resend_link(email="aase@example.dk", reference=one.reference.lower())
    two.refresh_from_db()
    assert link_to(two) == before
    assert Message.objects.get(kind="bookings.links").context == {"bookings": [str(one.uuid)]}


def test_ended_and_long_past_bookings_get_none(clock: object) -> None:
    booking = make_booking(make_session())
    cancel(booking_id=booking.pk)
    resend_link(email="aase@example.dk")
    assert Message.objects.get(kind="bookings.links").context == {"bookings": []}


def test_known_and_unknown_look_alike() -> None:
    make_booking(make_session())
    sent()
    seen = []
    for address in ("aase@example.dk", "eve@example.dk"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert resend_link(email=address) is None  # type: ignore[func-returns-value]
        seen.append([query["sql"].split()[0] for query in queries])
    assert seen[0] == seen[1]
    subjects = {message.to[0]: message.subject for message in sent()}
    assert subjects == {"aase@example.dk": "Linket til din booking", "eve@example.dk": "Linket til din booking"}
    assert "eve@" not in str(list(AuditEvent.objects.values()))


def test_the_mail_to_an_unknown_address_has_no_link() -> None:
    resend_link(email="eve@example.dk", language="en")
    (message,) = sent()
    assert "/booking/" not in message.body
    assert message.body.startswith("Hello\n")


def test_an_evaluation_link_can_be_had_after_the_day(clock: object) -> None:
    booking = make_booking(make_session(starts_in=dt.timedelta(days=1)))
    clock.shift(dt.timedelta(days=20))  # type: ignore[attr-defined]
    resend_link(email="aase@example.dk")
    booking.refresh_from_db()
    assert booking.link_number == 1
