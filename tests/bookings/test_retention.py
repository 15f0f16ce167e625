"""Contacts are forgotten a year after the session; counts stay."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from bookings.domain.booking import BookingSchool, ClassGroup
from bookings.domain.feeds import OfBooking, OfUser, begin_feed
from bookings.domain.parties import Person
from bookings.domain.retention import Forgotten, forget_contacts
from bookings.domain.visits import decline_visit, request_visit
from bookings.models import Booking, CalendarFeed, PersonLine, VisitRequest
from tests.conftest import NOW
from tests.factories.bookings import CONTACT, make_booking, make_parents, make_session, make_staff
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent

pytestmark = pytest.mark.usefixtures("site")


def contacts() -> list[tuple[str, str, str, int]]:
    return list(Booking.objects.order_by("pk").values_list("contact_name", "contact_email", "contact_phone", "seats"))


def test_contacts_are_forgotten_365_days_after_the_session_and_seats_stay(clock: time_machine.Coordinates) -> None:
    session = make_session()
    make_booking(session)
    clock.move_to(session.ends_at + dt.timedelta(days=365))
    assert sum(forget_contacts(now=timezone.now())) == 0
    assert contacts() == [("Åse Ødegård", "aase@example.dk", "12345678", 24)]
    clock.shift(dt.timedelta(seconds=1))
    assert forget_contacts(now=timezone.now(), dry_run=True) == Forgotten(bookings=1)
    assert contacts() == [("Åse Ødegård", "aase@example.dk", "12345678", 24)]
    assert forget_contacts(now=timezone.now()) == Forgotten(bookings=1)
    assert contacts() == [("", "", "", 24)]
    assert sum(forget_contacts(now=timezone.now())) == 0


def test_a_year_is_counted_from_the_session_and_not_from_the_booking(clock: time_machine.Coordinates) -> None:
    make_booking(make_session(starts_in=dt.timedelta(days=300)))
    clock.move_to(NOW + dt.timedelta(days=400))
    assert sum(forget_contacts(now=timezone.now())) == 0


DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


def people() -> list[tuple[str, str, bool]]:
    return [(bool(row.name), row.email, row.active) for row in PersonLine.objects.order_by("pk")]


def test_parents_are_forgotten_after_90_days_with_all_who_took_part_and_staff_are_not(
    clock: time_machine.Coordinates,
) -> None:
    session = make_session(workshop=make_workshop(audience="parents"))
    booking = make_parents(session, second=Person("Bo Bæk", "bo@example.dk"))
    make_staff(make_session(workshop=make_workshop(audience="staff")), "stab", team=1)
    before = people()
    clock.move_to(session.ends_at + 90 * DAY)
    assert sum(forget_contacts(now=timezone.now())) == 0
    clock.shift(SECOND)
    assert forget_contacts(now=timezone.now(), dry_run=True) == Forgotten(bookings=1, people=2)
    assert people() == before
    assert forget_contacts(now=timezone.now()) == Forgotten(bookings=1, people=2)
    assert people() == [(False, "", True)] * 2 + before[2:]
    booking.refresh_from_db()
    assert (booking.contact_email, booking.seats, booking.state) == ("", 2, "confirmed")
    clock.shift(300 * DAY)
    assert forget_contacts(now=timezone.now()) == Forgotten(bookings=1)  # the staff's contact; who took part stays
    assert people()[2:] == before[2:]


def visit(wishes: list[dt.datetime]) -> VisitRequest:
    return request_visit(
        workshop_id=make_workshop(way_of_booking="request").pk,
        school=BookingSchool(make_school()),
        groups=[ClassGroup("7.A", 7, 24, 2)],
        contact=CONTACT,
        wishes=wishes,
        language="da",
        idempotency_key=uuid.uuid4(),
    )


def test_a_request_for_a_visit_is_forgotten_a_year_after_its_last_wish_or_answer(
    clock: time_machine.Coordinates,
) -> None:
    open_, answered = visit([NOW + 10 * DAY, NOW + 20 * DAY]), visit([NOW + 10 * DAY])
    clock.move_to(NOW + 100 * DAY)
    decline_visit(request_id=answered.pk, reason="Ingen ledige", actor_id=None)
    clock.move_to(open_.wishes.order_by("number")[1].ends_at + 365 * DAY)
    assert sum(forget_contacts(now=timezone.now())) == 0
    clock.shift(SECOND)
    assert forget_contacts(now=timezone.now()) == Forgotten(visits=1)
    rows = list(VisitRequest.objects.order_by("pk").values_list("contact_name", "contact_email"))
    assert rows == [("", ""), (CONTACT.name, CONTACT.email)]
    clock.move_to(NOW + 465 * DAY + SECOND)
    assert forget_contacts(now=timezone.now()) == Forgotten(visits=1)
    assert AuditEvent.objects.filter(action="bookings.contacts_forgotten").count() == 2


def test_a_calendar_feed_ends_with_its_booking_or_when_no_booking_knows_its_users_address(
    clock: time_machine.Coordinates, capsys: pytest.CaptureFixture[str]
) -> None:
    old, later = make_session(), make_session(starts_in=dt.timedelta(days=60))
    first = make_booking(old)
    other = make_parents(make_session(workshop=make_workshop(audience="parents"), starts_in=dt.timedelta(days=400)))
    second = make_booking(later, label="7.C")
    user, holder = make_user(email=CONTACT.email), make_user(email="holder@example.dk")
    later.facilitators.add(holder)
    for booking in (first, second, other):
        begin_feed(owner=OfBooking(booking.pk))
    for owner in (user, holder):
        begin_feed(owner=OfUser(owner.pk))
    clock.move_to(old.ends_at + 365 * DAY + SECOND)
    assert forget_contacts(now=timezone.now()) == Forgotten(bookings=1, feeds=1)
    assert CalendarFeed.objects.filter(user=user).exists()  # the later booking has the address still
    clock.move_to(later.ends_at + 365 * DAY + SECOND)
    call_command("forget_contacts", "--dry-run")
    assert CalendarFeed.objects.count() == 4
    call_command("forget_contacts")
    said = "forgotten: 1 bookings, 0 people, 0 visits, 2 feeds.\n"
    assert capsys.readouterr().out == f"Dry run, nothing written: {said}{said}"
    assert set(CalendarFeed.objects.values_list("booking", "user")) == {(other.pk, None), (None, holder.pk)}
