"""One reminder, to those who have not answered."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from bookings.models import AttendanceRecord, Booking, Session
from tests.factories.bookings import make_past_booking, make_session
from tests.factories.evaluation import DAY, give, make_past_staff, make_question, report_person
from vaern.evaluation.links import path_to_form
from vaern.evaluation.models import EvaluationSettings, Question
from vaern.evaluation.reminders import remind
from vaern.evaluation.rules import Role
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")


@pytest.fixture
def scale() -> Question:
    return make_question("scale")


def reminded() -> list[str]:
    return sorted(Message.objects.filter(kind="evaluation.reminder").values_list("recipient", flat=True))


def test_a_week_after_those_who_have_not_answered_are_reminded_once(
    scale: Question, clock: time_machine.Coordinates
) -> None:
    session, (answered, silent, _absent) = make_past_staff(3)
    give([answered])
    report_person(_absent, present=False)
    clock.move_to(session.ends_at + 7 * DAY - DAY / 24)
    assert remind(now=timezone.now()) == 0
    clock.move_to(session.ends_at + 7 * DAY)
    assert remind(now=timezone.now()) == 1
    assert reminded() == [silent.contact_email]
    clock.move_to(session.ends_at + 20 * DAY)
    assert remind(now=timezone.now()) == 0


def test_the_reminder_has_the_recipients_link_and_leads_to_no_answer(
    scale: Question, clock: time_machine.Coordinates
) -> None:
    session, (booking,) = make_past_staff(1)
    Booking.objects.filter(pk=booking.pk).update(responsible_email="bo@example.dk", responsible_name="Bo Lund")
    Message.objects.all().delete()
    clock.move_to(session.ends_at + 8 * DAY)
    assert remind(now=timezone.now()) == 2
    message = Message.objects.get(recipient="bo@example.dk")
    assert path_to_form(booking, Role.RESPONSIBLE) not in str(message.context)
    while send_next():
        pass
    bodies = {sent.to[0]: sent.body for sent in mail.outbox}
    assert path_to_form(booking, Role.RESPONSIBLE) in bodies["bo@example.dk"]
    assert path_to_form(booking, Role.CONTACT) in bodies[booking.contact_email]


def test_nobody_is_reminded_of_what_is_closed_cancelled_or_not_asked(clock: time_machine.Coordinates) -> None:
    make_question("scale", variant="teacher")
    not_asked, _bookings = make_past_staff(1)
    cancelled = make_session(starts_in=-DAY)
    make_past_booking(cancelled)
    Session.objects.filter(pk=cancelled.pk).update(status=Session.Status.CANCELLED)
    asked = make_session(starts_in=-DAY)
    make_past_booking(asked, label="8.A")
    clock.move_to(not_asked.ends_at + 40 * DAY)
    assert remind(now=timezone.now()) == 0
    clock.move_to(not_asked.ends_at + 10 * DAY)
    assert remind(now=timezone.now()) == 1


def test_the_settings_say_when(scale: Question, clock: time_machine.Coordinates) -> None:
    EvaluationSettings.objects.create(pk=1, open_days=10, remind_after_days=2)
    session, _bookings = make_past_staff(1)
    clock.move_to(session.ends_at + 2 * DAY)
    assert remind(now=timezone.now()) == 1
    assert Message.objects.get(kind="evaluation.reminder").expires_at == session.ends_at + 10 * DAY


@pytest.mark.usefixtures("site", "scale")
@pytest.mark.parametrize("audience", ["staff", "class"])
@pytest.mark.parametrize(("sessions", "number"), [(1, 1), (1, 12), (3, 1), (3, 12)])
def test_reminding_reads_the_same_however_many_there_are(
    audience: str,
    number: int,
    sessions: int,
    clock: time_machine.Coordinates,
    django_assert_num_queries: object,
) -> None:
    """Those who were absent are looked at in the first hour and in every one after it, and hear nothing."""
    make_question("scale", variant="teacher")
    for _session in range(sessions):
        for booking in past_bookings(audience, number):
            report(booking)
    clock.move_to(timezone.now() + 8 * DAY)
    for _hour in range(2):
        with django_assert_num_queries(FIXED + PER_SESSION * sessions):  # type: ignore[operator]
            assert remind(now=timezone.now()) == 0


def past_bookings(audience: str, number: int) -> list[Booking]:
    """So many bookings of a session that is over."""
    if audience == "staff":
        return make_past_staff(number)[1]
    session = make_session(starts_in=-DAY, capacity=None)
    return [make_past_booking(session, label=f"{7 + one // 4}.{'ABCD'[one % 4]}") for one in range(number)]


def report(booking: Booking) -> None:
    """Nobody came."""
    if booking.audience == "staff":
        report_person(booking, present=False)
        return
    for line in booking.lines.all():
        AttendanceRecord.objects.create(
            line=line, took_place=False, reason="class", client_key=uuid.uuid4(), recorded_at=timezone.now()
        )


FIXED, PER_SESSION = 3, 5


@pytest.mark.parametrize("number", [1, 30])
def test_what_was_told_is_not_looked_at_again(
    scale: Question, number: int, clock: time_machine.Coordinates, django_assert_num_queries: object
) -> None:
    session, _bookings = make_past_staff(number)
    clock.move_to(session.ends_at + 8 * DAY)
    assert remind(now=timezone.now()) == number
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert remind(now=timezone.now()) == 0
