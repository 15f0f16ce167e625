"""The waiting list: who gets in line, who is next, offers that are answered or not (domain.md §3, I2, I5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from bookings.domain.booking import Refused, cancel
from bookings.domain.changes import Numbers, change_numbers
from bookings.domain.offers import accept_offer, decline_offer, expire_offers, move_lines
from bookings.domain.session import CapacityBelowTaken, cancel_session, change_session
from bookings.facts import bookable, can_wait, place_in_line
from bookings.models import Booking, Overtaking, Session
from bookings.rules import Refusal, State
from tests.bookings.oracle import assert_all_invariants, assert_invariants
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site", "clock")

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def make_date(**fields: Any) -> Session:
    """A date of 10 seats with a waiting list, two weeks ahead."""
    return make_session(**{"capacity": 10, "waiting_rule": Session.WaitingRule.BOUNDED_BYPASS} | fields)


class Classes:
    """Books classes of one school onto a session, each under a label of its own."""

    def __init__(self, session: Session) -> None:
        self.session, self.school, self.number = session, make_school(), 0

    def book(self, pupils: int, **fields: Any) -> Booking:
        """Book a class of so many, willing to wait."""
        self.number += 1
        label = f"7.{self.number}"
        return make_booking(self.session, school=self.school, label=label, pupils=pupils, **({"wait": True} | fields))


def state(booking: Booking) -> str:
    booking.refresh_from_db()
    return booking.state


def states(*bookings: Booking) -> list[str]:
    return [state(booking) for booking in bookings]


def kinds(booking: Booking) -> list[str]:
    rows = Message.objects.filter(thread=f"booking:{booking.uuid}").order_by("pk")
    return [kind.removeprefix("bookings.") for kind in rows.values_list("kind", flat=True)]


def events(booking: Booking) -> list[str]:
    rows = AuditEvent.objects.filter(subject_key=str(booking.uuid)).order_by("pk")
    return [action.removeprefix("booking.") for action in rows.values_list("action", flat=True)]


def refusal(call: Any, *args: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **fields)
    return caught.value


def test_who_will_wait_waits_and_who_will_not_is_told_that_one_could() -> None:
    classes = Classes(make_date())
    classes.book(8)
    refused = refusal(classes.book, 3, wait=False)
    assert (refused.why, refused.free, refused.may_wait) == (Refusal.TOO_FEW_SEATS, 2, True)
    waiting = classes.book(3)
    assert (waiting.state, waiting.queued_at, place_in_line(waiting)) == (State.WAITLISTED, timezone.now(), 1)
    assert (kinds(waiting), events(waiting)) == (["waiting"], ["waitlisted"])
    assert Message.objects.get(kind="bookings.waiting").context["position"] == 1
    assert_all_invariants()


def test_no_waiting_list_is_no_waiting() -> None:
    classes = Classes(make_date(waiting_rule=Session.WaitingRule.NONE, capacity=3))
    classes.book(3)
    refused = refusal(classes.book, 1)
    assert (refused.why, refused.may_wait) == (Refusal.FULL, False)


def test_what_is_larger_than_the_date_never_waits() -> None:
    classes = Classes(make_date())
    refused = refusal(classes.book, 11)
    assert (refused.why, refused.may_wait) == (Refusal.TOO_FEW_SEATS, False)


def test_the_list_of_dates_says_full_and_that_one_can_wait() -> None:
    workshop = make_workshop(group_min=5)
    classes = Classes(make_date(workshop=workshop))
    assert (bookable(classes.session, now=timezone.now()), can_wait(classes.session, now=timezone.now())) == (
        None,
        False,
    )
    classes.book(8)
    classes.session.refresh_from_db()
    found = bookable(classes.session, now=timezone.now()), can_wait(classes.session, now=timezone.now())
    assert found == (Refusal.TOO_FEW_SEATS, True)


def test_freed_seats_are_offered_for_48_hours_and_taken() -> None:
    classes = Classes(make_date())
    first, waiting = classes.book(8), classes.book(3)
    cancel(booking_id=first.pk)
    assert state(waiting) == State.OFFERED
    assert waiting.offer_expires_at == timezone.now() + 48 * HOUR
    assert kinds(waiting) == ["waiting", "offered"]
    message = Message.objects.get(kind="bookings.offered")
    assert message.expires_at == waiting.offer_expires_at
    assert message.context["offer_expires_at"] == waiting.offer_expires_at.isoformat()
    accept_offer(booking_id=waiting.pk)
    assert state(waiting) == State.CONFIRMED
    assert (kinds(waiting)[2:], events(waiting)) == (["confirmed"], ["waitlisted", "offered", "accepted"])
    assert_all_invariants()


def test_accepting_twice_writes_once() -> None:
    classes = Classes(make_date())
    first, waiting = classes.book(8), classes.book(3)
    cancel(booking_id=first.pk)
    accept_offer(booking_id=waiting.pk)
    written = Message.objects.count(), AuditEvent.objects.count()
    assert accept_offer(booking_id=waiting.pk).state == State.CONFIRMED
    assert (Message.objects.count(), AuditEvent.objects.count()) == written


def test_who_asked_for_it_is_confirmed_at_once() -> None:
    classes = Classes(make_date())
    first, waiting = classes.book(8), classes.book(3, confirm_at_once=True)
    cancel(booking_id=first.pk)
    assert (state(waiting), kinds(waiting), events(waiting)) == (
        State.CONFIRMED,
        ["waiting", "confirmed"],
        ["waitlisted", "promoted"],
    )
    assert_all_invariants()


def test_an_offer_ends_with_registration() -> None:
    classes = Classes(make_date(closes_at=timezone.now() + 10 * HOUR))
    first, waiting = classes.book(8), classes.book(3)
    cancel(booking_id=first.pk)
    assert (state(waiting), waiting.offer_expires_at) == (State.OFFERED, timezone.now() + 10 * HOUR)


def test_closing_earlier_ends_open_offers_earlier_and_tells_once() -> None:
    classes = Classes(make_date())
    first, waiting = classes.book(8), classes.book(3)
    cancel(booking_id=first.pk)
    closes_at = timezone.now() + 5 * HOUR
    change_session(session_id=classes.session.pk, changes={"closes_at": closes_at}, actor_id=None)
    assert (state(waiting), waiting.offer_expires_at) == (State.OFFERED, closes_at)
    assert kinds(waiting) == ["waiting", "offered", "offered"]
    assert_invariants(classes.session)


def test_no_thanks_gives_the_seats_to_the_next() -> None:
    classes = Classes(make_date())
    first, second, third = classes.book(8), classes.book(4), classes.book(5)
    cancel(booking_id=first.pk)
    assert states(second, third) == [State.OFFERED, State.OFFERED]
    fourth = classes.book(3)
    assert state(fourth) == State.WAITLISTED
    decline_offer(booking_id=second.pk)
    assert states(second, third, fourth) == [State.CANCELLED, State.OFFERED, State.OFFERED]
    assert events(second) == ["waitlisted", "offered", "declined"]
    written = Message.objects.count()
    decline_offer(booking_id=second.pk)
    assert Message.objects.count() == written
    assert_all_invariants()


def test_no_thanks_is_possible_past_the_cancellation_deadline(clock: time_machine.Coordinates) -> None:
    classes = Classes(make_date(cancel_until=timezone.now() + HOUR))
    first, waiting = classes.book(8), classes.book(3)
    cancel(booking_id=first.pk)
    clock.shift(2 * HOUR)
    assert decline_offer(booking_id=waiting.pk).state == State.CANCELLED


def test_silence_ends_the_offer_by_the_minute_job(clock: time_machine.Coordinates) -> None:
    classes = Classes(make_date())
    first, second, third = classes.book(8), classes.book(9), classes.book(7)
    cancel(booking_id=first.pk)
    assert states(second, third) == [State.OFFERED, State.WAITLISTED]
    clock.shift(48 * HOUR - dt.timedelta(microseconds=1))
    assert (expire_offers(now=timezone.now()), states(second, third)) == (0, [State.OFFERED, State.WAITLISTED])
    clock.shift(dt.timedelta(microseconds=1))
    assert (expire_offers(now=timezone.now()), states(second, third)) == (1, [State.EXPIRED, State.OFFERED])
    assert (kinds(second), events(second)) == (
        ["waiting", "offered", "offer_lapsed"],
        ["waitlisted", "offered", "expired"],
    )
    assert expire_offers(now=timezone.now()) == 0
    assert_all_invariants()


def test_silence_ends_the_offer_by_any_later_touch_even_a_refused_one(clock: time_machine.Coordinates) -> None:
    classes = Classes(make_date())
    first, second, third = classes.book(8), classes.book(9), classes.book(7)
    cancel(booking_id=first.pk)
    clock.shift(48 * HOUR)
    assert refusal(classes.book, 9, wait=False).why is Refusal.TOO_FEW_SEATS
    assert states(second, third) == [State.EXPIRED, State.OFFERED]
    assert_all_invariants()


def test_an_offer_that_has_run_out_cannot_be_taken(clock: time_machine.Coordinates) -> None:
    classes = Classes(make_date())
    first, waiting = classes.book(8), classes.book(3)
    cancel(booking_id=first.pk)
    clock.shift(48 * HOUR)
    assert refusal(accept_offer, booking_id=waiting.pk).why is Refusal.OFFER_LAPSED
    assert (state(waiting), classes.session.bookings.holding_seats().count()) == (State.EXPIRED, 0)
    assert refusal(decline_offer, booking_id=waiting.pk).why is Refusal.OFFER_LAPSED
    assert kinds(waiting) == ["waiting", "offered", "offer_lapsed"]


@pytest.mark.parametrize("verb", [accept_offer, decline_offer])
def test_there_must_be_an_offer_to_answer(verb: Any) -> None:
    classes = Classes(make_date())
    confirmed, waiting = classes.book(8), classes.book(3)
    assert refusal(verb, booking_id=waiting.pk).why is Refusal.NOT_OFFERED
    if verb is decline_offer:
        assert refusal(verb, booking_id=confirmed.pk).why is Refusal.NOT_OFFERED


def test_offers_stop_when_registration_closes(clock: time_machine.Coordinates) -> None:
    classes = Classes(make_date(closes_at=timezone.now() + HOUR))
    first, waiting = classes.book(8), classes.book(3)
    clock.shift(HOUR)
    cancel(booking_id=first.pk)
    assert state(waiting) == State.WAITLISTED
    assert refusal(classes.book, 1).why is Refusal.CLOSED


def test_three_may_go_ahead_and_then_seats_are_kept() -> None:
    classes = Classes(make_date())
    kept, head = classes.book(6), classes.book(7)
    overtakers = [classes.book(1) for _ in range(3)]
    assert states(*overtakers) == [State.CONFIRMED] * 3
    assert (state(head), head.passed_over) == (State.WAITLISTED, 3)
    assert refusal(classes.book, 1, wait=False).why is Refusal.OTHERS_WAIT
    fourth = classes.book(1)
    assert state(fourth) == State.WAITLISTED
    rows = Overtaking.objects.values_list("passed__reference", "by__reference", "reason", "wanted", "taken", "free")
    assert list(rows) == [
        (head.reference, by.reference, Overtaking.Reason.TOO_LARGE, 7, 1, free)
        for by, free in zip(overtakers, (4, 3, 2), strict=True)
    ]
    cancel(booking_id=kept.pk)
    assert states(head, fourth) == [State.OFFERED, State.WAITLISTED]
    assert_all_invariants()


def test_in_the_last_seven_days_whoever_fits_goes_ahead(clock: time_machine.Coordinates) -> None:
    closes_at = timezone.now() + 10 * DAY
    classes = Classes(make_date(closes_at=closes_at))
    classes.book(6)
    head = classes.book(7)
    for _ in range(3):
        classes.book(1)
    small = classes.book(1)
    assert states(head, small) == [State.WAITLISTED, State.WAITLISTED]
    clock.move_to(closes_at - 7 * DAY - dt.timedelta(seconds=1))
    assert (move_lines(now=timezone.now()), state(small)) == (1, State.WAITLISTED)
    clock.move_to(closes_at - 7 * DAY)
    move_lines(now=timezone.now())
    assert states(head, small) == [State.WAITLISTED, State.OFFERED]
    assert Overtaking.objects.get(by=small).reason == Overtaking.Reason.CLOSING
    assert_all_invariants()


def test_a_strict_line_moves_in_order() -> None:
    classes = Classes(make_date(waiting_rule=Session.WaitingRule.STRICT))
    first, head, small = classes.book(8), classes.book(7), classes.book(1)
    assert states(head, small) == [State.WAITLISTED, State.WAITLISTED]
    refused = refusal(classes.book, 2, wait=False)
    assert (refused.why, refused.may_wait) == (Refusal.OTHERS_WAIT, True)
    cancel(booking_id=first.pk)
    assert states(head, small) == [State.OFFERED, State.OFFERED]
    assert Overtaking.objects.count() == 0
    assert_all_invariants()


def test_one_who_has_waited_longer_goes_first() -> None:
    classes = Classes(make_date())
    first, second, third = classes.book(10), classes.book(6), classes.book(5)
    cancel(booking_id=first.pk)
    assert states(second, third) == [State.OFFERED, State.WAITLISTED]
    assert Overtaking.objects.count() == 0


def test_fewer_pupils_let_the_next_in() -> None:
    classes = Classes(make_date())
    first, waiting = classes.book(10), classes.book(4)
    line = first.lines.get()
    change_numbers(booking_id=first.pk, numbers={line.pk: Numbers(7, 2)})
    assert state(waiting) == State.WAITLISTED
    change_numbers(booking_id=first.pk, numbers={line.pk: Numbers(6, 2)})
    assert state(waiting) == State.OFFERED
    assert_all_invariants()


def test_more_room_lets_the_next_in_and_less_is_never_below_what_is_taken() -> None:
    classes = Classes(make_date())
    classes.book(10)
    waiting = classes.book(4)
    change_session(session_id=classes.session.pk, changes={"capacity": 14}, actor_id=None)
    assert state(waiting) == State.OFFERED
    with pytest.raises(CapacityBelowTaken):
        change_session(session_id=classes.session.pk, changes={"capacity": 13}, actor_id=None)
    assert_all_invariants()


def test_another_waiting_rule_lets_those_who_fit_in() -> None:
    classes = Classes(make_date(waiting_rule=Session.WaitingRule.STRICT))
    classes.book(8)
    head, small = classes.book(7), classes.book(2)
    change_session(
        session_id=classes.session.pk, changes={"waiting_rule": Session.WaitingRule.BOUNDED_BYPASS}, actor_id=None
    )
    assert states(head, small) == [State.WAITLISTED, State.OFFERED]
    assert_all_invariants()


def test_one_who_no_longer_fits_at_all_holds_nobody_up() -> None:
    classes = Classes(make_date(waiting_rule=Session.WaitingRule.STRICT))
    first = classes.book(6)
    head, small = classes.book(9), classes.book(5)
    change_session(session_id=classes.session.pk, changes={"capacity": 8}, actor_id=None)
    cancel(booking_id=first.pk)
    assert states(head, small) == [State.WAITLISTED, State.OFFERED]


def test_a_cancelled_date_ends_everybody_and_tells_each_once() -> None:
    classes = Classes(make_date())
    first, second, third = classes.book(8), classes.book(9), classes.book(9)
    cancel(booking_id=first.pk)
    cancel_session(session_id=classes.session.pk, reason="Storm", actor_id=None)
    assert states(second, third) == [State.CANCELLED, State.CANCELLED]
    assert (kinds(second), kinds(third)) == (["waiting", "offered", "cancelled"], ["waiting", "cancelled"])
    written = Message.objects.count(), AuditEvent.objects.count()
    assert cancel_session(session_id=classes.session.pk, reason="Storm", actor_id=None) == []
    assert (Message.objects.count(), AuditEvent.objects.count()) == written
    assert_all_invariants()


def test_booking_takes_few_queries_and_none_for_a_line_where_nobody_waits(django_assert_num_queries: Any) -> None:
    classes = Classes(make_date())
    classes.book(1)
    # Begin, lock, what is written (SQLite: booking, line, event, message, seats), commit.
    with django_assert_num_queries(4 if connection.vendor == "postgresql" else 8):
        classes.book(1)
