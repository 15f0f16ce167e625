"""The real thing: bytes over SMTP to a server of our own, and a transaction that is really rolled back."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from icalendar import Calendar

from tests.factories.bookings import make_booking, make_session
from vaern.outbox.domain import enqueue
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next


class Inbox:
    """What a mail server was given; `refuse` makes it answer 451 first."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.refuse = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            self.refuse -= 1
            return "451 4.3.0 Try again later"
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"

    @property
    def parsed(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for _, _, raw in self.mails]  # type: ignore[misc]


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    """A mail server on a free port, which the settings name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = Inbox()
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield found
    controller.stop()


@pytest.mark.usefixtures("site")
def test_a_booking_arrives_whole(inbox: Inbox) -> None:
    booking = make_booking(make_session(place="Nørre Allé"))
    message = Message.objects.get()
    assert send_next()
    ((sender, recipients, raw),) = inbox.mails
    (mail,) = inbox.parsed
    assert (sender, recipients) == ("vaern@example.dk", ["aase@example.dk"])
    assert mail["Message-ID"] == f"<{message.uuid}@testserver>"
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert (mail["From"].addresses[0].display_name, mail["To"]) == ("Værn", "aase@example.dk")
    body = mail.get_body(("plain",))
    assert body
    assert "Åse Ødegård" in body.get_content()
    (part,) = mail.iter_attachments()
    name = part.get_filename()
    assert name
    assert name.isascii()
    assert part["Content-Type"].params["method"] == "REQUEST"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    (event,) = Calendar.from_ical(content).events
    assert (str(event["LOCATION"]), event["UID"]) == ("Nørre Allé", f"{booking.uuid}@testserver")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.usefixtures("site")
def test_an_address_with_a_danish_domain_is_delivered(inbox: Inbox) -> None:
    enqueue(kind="people.unknown_account", recipient="aase@skåne.example", language="da", context={})
    assert send_next()
    assert [recipients for _, recipients, _ in inbox.mails] == [["aase@xn--skne-roa.example"]]


@pytest.mark.usefixtures("site")
def test_a_server_that_says_later_gets_it_later(inbox: Inbox, clock: Any) -> None:
    inbox.refuse = 1
    enqueue(kind="people.unknown_account", recipient="aase@example.dk", language="da", context={})
    assert send_next()
    assert (inbox.mails, Message.objects.get().state) == ([], "pending")
    clock.shift(5)
    assert send_next()
    assert (len(inbox.mails), Message.objects.get().state) == (1, "sent")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_rolled_back_is_never_sent() -> None:
    """The one test here with real transactions: a message leaves if, and only if, its change is committed."""

    def change(*, fails: bool) -> None:
        with transaction.atomic():
            enqueue(kind="people.unknown_account", recipient="aase@example.dk", language="da", context={})
            if fails:
                raise RuntimeError

    with pytest.raises(RuntimeError):
        change(fails=True)
    assert (Message.objects.count(), send_next()) == (0, False)
    change(fails=False)
    assert (Message.objects.count(), send_next()) == (1, True)
