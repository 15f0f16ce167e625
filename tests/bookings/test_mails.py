"""The messages about a booking, as the bytes that leave the house."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from bookings.domain.booking import Contact, cancel
from bookings.domain.session import cancel_session, change_session
from bookings.links import link_to, token_of
from bookings.models import Booking
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.texts import said
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")

BOTH = Contact(
    name="Åse Ødegård", email="aase@example.dk", responsible_name="Bo Bæk", responsible_email="bo@example.dk"
)


def sent() -> list[EmailMessage]:
    """Everything that leaves now, as a mail program would read it."""
    mail.outbox.clear()
    while send_next():
        pass
    raw = [message.message().as_bytes() for message in mail.outbox]
    return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]  # type: ignore[misc]


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part
    return str(part.get_content())


def invite(message: EmailMessage) -> tuple[Any, bytes]:
    (part,) = message.iter_attachments()
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return part, content


def booked(**fields: Any) -> Booking:
    workshop = make_workshop("Kilder på nettet", prepare="Læs teksten.")
    return make_booking(make_session(workshop=workshop, place="Rådhuset"), contact=BOTH, **fields)


@pytest.mark.parametrize(
    ("language", "when"),
    [("da", "mandag 7. december 2026, kl. 9.00–10.30"), ("en", "Monday 7 December 2026, 9:00–10:30")],
)
def test_the_confirmation_says_all_a_teacher_needs(language: str, when: str) -> None:
    booking = booked(language=language)
    message, _other = sent()
    text = body(message)
    assert message["Subject"] == said("Booked: {workshop}", language).format(workshop="Kilder på nettet")
    assert message["To"] == "aase@example.dk"
    assert message["Content-Language"] == language
    lines = text.splitlines()
    assert lines[0] == said("Hello {name}", language).format(name="Åse Ødegård")
    for line in (
        said("It is booked. The date is attached for your calendar.", language),
        "Kilder på nettet",
        when,
        "Rådhuset",
        f"{said('School', language)}: Eksempelskolen",
        f"{said('Reference', language)}: {booking.reference}",
        "Læs teksten.",
    ):
        assert lines.count(line) == 1
    own = "/en/my-booking" if language == "en" else "/min-booking"
    assert lines.count(f"http://testserver{own}/{token_of(booking.uuid)}/") == 1


def test_the_adult_in_charge_gets_everything_but_the_link() -> None:
    booking = booked()
    contact, responsible = sent()
    assert responsible["To"] == "bo@example.dk"
    assert body(responsible).startswith(said("Hello {name}").format(name="Bo Bæk"))
    assert (link_to(booking) in body(contact), link_to(booking) in body(responsible)) == (True, False)
    assert "http" not in body(responsible)


def test_the_bodies_have_no_markup_and_no_holes() -> None:
    booking = booked()
    change_session(session_id=booking.session_id, changes={"place": "<Sal> & 2"}, actor_id=None)
    cancel(booking_id=booking.pk, reason="Vi er 'syge'")
    for message in sent():
        for sign in ("&lt;", "&#x27;", "&amp;", "{%", "{{", "None", "\n\n\n"):
            assert sign not in body(message)
        assert message.get_content_type() == "multipart/mixed"


@pytest.mark.parametrize(
    ("step", "method", "status", "sequence"),
    [
        ("confirmed", "REQUEST", "CONFIRMED", 0),
        ("changed", "REQUEST", "CONFIRMED", 1),
        ("cancelled", "CANCEL", "CANCELLED", 1),
    ],
)
def test_the_file_and_its_mime_type_name_the_same_method(step: str, method: str, status: str, sequence: int) -> None:
    booking = booked()
    if step != "confirmed":
        sent()
    if step == "changed":
        change_session(session_id=booking.session_id, changes={"place": "Valby"}, actor_id=None)
    if step == "cancelled":
        cancel(booking_id=booking.pk)
    for message, attendee in zip(sent(), ("aase@example.dk", "bo@example.dk"), strict=True):
        part, content = invite(message)
        assert (part.get_content_type(), part["Content-Type"].params["method"]) == ("text/calendar", method)
        assert part["Content-Type"].params["charset"] == "utf-8"
        assert part.get_filename() == "invite.ics"
        calendar = Calendar.from_ical(content)
        (event,) = calendar.events
        assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == (method, status, sequence)
        assert event["UID"] == f"{booking.uuid}@testserver"
        assert str(event["ATTENDEE"]) == f"mailto:{attendee}"
        assert str(event["ORGANIZER"]) == "mailto:vaern@example.dk"


def test_no_calendar_file_holds_the_link_or_a_name() -> None:
    booking = booked()
    change_session(session_id=booking.session_id, changes={"place": "Valby"}, actor_id=None)
    messages = sent()
    cancel(booking_id=booking.pk)
    for message in [*messages, *sent()]:
        text = invite(message)[1].decode().replace("\r\n ", "")
        for secret in (token_of(booking.uuid), booking.token_hash, "/min-booking/", "Åse", "Bo Bæk", "http"):
            assert secret not in text


def test_the_cancellation_gives_the_reason_and_no_link() -> None:
    booking = booked()
    sent()
    cancel_session(session_id=booking.session_id, reason="Lokalet er lukket", actor_id=None)
    for message in sent():
        assert message["Subject"] == said("Called off: {workshop}").format(workshop="Kilder på nettet")
        assert said("Reason: {reason}").format(reason="Lokalet er lukket") in body(message).splitlines()
        assert "http" not in body(message)


def test_without_a_reason_none_is_mentioned() -> None:
    booking = booked()
    sent()
    cancel(booking_id=booking.pk)
    assert [said("Reason: {reason}").split("{")[0] in body(message) for message in sent()] == [False, False]


def test_overtaken_news_are_not_sent() -> None:
    booking = booked()
    change_session(session_id=booking.session_id, changes={"place": "Valby"}, actor_id=None)
    cancel(booking_id=booking.pk)
    assert [message["Subject"] for message in sent()] == [
        said("Your booking is cancelled: {workshop}").format(workshop="Kilder på nettet")
    ] * 2


def test_a_title_with_line_breaks_is_one_subject() -> None:
    make_booking(make_session(workshop=make_workshop("Kilder\r\nBcc: x@example.dk")))
    (message,) = sent()
    assert message["Subject"] == said("Booked: {workshop}").format(workshop="Kilder Bcc: x@example.dk")
    assert message["Bcc"] is None


def test_a_school_without_a_place_is_visited_at_home() -> None:
    make_booking(make_session(place=""))
    (message,) = sent()
    (event,) = Calendar.from_ical(invite(message)[1]).events
    assert str(event["LOCATION"]) == "Eksempelskolen"
