"""Parents and staff: their few fields, persons as lines, one address once (domain.md §3, I3)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bookings.domain.booking import Person, Refused, SentBefore, book_staff, cancel
from bookings.domain.changes import Seat, change_people
from bookings.models import Booking, PersonLine, Session
from bookings.rules import Refusal, State
from tests.bookings.oracle import assert_all_invariants
from tests.factories.bookings import contact, make_booking, make_parents, make_session, make_staff
from tests.factories.courses import make_workshop
from vaern.outbox.models import Message
from vaern.people.models import Administration

pytestmark = pytest.mark.usefixtures("site", "clock")


def date_for(audience: str, **fields: Any) -> Session:
    return make_session(workshop=make_workshop(audience=audience, grade_from=None, grade_to=None), **fields)


def refusal(call: Any, *args: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **fields)
    return caught.value


def names(booking: Booking) -> list[tuple[str, str]]:
    return list(booking.people.values_list("name", "email"))


def test_a_parent_books_alone_or_with_a_second_adult() -> None:
    session = date_for("parents", capacity=3)
    alone = make_parents(session, 1)
    assert (alone.state, alone.seats, alone.school, alone.administration) == (State.CONFIRMED, 1, None, None)
    assert names(alone) == [("Person 1", "person1@example.dk")]
    two = make_parents(session, 2, second=Person("Bo Bæk", "BO@example.dk"))
    assert (two.seats, names(two)) == (2, [("Person 2", "person2@example.dk"), ("Bo Bæk", "bo@example.dk")])
    session.refresh_from_db()
    assert (session.seats_taken, list(two.lines.all())) == (3, [])
    assert refusal(make_parents, session, 3).why is Refusal.FULL
    assert_all_invariants()


def test_adults_of_civil_society_book_as_parents_do() -> None:
    assert make_parents(date_for("adults")).audience == "adults"


def test_a_second_adult_may_be_known_by_no_address() -> None:
    session = date_for("parents")
    make_parents(session, 1, second=Person("Bo"))
    assert make_parents(session, 2, second=Person("Bo")).seats == 2
    assert_all_invariants()


@pytest.mark.parametrize("email", ["person1@example.dk", "PERSON1@example.dk", "bo@example.dk", "Bo@Example.DK"])
def test_an_address_takes_part_once(email: str) -> None:
    session = date_for("parents")
    first = make_parents(session, 1, second=Person("Bo", "bo@example.dk"))
    other = contact(2)
    refused = refusal(make_parents, session, contact=other, second=Person("X", email))
    assert (refused.why, refused.label) == (Refusal.ALREADY_BOOKED, email.lower())
    cancel(booking_id=first.pk)
    assert make_parents(session, contact=other, second=Person("X", email)).state == State.CONFIRMED
    assert_all_invariants()


def test_the_second_adult_is_another_one() -> None:
    session = date_for("parents")
    assert refusal(make_parents, session, 1, second=Person("Bo", "Person1@example.dk")).why is Refusal.ALREADY_BOOKED


def test_the_database_refuses_an_address_twice() -> None:
    session = date_for("parents")
    one, two = make_parents(session, 1), make_parents(session, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonLine.objects.filter(booking=two).update(email="PERSON1@example.dk")
    cancel(booking_id=one.pk)
    PersonLine.objects.filter(booking=two).update(email="PERSON1@example.dk")


def test_staff_have_exactly_one_administration() -> None:
    session = date_for("staff")
    booking = make_staff(session)
    assert (booking.audience, booking.workplace, booking.role) == ("staff", "Borgercenter", "Sagsbehandler")
    assert booking.administration is not None
    with pytest.raises(IntegrityError, match="booking_staff_has_an_administration"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(administration=None)
    parents = make_parents(date_for("parents"))
    with pytest.raises(IntegrityError, match="booking_staff_has_an_administration"), transaction.atomic():
        Booking.objects.filter(pk=parents.pk).update(administration=booking.administration)


def test_a_leader_books_for_a_team_with_seats_for_those_who_are_named_later() -> None:
    session = date_for("staff", capacity=5)
    people = [Person("Ida", "ida@example.dk"), Person("Per", "per@example.dk"), Person(), Person()]
    booking = make_staff(session, people=people)
    assert (booking.seats, booking.contact_email) == (4, "person1@example.dk")
    assert names(booking) == [("Ida", "ida@example.dk"), ("Per", "per@example.dk"), ("", ""), ("", "")]
    assert refusal(make_staff, session, 2, team=2).free == 1
    lines = list(booking.people.all())
    seats = [Seat(Person(line.name, line.email), line.pk) for line in lines[:2]]
    change_people(
        booking_id=booking.pk,
        people=[*seats, Seat(Person("Eva", "eva@example.dk"), lines[2].pk), Seat(Person(), lines[3].pk)],
    )
    assert names(booking)[2:] == [("Eva", "eva@example.dk"), ("", "")]
    assert_all_invariants()


def test_an_empty_team_is_no_booking() -> None:
    with pytest.raises(ValueError, match="team"):
        book_staff(
            session_id=date_for("staff").pk,
            contact=contact(1),
            administration_id=Administration.objects.order_by("pk")[0].pk,
            workplace="",
            role="",
            team=[],
            language="da",
            idempotency_key=uuid.uuid4(),
        )


def test_each_audience_books_its_own_dates() -> None:
    for_class, for_parents, for_staff = make_session(), date_for("parents"), date_for("staff")
    verbs = {make_booking: for_class, make_parents: for_parents, make_staff: for_staff}
    for verb, own in verbs.items():
        for session in (for_class, for_parents, for_staff):
            if session is own:
                assert verb(session).state == State.CONFIRMED  # type: ignore[operator]
            else:
                assert refusal(verb, session).why is Refusal.NOT_BOOKED_HERE


def test_a_form_sent_again_answers_with_its_booking() -> None:
    session, key = date_for("parents"), uuid.uuid4()
    booking = make_parents(session, 1, idempotency_key=key)
    assert make_parents(session, 1, idempotency_key=key) == booking
    with pytest.raises(SentBefore):
        make_parents(session, 1, second=Person("Bo"), idempotency_key=key)
    assert (Booking.objects.count(), Message.objects.count()) == (1, 1)


def test_a_place_that_is_a_group_is_taken_by_a_whole_team() -> None:
    session = date_for("staff", capacity=2, capacity_unit=Session.Unit.GROUPS)
    assert make_staff(session, 1, team=8).seats == 1
    session.refresh_from_db()
    assert session.seats_taken == 1


def test_names_change_on_a_full_date_and_more_persons_do_not_fit() -> None:
    session = date_for("parents", capacity=2)
    booking = make_parents(session, 1, second=Person("Bo", "bo@example.dk"))
    me, other = booking.people.all()
    swapped = [Seat(Person("Bo", "bo@example.dk"), me.pk), Seat(Person("Person 1", "person1@example.dk"), other.pk)]
    change_people(booking_id=booking.pk, people=swapped)
    assert names(booking) == [("Bo", "bo@example.dk"), ("Person 1", "person1@example.dk")]
    assert refusal(change_people, booking_id=booking.pk, people=[*swapped, Seat(Person("C"))]).why is Refusal.FULL
    change_people(booking_id=booking.pk, people=swapped[1:])
    session.refresh_from_db()
    assert (names(booking), session.seats_taken) == ([("Person 1", "person1@example.dk")], 1)
    written = Message.objects.count()
    change_people(booking_id=booking.pk, people=swapped[1:])
    assert Message.objects.count() == written
    with pytest.raises(PersonLine.DoesNotExist):
        change_people(booking_id=booking.pk, people=swapped)
    assert_all_invariants()


def test_a_person_who_is_added_takes_part_once() -> None:
    session = date_for("parents")
    booking, other = make_parents(session, 1), make_parents(session, 2)
    mine = Seat(Person("Person 1", "person1@example.dk"), booking.people.get().pk)
    taken = Seat(Person("X", other.contact_email.upper()))
    assert refusal(change_people, booking_id=booking.pk, people=[mine, taken]).why is Refusal.ALREADY_BOOKED


def test_parents_wait_and_are_promoted_together() -> None:
    session = date_for("parents", capacity=2, waiting_rule=Session.WaitingRule.BOUNDED_BYPASS)
    first = make_parents(session, 1)
    two = make_parents(session, 2, second=Person("Bo"), wait=True)
    assert two.state == State.WAITLISTED
    cancel(booking_id=first.pk)
    two.refresh_from_db()
    assert (two.state, two.offer_expires_at is not None) == (State.OFFERED, True)
    assert_all_invariants()


def test_deadlines_hold_for_them_as_well() -> None:
    session = date_for("parents", starts_in=dt.timedelta(0))
    assert refusal(make_parents, session).why is Refusal.STARTED
