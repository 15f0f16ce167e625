"""The link can be had again; whoever asks learns nothing of others."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bookings.links import link_to
from bookings.models import Booking
from tests.factories.bookings import make_booking, make_session
from tests.factories.forms import served
from tests.factories.texts import page
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")
URL = "/find-min-booking/"


def ask(client: Client, email: str, reference: str = "") -> str:
    answer = client.post(URL, {"email": email, "reference": reference, "served": served(), "website": ""})
    assert answer.status_code == 200
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())


def test_the_new_link_works_and_the_old_one_is_dead(client: Client) -> None:
    booking = make_booking(make_session())
    old = link_to(booking)
    ask(client, "AASE@example.dk")
    new = link_to(Booking.objects.get())
    assert old != new
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)


def test_known_and_unknown_addresses_are_answered_alike(client: Client) -> None:
    make_booking(make_session())
    Message.objects.all().delete()
    assert ask(client, "aase@example.dk") == ask(client, "ukendt@example.dk")
    assert sorted(Message.objects.values_list("kind", "recipient")) == [
        ("bookings.links", "aase@example.dk"),
        ("bookings.links", "ukendt@example.dk"),
    ]


def test_the_mail_has_the_new_link_and_the_other_has_none(client: Client, mailoutbox: list[object]) -> None:
    make_booking(make_session())
    Message.objects.all().delete()
    ask(client, "aase@example.dk")
    ask(client, "ukendt@example.dk")
    while send_next():
        pass
    bodies = {mail.to[0]: mail.body for mail in mailoutbox}  # type: ignore[attr-defined]
    link = link_to(Booking.objects.get())
    assert (link in bodies["aase@example.dk"], "/min-booking/" in bodies["ukendt@example.dk"]) == (True, False)


def test_looking_at_the_page_sends_nothing(client: Client) -> None:
    page(client, URL)
    assert Message.objects.count() == 0


def test_too_many_for_one_address_are_turned_away(client: Client) -> None:
    for _ in range(3):
        ask(client, "aase@example.dk")
    answer = client.post(URL, {"email": "aase@example.dk", "reference": "", "served": served(), "website": ""})
    assert answer.status_code == 429
    assert Message.objects.count() == 3
