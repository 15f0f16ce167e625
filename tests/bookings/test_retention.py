"""Contacts are forgotten a year after the session; counts stay."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from bookings.domain.retention import forget_contacts
from bookings.models import Booking
from tests.conftest import NOW
from tests.factories.bookings import make_booking, make_session

pytestmark = pytest.mark.usefixtures("site")


def contacts() -> list[tuple[str, str, str, int]]:
    return list(Booking.objects.order_by("pk").values_list("contact_name", "contact_email", "contact_phone", "seats"))


def test_contacts_are_forgotten_365_days_after_the_session_and_seats_stay(clock: time_machine.Coordinates) -> None:
    session = make_session()
    make_booking(session)
    clock.move_to(session.ends_at + dt.timedelta(days=365))
    assert forget_contacts(now=timezone.now()) == 0
    assert contacts() == [("Åse Ødegård", "aase@example.dk", "12345678", 24)]
    clock.shift(dt.timedelta(seconds=1))
    assert forget_contacts(now=timezone.now(), dry_run=True) == 1
    assert contacts() == [("Åse Ødegård", "aase@example.dk", "12345678", 24)]
    assert forget_contacts(now=timezone.now()) == 1
    assert contacts() == [("", "", "", 24)]
    assert forget_contacts(now=timezone.now()) == 0


def test_a_year_is_counted_from_the_session_and_not_from_the_booking(clock: time_machine.Coordinates) -> None:
    make_booking(make_session(starts_in=dt.timedelta(days=300)))
    clock.move_to(NOW + dt.timedelta(days=400))
    assert forget_contacts(now=timezone.now()) == 0
