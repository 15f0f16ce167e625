"""What a booking keeps and tells: snapshots, reference, messages, secret link."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client, override_settings

from bookings.domain.booking import Contact, cancel
from bookings.domain.engine import REFERENCE_ALPHABET
from bookings.domain.session import cancel_session
from bookings.links import booking_for, hash_of, link_to, token_of
from bookings.models import Booking
from tests.factories.bookings import CONTACT, make_booking, make_session
from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site", "clock")

BOTH = Contact(
    name="Åse Ødegård",
    email="Aase@Example.dk",
    phone="12345678",
    responsible_name="Bo Bæk",
    responsible_email="BO@example.dk",
)


def test_the_schools_name_and_type_stay_as_they_were_on_the_day_of_booking() -> None:
    school = make_school("Gammel Skole", type_code="1012")
    booking = make_booking(make_session(), school=school)
    school.name = "Ny Skole"
    school.save()
    school.school.institution_type = "1013"
    school.school.save()
    later = make_booking(make_session(), school=school)
    booking.refresh_from_db()
    assert (booking.school_name, booking.lines.get().institution_type) == ("Gammel Skole", "1012")
    assert (later.school_name, later.lines.get().institution_type) == ("Ny Skole", "1013")


def test_the_reference_can_be_read_aloud() -> None:
    reference = make_booking(make_session()).reference
    assert len(reference) == 8
    assert set(reference) <= set(REFERENCE_ALPHABET)
    assert not set(REFERENCE_ALPHABET) & set("01OIL")


def test_contact_and_adult_in_charge_are_both_told_and_only_one_gets_the_link() -> None:
    make_booking(make_session(), contact=BOTH)
    told = Message.objects.order_by("pk").values_list(
        "kind", "recipient", "context__recipient_name", "context__is_contact"
    )
    assert list(told) == [
        ("bookings.confirmed", "aase@example.dk", "Åse Ødegård", True),
        ("bookings.confirmed", "bo@example.dk", "Bo Bæk", False),
    ]


def test_the_same_address_twice_is_told_once_as_the_contact() -> None:
    contact = Contact(
        name="Åse", email="aase@example.dk", responsible_name="Åse Ødegård", responsible_email="AASE@example.dk"
    )
    make_booking(make_session(), contact=contact)
    told = Message.objects.values_list("recipient", "context__recipient_name", "context__is_contact")
    assert list(told) == [("aase@example.dk", "Åse", True)]


@pytest.mark.parametrize("language", ["da", "en"])
def test_messages_are_in_the_language_that_was_booked_in(language: str) -> None:
    booking = make_booking(make_session(), contact=BOTH, language=language)
    cancel(booking_id=booking.pk)
    assert list(Message.objects.values_list("language", flat=True)) == [language] * 4


def test_messages_hold_no_secret() -> None:
    booking = make_booking(make_session(), contact=BOTH)
    token = token_of(booking.uuid)
    assert link_to(booking) == f"/min-booking/{token}/"
    for context in Message.objects.values_list("context", flat=True):
        assert token not in str(context)
        assert hash_of(token) not in str(context)


def test_audit_tells_who_and_which_but_nobodys_name() -> None:
    user = make_user("coordinator")
    booking = make_booking(make_session(), actor_id=user.pk)
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_type, event.subject_key, event.actor) == (
        "booking.confirmed",
        "booking",
        str(booking.uuid),
        user,
    )
    assert event.facts == {"session": str(booking.session.uuid), "seats": 24}


def test_only_the_hash_of_the_token_is_stored() -> None:
    booking = make_booking(make_session())
    token = link_to(booking).strip("/").split("/")[-1]
    assert len(token) == 43
    assert booking.token_hash == hash_of(token) != token
    stored = Booking.objects.filter(pk=booking.pk).values().get()
    assert token not in [str(value) for value in stored.values()]


def test_a_link_opens_its_own_booking_only() -> None:
    one, other = make_booking(make_session()), make_booking(make_session())
    assert (booking_for(token_of(one.uuid)), booking_for(token_of(other.uuid))) == (one, other)
    assert link_to(one) != link_to(other)


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "æøå", "\x00", "\ud800", "a" * 10_000])
def test_an_unknown_token_opens_nothing(token: str) -> None:
    make_booking(make_session())
    assert booking_for(token) is None


def test_links_outlive_a_change_of_the_secret_key(client: Client, settings: object) -> None:
    booking = make_booking(make_session())
    link = link_to(booking)
    with override_settings(SECRET_KEY="new-" * 20, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert link_to(booking) == link
        assert client.get(link).status_code == 200
        newer = make_booking(make_session())
        assert link_to(newer) == f"/min-booking/{token_of(newer.uuid)}/"
    with override_settings(SECRET_KEY="new-" * 20, SECRET_KEY_FALLBACKS=[]):
        assert link_to(booking) == ""
        assert client.get(link).status_code == 200


def test_the_same_form_again_shows_the_same_link_later(clock: time_machine.Coordinates) -> None:
    session, school, key = make_session(), make_school(), uuid.uuid4()
    first = make_booking(session, school=school, idempotency_key=key)
    clock.shift(dt.timedelta(days=13))
    again = make_booking(session, school=school, idempotency_key=key)
    assert (again.pk, link_to(again)) == (first.pk, link_to(first))


def test_a_repeated_form_answers_even_when_the_booking_has_ended() -> None:
    session, school, key = make_session(), make_school(), uuid.uuid4()
    first = make_booking(session, school=school, idempotency_key=key)
    cancel_session(session_id=session.pk, reason="Sygdom", actor_id=None)
    again = make_booking(session, school=school, idempotency_key=key)
    assert (again.pk, again.state) == (first.pk, "cancelled")
    assert Booking.objects.count() == 1


def test_contact_is_kept_as_written_and_the_address_in_small_letters() -> None:
    booking = make_booking(make_session(), contact=BOTH)
    assert (booking.contact_name, booking.contact_email, booking.contact_phone) == (
        "Åse Ødegård",
        "aase@example.dk",
        "12345678",
    )
    assert (booking.responsible_name, booking.responsible_email) == ("Bo Bæk", "bo@example.dk")
    assert make_booking(make_session(), contact=CONTACT).responsible_email == ""
