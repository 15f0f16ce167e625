"""What is told because time passes: each once, caught up with after an outage, and never too late."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from bookings.domain.booking import BookingSchool, ClassGroup, Contact, book_class, cancel
from bookings.domain.digest import tell_coordinators
from bookings.domain.reminders import remind, tell_day_before, thank
from bookings.domain.session import cancel_session, change_session, plan_session
from bookings.domain.visits import request_visit, withdraw_visit
from bookings.links import link_to
from bookings.models import Booking, Session
from bookings.presence import Presence, presence_of
from tests.factories.attendance import report
from tests.factories.bookings import CONTACT, make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next

pytestmark = pytest.mark.usefixtures("site", "clock")
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
BOTH = Contact("Åse", "aase@example.dk", "12345678", responsible_name="Bo", responsible_email="bo@example.dk")
# NOW is Monday 23 November 2026, 9:00 in Copenhagen; sessions are at the same hour.


def sent() -> list[str]:
    mail.outbox.clear()
    while send_next():
        pass
    return [message.subject for message in mail.outbox]


def booked(starts_in: dt.timedelta = 14 * DAY, **fields: Any) -> Booking:
    session = make_session(workshop=make_workshop("Kilder"), starts_in=starts_in, **fields)
    booking = make_booking(session, contact=BOTH)
    sent()
    return booking


def kinds() -> list[str]:
    return list(Message.objects.filter(state="pending").order_by("pk").values_list("kind", flat=True))


def all_jobs() -> int:
    now = timezone.now()
    return remind(now=now) + tell_day_before(now=now) + thank(now=now)


def test_a_reminder_seven_days_before_once_to_both(clock: time_machine.Coordinates) -> None:
    booked()
    clock.shift(7 * DAY - dt.timedelta(seconds=1))
    assert all_jobs() == 0
    clock.shift(dt.timedelta(seconds=1))
    assert remind(now=timezone.now()) == 2
    assert all_jobs() == 0
    assert sent() == ["Snart: Kilder, mandag 7. december 2026"] * 2
    bodies = [str(message.body) for message in mail.outbox]
    assert ["/min-booking/" in body for body in bodies] == [True, False]


@pytest.mark.parametrize(("days", "first"), [(3, 3), (0, None), (14, None)])
def test_the_session_says_how_many_days(clock: time_machine.Coordinates, days: int, first: int | None) -> None:
    """0: none; 14: it was due when it was booked, so the confirmation says all."""
    booked(reminder_days=days)
    told = []
    for left in range(13, 0, -1):
        clock.shift(DAY)
        told += [left] * bool(remind(now=timezone.now()))
    assert told == ([first] if first else [])


def test_after_an_outage_what_was_missed_is_told_once(clock: time_machine.Coordinates) -> None:
    booked()
    clock.shift(11 * DAY)
    assert [all_jobs() for _ in range(3)] == [2, 0, 0]


def test_nothing_looks_ahead_once_it_has_begun(clock: time_machine.Coordinates) -> None:
    booked()
    clock.shift(14 * DAY)
    assert remind(now=timezone.now()) + tell_day_before(now=timezone.now()) == 0


def test_a_reminder_that_could_not_leave_in_time_does_not_leave(clock: time_machine.Coordinates) -> None:
    booked()
    clock.shift(7 * DAY)
    assert remind(now=timezone.now()) == 2
    clock.shift(7 * DAY)
    assert sent() == []
    assert set(Message.objects.filter(kind="bookings.reminder").values_list("state", "last_error")) == {
        ("failed", "expired")
    }


def test_nothing_is_told_to_bookings_that_have_ended(clock: time_machine.Coordinates) -> None:
    one, other = booked(), booked()
    cancel(booking_id=one.pk)
    cancel_session(session_id=other.session_id, reason="Lukket", actor_id=None)
    sent()
    clock.shift(13 * DAY + HOUR)
    assert all_jobs() == 0
    clock.shift(3 * DAY)
    assert all_jobs() == 0


def test_who_cancels_after_the_reminder_was_written_does_not_get_it(clock: time_machine.Coordinates) -> None:
    booking = booked()
    clock.shift(7 * DAY)
    remind(now=timezone.now())
    cancel(booking_id=booking.pk)
    assert sent() == ["Din booking er afbestilt: Kilder"] * 2


def test_moved_to_another_day_there_is_a_reminder_for_that_day_and_by_an_hour_there_is_not(
    clock: time_machine.Coordinates,
) -> None:
    booking = booked()
    clock.shift(7 * DAY)
    assert remind(now=timezone.now()) == 2
    later = booking.session.starts_at + HOUR
    change_session(session_id=booking.session_id, changes={"starts_at": later, "ends_at": later + HOUR}, actor_id=None)
    assert remind(now=timezone.now()) == 0
    far = booking.session.starts_at + 30 * DAY
    change_session(session_id=booking.session_id, changes={"starts_at": far, "ends_at": far + HOUR}, actor_id=None)
    assert remind(now=timezone.now()) == 0
    clock.move_to(far - 6 * DAY)
    assert remind(now=timezone.now()) == 2


def test_the_day_before_with_what_to_prepare_and_the_list_for_the_facilitator(
    clock: time_machine.Coordinates,
) -> None:
    facilitator = make_user("facilitator", "underviser@example.dk")
    session = make_session(
        workshop=make_workshop("Kilder", prepare="Læs teksten."), facilitators=[facilitator], reminder_days=0
    )
    make_booking(session, contact=BOTH)
    sent()
    clock.shift(13 * DAY)
    assert all_jobs() == 0  # nine o'clock
    clock.shift(HOUR)
    assert [tell_day_before(now=timezone.now()) for _ in range(2)] == [3, 0]
    assert sent() == ["I morgen: Kilder"] * 3
    assert [message.to[0] for message in mail.outbox] == ["aase@example.dk", "bo@example.dk", "underviser@example.dk"]
    assert "Læs teksten." in mail.outbox[0].body
    assert "7.B (24 elever, 2 voksne), Eksempelskolen" in mail.outbox[2].body
    assert f"/fremmoede/{session.uuid}/" in mail.outbox[2].body


def test_thanks_the_day_after_for_those_who_came(clock: time_machine.Coordinates) -> None:
    came, away = booked(), booked()
    start = came.session.starts_at
    report(came.lines.get(), 20, at=start + HOUR)
    report(away.lines.get(), None, at=start + HOUR, reason="class")
    clock.move_to(start + 23 * HOUR)
    assert thank(now=timezone.now()) == 0
    clock.move_to(start + 24 * HOUR)
    assert [thank(now=timezone.now()) for _ in range(2)] == [2, 0]
    assert sent() == ["Tak for deltagelsen: Kilder"] * 2
    assert link_to(came) in mail.outbox[0].body


@pytest.mark.parametrize(("reported", "told"), [([0], 1), ([0, 0], 0), ([0, 20], 1), ([], 1)])
def test_two_classes_are_thanked_unless_it_is_known_of_both_that_nobody_came(
    reported: list[int], told: int, clock: time_machine.Coordinates
) -> None:
    booking = book_class(
        session_id=make_session(capacity=60).pk,
        school=BookingSchool(organisation=make_school()),
        groups=[ClassGroup(label, 7, 20, 1) for label in ("7.A", "7.B")],
        contact=CONTACT,
        language="da",
        idempotency_key=uuid.uuid4(),
    )
    start = booking.session.starts_at
    for line, pupils in zip(booking.lines.order_by("pk"), reported, strict=False):
        report(line, pupils, at=start + HOUR)
    clock.move_to(start + 24 * HOUR)
    assert (presence_of(booking) is Presence.ABSENT) == (told == 0)
    assert thank(now=timezone.now()) == told


def test_thanks_that_would_be_weeks_late_are_not_sent(clock: time_machine.Coordinates) -> None:
    booked()
    clock.shift(29 * DAY)
    assert thank(now=timezone.now()) == 0


def test_the_command_does_it_as_the_job_does(clock: time_machine.Coordinates, capsys: Any) -> None:
    booked()
    clock.shift(7 * DAY)
    call_command("remind_bookers")
    call_command("remind_bookers")
    assert capsys.readouterr().out == "2 messages.\n0 messages.\n"


def test_the_number_of_queries_does_not_grow_with_those_who_know(
    django_assert_max_num_queries: Any, clock: Any
) -> None:
    session = make_session(capacity=None)
    for number in range(5):
        make_booking(session, label=f"7.{'ABCDE'[number]}")
    clock.shift(7 * DAY)
    assert remind(now=timezone.now()) == 5
    with django_assert_max_num_queries(12):
        assert remind(now=timezone.now()) == 0


# -- facilitators and coordinators ------------------------------------------------------------------------


def test_facilitators_are_told_with_the_same_event_rising(clock: time_machine.Coordinates) -> None:
    one, two = make_user("facilitator", "en@example.dk"), make_user("facilitator", "to@example.dk")
    starts = timezone.now() + 20 * DAY
    values = {"workshop": make_workshop("Kilder"), "starts_at": starts, "ends_at": starts + HOUR}
    session = plan_session(values=values, facilitators=[one], actor_id=None)
    files = []

    def told() -> list[tuple[str, str]]:
        sent()
        for message in mail.outbox:
            (part,) = message.message().get_payload()[1:]
            files.append(part.get_payload(decode=True).decode().replace("\r\n", "\n"))
        return [(message.to[0], message.subject.split(":")[0]) for message in mail.outbox]

    assert told() == [("en@example.dk", "Du skal undervise")]
    clock.shift(HOUR)
    change_session(session_id=session.pk, changes={"place": "Rådhuset"}, facilitators=[one, two], actor_id=None)
    assert sorted(told()) == [("en@example.dk", "Ændret"), ("to@example.dk", "Du skal undervise")]
    clock.shift(HOUR)
    cancel_session(session_id=session.pk, reason="Lukket", actor_id=None)
    assert sorted(told()) == [("en@example.dk", "Ikke længere din"), ("to@example.dk", "Ikke længere din")]
    assert len({file.split("UID:")[1].split("\n")[0] for file in files}) == 1
    numbers = [int(file.split("SEQUENCE:")[1].split("\n")[0]) for file in files]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 3
    assert [("METHOD:CANCEL" in file) for file in files] == [False, False, False, True, True]


def test_the_overview_once_a_working_morning_and_none_when_there_is_nothing(clock: time_machine.Coordinates) -> None:
    make_user("coordinator", "koordinator@example.dk")
    assert tell_coordinators(now=timezone.now()) == 0
    clock.shift(1)
    session = make_session(workshop=make_workshop("Kilder", group_min=20), starts_in=10 * DAY, capacity=60)
    make_booking(session, label="7.C", pupils=24)
    empty = make_session(workshop=make_workshop("Tom", group_min=20), starts_in=10 * DAY)
    lost = Message.objects.get()
    Message.objects.filter(pk=lost.pk).update(state="failed", send_after=timezone.now() + HOUR)
    clock.shift(21 * HOUR)  # Tuesday, six o'clock
    assert tell_coordinators(now=timezone.now()) == 0
    clock.shift(HOUR)
    assert [tell_coordinators(now=timezone.now()) for _ in range(3)] == [1, 0, 0]
    assert sent() == ["Værn i dag"]
    body = str(mail.outbox[0].body)
    assert mail.outbox[0].to == ["koordinator@example.dk"]
    assert "Kilder, 3. december 2026: 1" in body
    assert "Booking bekræftet, Kunne ikke sendes: 1" in body
    assert "Tom, 3. december 2026: 0 af mindst 20" in body
    assert "Åse" not in body
    cancel_session(session_id=empty.pk, reason="Lukket", actor_id=None)
    sent()
    clock.shift(DAY)
    assert tell_coordinators(now=timezone.now()) == 0  # nothing new
    clock.shift(1)
    make_booking(session, label="7.D", pupils=20)
    clock.shift(3 * DAY)  # Saturday
    assert tell_coordinators(now=timezone.now()) == 0
    clock.shift(2 * DAY)
    assert tell_coordinators(now=timezone.now()) == 1


def test_the_overview_lists_the_requests_for_visits_that_wait_for_us(clock: time_machine.Coordinates) -> None:
    make_user("coordinator", "koordinator@example.dk")
    visits = [
        request_visit(
            workshop_id=make_workshop("Besøg", way_of_booking="request").pk,
            school=BookingSchool(make_school()),
            groups=[ClassGroup("7.A", 7, 24, 2)],
            contact=BOTH,
            wishes=[timezone.now() + 10 * DAY],
            language="da",
            idempotency_key=uuid.uuid4(),
        )
        for _ in range(2)
    ]
    withdraw_visit(request_id=visits[1].pk)
    sent()
    clock.shift(DAY)
    assert tell_coordinators(now=timezone.now()) == 1
    assert sent() == ["Værn i dag"]
    body = str(mail.outbox[0].body)
    assert f"{visits[0].reference}: Besøg" in body
    assert visits[1].reference not in body


def test_sessions_without_bookings_are_no_work(clock: time_machine.Coordinates) -> None:
    make_session()
    clock.shift(7 * DAY)
    assert (all_jobs(), Session.objects.count(), kinds()) == (0, 1, [])
