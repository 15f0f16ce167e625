"""Book a class, parents or staff onto a session, and cancel a booking (domain.md §3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import IntegrityError
from django.utils import timezone

from bookings.domain.ending import end
from bookings.domain.engine import Order, book_at_first_sight, book_locked, note, prepare, sent_before
from bookings.domain.errors import Refused, SentBefore
from bookings.domain.locking import locked_booking, locked_session, retried
from bookings.domain.parties import BookingSchool, Classes, ClassGroup, Contact, People, Person
from bookings.domain.seats import recount
from bookings.facts import cancellable
from bookings.messages import tell_cancelled
from bookings.models import Booking
from bookings.rules import State
from courses.models import WorkshopPage

__all__ = [
    "BookingSchool",
    "ClassGroup",
    "Contact",
    "Person",
    "Refused",
    "SentBefore",
    "book_class",
    "book_parents",
    "book_staff",
    "cancel",
    "end",
]

GROWN_UPS = frozenset({WorkshopPage.Audience.PARENTS, WorkshopPage.Audience.ADULTS})
STAFF = frozenset({WorkshopPage.Audience.STAFF})


def book_class(
    *,
    session_id: int,
    school: BookingSchool,
    groups: Sequence[ClassGroup],
    contact: Contact,
    language: str,
    idempotency_key: uuid.UUID,
    actor_id: int | None = None,
    wait: bool = False,
    confirm_at_once: bool = False,
) -> Booking:
    """Book one or more classes onto a session: all or nothing (domain.md §3, new → CONFIRMED, WAITLISTED, REQUESTED).

    `wait`: take a place on the waiting list when there is no room; `confirm_at_once`: and the seats when they come,
    without an offer to answer. The same `idempotency_key` answers with the same booking and writes nothing (I4).
    Raises SentBefore when the key has booked something else, Refused with the rule that forbids it (`may_wait` when
    only seats are missing), Session.DoesNotExist, or Busy.
    """
    party = Classes(school, tuple(groups))
    return _book(session_id, Order(party, contact, language, idempotency_key, actor_id, wait, confirm_at_once))


def book_parents(
    *,
    session_id: int,
    contact: Contact,
    second_adult: Person | None = None,
    language: str,
    idempotency_key: uuid.UUID,
    actor_id: int | None = None,
    wait: bool = False,
    confirm_at_once: bool = False,
) -> Booking:
    """Book the one who registers, and perhaps a second adult, onto a session for parents or other adults.

    No child is named. Otherwise as `book_class`; an address that takes part already is refused (I3).
    """
    people = [Person(contact.name, contact.email), *([second_adult] if second_adult else [])]
    party = People(people, GROWN_UPS)
    return _book(session_id, Order(party, contact, language, idempotency_key, actor_id, wait, confirm_at_once))


def book_staff(
    *,
    session_id: int,
    contact: Contact,
    administration_id: int,
    workplace: str,
    role: str,
    team: Sequence[Person] | None = None,
    language: str,
    idempotency_key: uuid.UUID,
    actor_id: int | None = None,
    wait: bool = False,
    confirm_at_once: bool = False,
) -> Booking:
    """Book the contact onto a session for staff, or a `team` in the contact's place: a leader for a team.

    The team is everybody who takes part; a leader who does is one of them. A `Person()` without a name keeps a seat
    for somebody who is named later (`change_people`). Otherwise as `book_class`; an address that takes part already is
    refused (I3). Raises ValueError for an empty team.
    """
    if team is not None and not team:
        raise ValueError("a team has at least one person")
    people = list(team) if team is not None else [Person(contact.name, contact.email)]
    party = People(people, STAFF, administration_id=administration_id, workplace=workplace, role=role)
    return _book(session_id, Order(party, contact, language, idempotency_key, actor_id, wait, confirm_at_once))


@retried
def _book(session_id: int, order: Order) -> Booking:
    """Book without a look at what is booked already, which the unique keys know; when one of them objects, look."""
    prepared = prepare()
    try:
        with locked_session(session_id) as session:
            return book_at_first_sight(session, order, prepared)
    except IntegrityError:
        prepared = prepare()  # it can have been the reference
    with locked_session(session_id) as session:
        return sent_before(order) or book_locked(session, order, prepared)


@retried
def cancel(*, booking_id: int, reason: str = "", by_staff: bool = False, actor_id: int | None = None) -> Booking:
    """End a booking and free its seats (domain.md §3, any active → CANCELLED); then those who wait get them.

    Staff must give a reason, which the booker is told. Cancelling what is cancelled already answers with it and writes
    nothing. Raises Refused when the booking has ended otherwise, attendance has been reported for it or the booker is
    past the deadline, ValueError for staff without a reason, Booking.DoesNotExist, or Busy.
    """
    if by_staff and not reason.strip():
        raise ValueError("staff give a reason when they cancel a booking")
    with locked_booking(booking_id) as (booking, session):
        if booking.state == State.CANCELLED:
            return booking
        now = timezone.now()
        why = cancellable(booking, session, now=now, by_staff=by_staff)
        if why:
            raise Refused(why)
        was_confirmed = booking.state == State.CONFIRMED
        end(booking, State.CANCELLED, now=now, reason=reason)
        recount(session)
        note("booking.cancelled", booking, session, actor_id=actor_id, by_staff=by_staff)
        tell_cancelled(booking, session, invited=was_confirmed)
        return booking
