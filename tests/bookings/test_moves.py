"""Other numbers, another date, approval, and dates that are booked together (domain.md §3)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from bookings.domain.approval import approve, reject
from bookings.domain.booking import BookingSchool, ClassGroup, Refused, cancel
from bookings.domain.changes import Numbers, change_numbers, move_booking
from bookings.domain.series import book_series, class_party
from bookings.domain.session import change_session
from bookings.models import Booking, GroupLine, Overtaking, Session, SessionSeries
from bookings.rules import Refusal, State
from tests.bookings.oracle import assert_all_invariants
from tests.factories.bookings import CONTACT, make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school, make_user
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site", "clock")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WAITS = {"waiting_rule": Session.WaitingRule.BOUNDED_BYPASS}


def refusal(call: Any, *args: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **fields)
    return caught.value


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def written() -> tuple[int, int]:
    return Message.objects.count(), AuditEvent.objects.count()


def last_message(booking: Booking) -> Message:
    return Message.objects.filter(thread=f"booking:{booking.uuid}").latest("pk")


# -- numbers ----------------------------------------------------------------------------------------------


def test_numbers_go_up_only_when_the_difference_fits() -> None:
    session = make_session(capacity=30)
    booking = make_booking(session, pupils=20)
    line = booking.lines.get()
    refused = refusal(change_numbers, booking_id=booking.pk, numbers={line.pk: Numbers(31, 2)})
    assert (refused.why, refused.free) == (Refusal.TOO_FEW_SEATS, 10)
    changed = change_numbers(booking_id=booking.pk, numbers={line.pk: Numbers(30, 3)})
    assert (changed.seats, fresh(session).seats_taken) == (30, 30)
    assert (fresh(line).pupils, line.adults) == (30, 3)
    message = last_message(booking)
    assert (message.kind, message.context["change"], message.context["classes"][0]["pupils"]) == (
        "bookings.changed",
        "numbers",
        30,
    )
    assert message.context["sequence"] == 0
    assert_all_invariants()


def test_the_same_numbers_write_nothing() -> None:
    booking = make_booking(make_session())
    line, before = booking.lines.get(), written()
    change_numbers(booking_id=booking.pk, numbers={line.pk: Numbers(line.pupils, line.adults)})
    assert written() == before


def test_adults_take_no_seat() -> None:
    booking = make_booking(make_session(capacity=24), pupils=24)
    changed = change_numbers(booking_id=booking.pk, numbers={booking.lines.get().pk: Numbers(24, 9)})
    assert (changed.seats, changed.lines.get().adults) == (24, 9)


def test_another_bookings_class_is_not_found() -> None:
    session = make_session(capacity=60)
    one, other = make_booking(session, label="7.A"), make_booking(session, label="7.B")
    with pytest.raises(GroupLine.DoesNotExist):
        change_numbers(booking_id=one.pk, numbers={other.lines.get().pk: Numbers(1, 1)})


def test_numbers_change_until_close_and_staff_later(clock: time_machine.Coordinates) -> None:
    session = make_session(closes_at=timezone.now() + HOUR)
    booking = make_booking(session, pupils=20)
    numbers = {booking.lines.get().pk: Numbers(10, 1)}
    clock.shift(HOUR)
    assert refusal(change_numbers, booking_id=booking.pk, numbers=numbers).why is Refusal.CLOSED
    assert change_numbers(booking_id=booking.pk, numbers=numbers, by_staff=True).seats == 10


def test_the_workshops_limits_hold_for_the_changed_class_only() -> None:
    workshop = make_workshop(group_min=5, group_max=25)
    booking = make_booking(make_session(workshop=workshop, capacity=60), pupils=20)
    line = booking.lines.get()
    assert refusal(change_numbers, booking_id=booking.pk, numbers={line.pk: Numbers(26, 1)}).why is (
        Refusal.GROUP_TOO_LARGE
    )
    assert refusal(change_numbers, booking_id=booking.pk, numbers={line.pk: Numbers(4, 1)}).why is (
        Refusal.GROUP_TOO_SMALL
    )


def test_more_pupils_do_not_take_what_is_kept_for_those_who_wait() -> None:
    session = make_session(capacity=10, waiting_rule=Session.WaitingRule.STRICT)
    booking = make_booking(session, pupils=6, label="7.A")
    make_booking(session, pupils=8, label="7.B", wait=True)
    line = booking.lines.get()
    assert refusal(change_numbers, booking_id=booking.pk, numbers={line.pk: Numbers(8, 1)}).why is Refusal.OTHERS_WAIT
    change_session(session_id=session.pk, changes={"waiting_rule": Session.WaitingRule.BOUNDED_BYPASS}, actor_id=None)
    change_numbers(booking_id=booking.pk, numbers={line.pk: Numbers(8, 1)})
    assert Overtaking.objects.get().taken == 2
    assert_all_invariants()


def test_one_who_waits_may_change_the_number_within_the_capacity() -> None:
    session = make_session(capacity=10, **WAITS)
    make_booking(session, pupils=10, label="7.A")
    waiting = make_booking(session, pupils=8, label="7.B", wait=True)
    line = waiting.lines.get()
    assert refusal(change_numbers, booking_id=waiting.pk, numbers={line.pk: Numbers(11, 1)}).why is Refusal.FULL
    assert change_numbers(booking_id=waiting.pk, numbers={line.pk: Numbers(10, 1)}).state == State.WAITLISTED
    assert_all_invariants()


# -- another date -----------------------------------------------------------------------------------------


def two_dates(**fields: Any) -> tuple[Session, Session]:
    workshop = make_workshop()
    return make_session(workshop=workshop, **fields), make_session(workshop=workshop, starts_in=21 * DAY, **fields)


def test_a_booking_moves_with_its_reference_and_calendar_event() -> None:
    one, other = two_dates()
    booking = make_booking(one)
    change_session(session_id=one.pk, changes={"place": "Rådhuset"}, actor_id=None)
    before = last_message(booking).context
    moved = move_booking(booking_id=booking.pk, to_session_id=other.pk)
    assert (moved.session, moved.reference, moved.uuid, moved.state) == (
        other,
        booking.reference,
        booking.uuid,
        State.CONFIRMED,
    )
    assert moved.token_hash == booking.token_hash
    assert (fresh(one).seats_taken, fresh(other).seats_taken) == (0, 24)
    message = last_message(booking)
    assert (message.kind, message.context["before_starts_at"]) == ("bookings.moved", one.starts_at.isoformat())
    assert (message.context["starts_at"], message.context["sequence"]) == (
        other.starts_at.isoformat(),
        before["sequence"] + 1,
    )
    back = move_booking(booking_id=booking.pk, to_session_id=one.pk)
    assert last_message(booking).context["sequence"] == before["sequence"] + 2
    assert (back.session, back.version) == (one, moved.version + 1)
    assert_all_invariants()


def test_moving_where_it_is_writes_nothing() -> None:
    session = make_session()
    booking = make_booking(session)
    before = written()
    assert move_booking(booking_id=booking.pk, to_session_id=session.pk).session == session
    assert written() == before


def test_moving_frees_the_seats_for_those_who_wait() -> None:
    one, other = two_dates(capacity=24, **WAITS)
    booking = make_booking(one, label="7.A")
    waiting = make_booking(one, label="7.B", wait=True)
    move_booking(booking_id=booking.pk, to_session_id=other.pk)
    assert fresh(waiting).state == State.OFFERED
    assert_all_invariants()


def test_what_is_confirmed_moves_to_a_seat_or_not_at_all() -> None:
    one, other = two_dates(capacity=30, **WAITS)
    booking = make_booking(one, label="7.A")
    make_booking(other, label="7.B")
    refused = refusal(move_booking, booking_id=booking.pk, to_session_id=other.pk, wait=True)
    assert (refused.why, fresh(booking).session) == (Refusal.TOO_FEW_SEATS, one)
    assert_all_invariants()


def test_one_who_waits_gets_a_seat_there_or_the_end_of_the_line(clock: time_machine.Coordinates) -> None:
    one, other = two_dates(capacity=24, **WAITS)
    make_booking(one, label="7.A")
    first, second = (make_booking(one, label=f"7.{letter}", wait=True) for letter in "BC")
    clock.shift(HOUR)
    assert move_booking(booking_id=first.pk, to_session_id=other.pk).state == State.CONFIRMED
    assert refusal(move_booking, booking_id=second.pk, to_session_id=other.pk).may_wait is True
    moved = move_booking(booking_id=second.pk, to_session_id=other.pk, wait=True)
    assert (moved.state, moved.queued_at) == (State.WAITLISTED, timezone.now())
    assert_all_invariants()


def test_the_booker_moves_within_the_workshop_and_the_deadlines_and_staff_further(
    clock: time_machine.Coordinates,
) -> None:
    one, other = two_dates(cancel_until=timezone.now() + HOUR)
    elsewhere = make_session(workshop=make_workshop())
    booking = make_booking(one)
    assert refusal(move_booking, booking_id=booking.pk, to_session_id=elsewhere.pk).why is Refusal.ANOTHER_WORKSHOP
    clock.shift(HOUR)
    assert refusal(move_booking, booking_id=booking.pk, to_session_id=other.pk).why is Refusal.TOO_LATE_TO_CANCEL
    assert move_booking(booking_id=booking.pk, to_session_id=elsewhere.pk, by_staff=True).session == elsewhere
    parents = make_session(workshop=make_workshop(audience="parents"))
    found = refusal(move_booking, booking_id=booking.pk, to_session_id=parents.pk, by_staff=True)
    assert found.why is Refusal.ANOTHER_WORKSHOP


def test_a_class_that_is_booked_there_does_not_move_there() -> None:
    one, other = two_dates(capacity=60)
    school = make_school()
    booking = make_booking(one, school=school)
    make_booking(other, school=school)
    assert refusal(move_booking, booking_id=booking.pk, to_session_id=other.pk).why is Refusal.ALREADY_BOOKED


def test_seats_are_counted_in_the_other_dates_unit() -> None:
    workshop = make_workshop()
    pupils, groups = (make_session(workshop=workshop, capacity=30, capacity_unit=unit) for unit in ("people", "groups"))
    booking = make_booking(pupils, pupils=22)
    assert move_booking(booking_id=booking.pk, to_session_id=groups.pk).seats == 1
    assert move_booking(booking_id=booking.pk, to_session_id=pupils.pk).seats == 22
    assert_all_invariants()


def test_what_has_ended_does_not_move() -> None:
    one, other = two_dates()
    booking = make_booking(one)
    cancel(booking_id=booking.pk)
    assert refusal(move_booking, booking_id=booking.pk, to_session_id=other.pk).why is Refusal.ENDED


def test_a_booking_moves_to_a_date_with_approval_by_staff_only() -> None:
    one, other = two_dates()
    Session.objects.filter(pk=other.pk).update(approval_needed=True)
    booking = make_booking(one)
    assert refusal(move_booking, booking_id=booking.pk, to_session_id=other.pk).why is Refusal.APPROVAL_NEEDED
    assert move_booking(booking_id=booking.pk, to_session_id=other.pk, by_staff=True).state == State.CONFIRMED


# -- approval ---------------------------------------------------------------------------------------------


def request(session: Session, label: str, pupils: int = 20, **fields: Any) -> Booking:
    return make_booking(session, label=label, pupils=pupils, **fields)


def test_a_request_holds_no_seat_until_it_is_approved() -> None:
    session = make_session(approval_needed=True)
    booking = request(session, "7.A")
    assert (booking.state, fresh(session).seats_taken, last_message(booking).kind) == (
        State.REQUESTED,
        0,
        "bookings.received",
    )
    actor = make_user("coordinator")
    [approved] = approve(booking_ids=[booking.pk], actor_id=actor.pk)
    assert (approved.state, fresh(session).seats_taken, last_message(booking).kind) == (
        State.CONFIRMED,
        20,
        "bookings.confirmed",
    )
    assert AuditEvent.objects.latest("pk").actor == actor
    before = written()
    approve(booking_ids=[booking.pk], actor_id=actor.pk)
    assert written() == before
    assert_all_invariants()


def test_many_are_approved_all_or_none() -> None:
    session = make_session(approval_needed=True, capacity=30)
    one, two = request(session, "7.A"), request(session, "7.B")
    before = written()
    refused = refusal(approve, booking_ids=[one.pk, two.pk], actor_id=None)
    assert (refused.why, refused.label, refused.free) == (Refusal.TOO_FEW_SEATS, two.reference, 10)
    assert [fresh(one).state, fresh(two).state, written()] == [State.REQUESTED, State.REQUESTED, before]
    other = request(make_session(approval_needed=True), "7.C")
    assert {each.state for each in approve(booking_ids=[other.pk, one.pk], actor_id=None)} == {State.CONFIRMED}
    assert_all_invariants()


def test_approved_without_room_one_waits_since_the_request(clock: time_machine.Coordinates) -> None:
    session = make_session(approval_needed=True, capacity=30, **WAITS)
    one, two = request(session, "7.A"), request(session, "7.B")
    clock.shift(HOUR)
    approve(booking_ids=[one.pk, two.pk], wait=True, actor_id=None)
    assert (fresh(two).state, two.queued_at, last_message(two).kind) == (
        State.WAITLISTED,
        two.created_at,
        "bookings.waiting",
    )
    cancel(booking_id=one.pk)
    assert fresh(two).state == State.OFFERED
    assert_all_invariants()


def test_rejecting_tells_why_and_needs_a_reason() -> None:
    session = make_session(approval_needed=True)
    one, two = request(session, "7.A"), request(session, "7.B")
    with pytest.raises(ValueError, match="reason"):
        reject(booking_ids=[one.pk], reason=" ", actor_id=None)
    reject(booking_ids=[one.pk, two.pk], reason="Ingen underviser", actor_id=None)
    assert [fresh(one).state, fresh(two).state] == [State.REJECTED, State.REJECTED]
    message = last_message(one)
    assert (message.kind, message.context["reason"]) == ("bookings.rejected", "Ingen underviser")
    before = written()
    reject(booking_ids=[one.pk], reason="Ingen underviser", actor_id=None)
    assert written() == before
    assert refusal(approve, booking_ids=[one.pk], actor_id=None).why is Refusal.ENDED
    assert request(session, "7.A").state == State.REQUESTED
    assert_all_invariants()


def test_only_requests_are_rejected_and_unknown_ones_are_not_found() -> None:
    booking = make_booking(make_session())
    assert refusal(reject, booking_ids=[booking.pk], reason="Nej", actor_id=None).why is Refusal.NOT_REQUESTED
    with pytest.raises(Booking.DoesNotExist):
        approve(booking_ids=[booking.pk, 999_999], actor_id=None)


def test_a_coordinator_approves_after_registration_has_closed(clock: time_machine.Coordinates) -> None:
    session = make_session(approval_needed=True, closes_at=timezone.now() + HOUR, capacity=20, **WAITS)
    one, two = request(session, "7.A"), request(session, "7.B")
    clock.shift(HOUR)
    assert approve(booking_ids=[one.pk], actor_id=None)[0].state == State.CONFIRMED
    assert refusal(approve, booking_ids=[two.pk], wait=True, actor_id=None).why is Refusal.FULL


def test_a_request_beyond_the_room_waits_only_if_one_will() -> None:
    session = make_session(approval_needed=True, capacity=10, **WAITS)
    Session.objects.filter(pk=session.pk).update(approval_needed=False)
    request(session, "7.A", 10)
    Session.objects.filter(pk=session.pk).update(approval_needed=True)
    assert refusal(request, session, "7.B", 5).may_wait is True
    assert request(session, "7.B", 5, wait=True).state == State.REQUESTED


# -- series -----------------------------------------------------------------------------------------------


def make_series(mode: str, *, dates: int = 3, **fields: Any) -> tuple[SessionSeries, list[Session]]:
    workshop = make_workshop()
    series = SessionSeries.objects.create(workshop=workshop, mode=mode)
    starts = (dt.timedelta(days=14 + 7 * number) for number in range(dates))
    return series, [make_session(workshop=workshop, series=series, starts_in=start, **fields) for start in starts]


def together(series: SessionSeries, pupils: int = 20, *, key: uuid.UUID | None = None, **fields: Any) -> list[Booking]:
    party = class_party(
        school=BookingSchool(unlisted_name="Skolen"), groups=[ClassGroup(fields.pop("label", "7.B"), 7, pupils, 2)]
    )
    return book_series(
        series_id=series.pk,
        party=party,
        contact=CONTACT,
        language="da",
        idempotency_key=key or uuid.uuid4(),
        **fields,
    )


def test_a_series_is_booked_whole_or_not_at_all() -> None:
    series, dates = make_series("all", capacity=30)
    bookings = together(series)
    assert [booking.session for booking in bookings] == dates
    assert len({booking.series_key for booking in bookings}) == 1
    assert [fresh(date).seats_taken for date in dates] == [20, 20, 20]
    change_session(session_id=dates[0].pk, changes={"capacity": 60}, actor_id=None)
    change_session(session_id=dates[2].pk, changes={"capacity": 60}, actor_id=None)
    refused = refusal(together, series, label="7.C")
    assert (refused.why, refused.label) == (Refusal.TOO_FEW_SEATS, str(dates[1]))
    assert Booking.objects.count() == 3
    assert_all_invariants()


def test_a_date_of_a_whole_series_is_not_booked_alone() -> None:
    _series, dates = make_series("all")
    assert refusal(make_booking, dates[0]).why is Refusal.ONLY_TOGETHER


def test_of_a_series_with_room_those_are_booked_that_have_it() -> None:
    series, dates = make_series("with_room", capacity=30, **WAITS)
    make_booking(dates[1])
    bookings = together(series)
    assert [booking.session for booking in bookings] == [dates[0], dates[2]]
    waiting = together(series, label="7.C", wait=True)
    assert [booking.state for booking in waiting] == [State.WAITLISTED] * 3
    assert refusal(together, series, label="7.D").why is Refusal.TOO_FEW_SEATS
    assert_all_invariants()


def test_a_series_sent_twice_is_booked_once() -> None:
    series, _dates = make_series("all")
    key = uuid.uuid4()
    first, before = together(series, key=key), written()
    assert (together(series, key=key), written()) == (first, before)


def test_a_cancelled_date_is_no_part_of_the_series() -> None:
    series, dates = make_series("all")
    Session.objects.filter(pk=dates[1].pk).update(status=Session.Status.CANCELLED)
    assert [booking.session for booking in together(series)] == [dates[0], dates[2]]
