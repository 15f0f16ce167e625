"""Change a booking's numbers or persons, and move it to another session (domain.md §3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from bookings.domain.engine import note, refused
from bookings.domain.errors import Refused
from bookings.domain.line import note_overtaking
from bookings.domain.locking import locked_booking, locked_move, retried
from bookings.domain.parties import Person, refuse_booked_addresses
from bookings.domain.seats import recount, seats_for
from bookings.facts import group_limits, groups_of, is_reported, renumberable, session_facts
from bookings.messages import tell_moved, tell_numbers
from bookings.models import Booking, GroupLine, PersonLine, Session
from bookings.rules import SEAT_HOLDING, Group, Refusal, State, moving


@dataclass(frozen=True)
class Numbers:
    """A class's pupils and adults, as they shall be."""

    pupils: int
    adults: int


@retried
def change_numbers(
    *, booking_id: int, numbers: Mapping[int, Numbers], by_staff: bool = False, actor_id: int | None = None
) -> Booking:
    """Give the classes of a booking other numbers; `numbers` is {line id: numbers}, lines not named stay (n → m).

    More only when the difference fits. The booker until registration closes, staff until attendance is reported. What
    is so already writes nothing. Raises Refused, GroupLine.DoesNotExist for a line of another booking, or Busy.
    """
    with locked_booking(booking_id) as (booking, session):
        lines = {line.pk: line for line in booking.lines.all()}
        if not numbers.keys() <= lines.keys():
            raise GroupLine.DoesNotExist
        changed = [
            line
            for line in lines.values()
            if (new := numbers.get(line.pk)) and (line.pupils, line.adults) != _pair(new)
        ]
        for line in changed:
            line.pupils, line.adults = _pair(numbers[line.pk])
        groups = groups_of(lines.values())
        seats = seats_for(groups, unit=session.capacity_unit)
        # What is not changed is not measured anew: a class may be larger than a limit that came later.
        _renumber(booking, session, seats=seats, groups=groups_of(changed), by_staff=by_staff)
        if changed:
            GroupLine.objects.bulk_update(changed, ["pupils", "adults"])
            _write_seats(booking, session, seats, actor_id=actor_id, by_staff=by_staff)
        return booking


@dataclass(frozen=True)
class Seat:
    """Who sits on one seat of a booking: a line that is there already, or (None) a new one."""

    person: Person
    line_id: int | None = None


@retried
def change_people(
    *, booking_id: int, people: Sequence[Seat], by_staff: bool = False, actor_id: int | None = None
) -> Booking:
    """Say who takes part: `people` is everybody, lines not named are taken off (n → m for parents and staff).

    A name can be changed on a full session: only more persons need more seats. Raises ValueError for nobody at all,
    PersonLine.DoesNotExist for a line of another booking, Refused (also for an address that takes part already), Busy.
    """
    if not people:
        raise ValueError("a booking is for somebody; cancel it instead")
    with locked_booking(booking_id) as (booking, session):
        lines = {line.pk: line for line in booking.people.all()}
        kept = {seat.line_id: seat.person for seat in people if seat.line_id is not None}
        if not kept.keys() <= lines.keys():
            raise PersonLine.DoesNotExist
        _refuse_doubled([seat.person for seat in people], booking, session)
        seats = 1 if session.capacity_unit == Session.Unit.GROUPS else len(people)
        _renumber(booking, session, seats=seats, groups=(), by_staff=by_staff)
        gone = [pk for pk in lines if pk not in kept]
        new = [seat.person for seat in people if seat.line_id is None]
        changed = [line for pk, line in lines.items() if pk in kept and (line.name, line.email) != _named(kept[pk])]
        for line in changed:
            line.name, line.email = _named(kept[line.pk])
        if gone or new or changed:
            PersonLine.objects.filter(pk__in=gone).delete()
            _swap_names(changed)
            PersonLine.objects.bulk_create(
                PersonLine(booking=booking, session=session, name=name, email=email) for name, email in map(_named, new)
            )
            _write_seats(booking, session, seats, actor_id=actor_id, by_staff=by_staff)
        return booking


@retried
def move_booking(
    *,
    booking_id: int,
    to_session_id: int,
    wait: bool = False,
    by_staff: bool = False,
    actor_id: int | None = None,
) -> Booking:
    """Move a booking to another session: the same reference, link and calendar UID (domain.md §3).

    The booker to another date of the same workshop, while the booking can be cancelled and the other date booked; staff
    to any session for the same audience. What waits gets seats there if there are any, or waits at the end of that
    line (`wait`). Moving it where it is writes nothing. Raises Refused, Session.DoesNotExist, or Busy.
    """
    with locked_move(booking_id, to_session_id) as (booking, source, target):
        if source.pk == target.pk:
            return booking
        now = timezone.now()
        seats = _seats_on(booking, target)
        _refuse_elsewhere(booking, source, target, by_staff=by_staff)
        found = moving(
            session_facts(source),
            session_facts(target),
            state=State(booking.state),
            seats=seats,
            now=now,
            by_staff=by_staff,
            reported=is_reported(booking),
            groups=groups_of(booking.lines.all()),
            limits=group_limits(target),
            wait=wait,
        )
        if found.state is None:
            raise refused(found, target)
        _move(booking, source, target, state=found.state, seats=seats, now=now)
        note("booking.moved", booking, target, actor_id=actor_id, before=str(source.uuid), by_staff=by_staff)
        tell_moved(booking, target, source)
        return booking


def _pair(numbers: Numbers) -> tuple[int, int]:
    return numbers.pupils, numbers.adults


def _named(person: Person) -> tuple[str, str]:
    return person.name, person.email.lower()


def _refuse_doubled(people: Sequence[Person], booking: Booking, session: Session) -> None:
    """Refuse an address that stands twice, or takes part in another booking of the session (I3)."""
    addresses = [person.email.lower() for person in people if person.email]
    doubled = next((email for email in addresses if addresses.count(email) > 1), "")
    if doubled:
        raise Refused(Refusal.ALREADY_BOOKED, label=doubled)
    refuse_booked_addresses(session, addresses, but=booking)


def _swap_names(lines: list[PersonLine]) -> None:
    """Write names and addresses; two persons who change seats would meet each other's address, so it is freed first."""
    PersonLine.objects.filter(pk__in=[line.pk for line in lines]).update(email="")
    PersonLine.objects.bulk_update(lines, ["name", "email"])


def _renumber(booking: Booking, session: Session, *, seats: int, groups: tuple[Group, ...], by_staff: bool) -> None:
    """Refuse what may not be; note who is passed over when more seats are taken."""
    now = timezone.now()
    why = renumberable(booking, session, seats=seats, now=now, by_staff=by_staff, groups=groups)
    if why:
        raise Refused(why, free=session.free)
    if booking.state in SEAT_HOLDING and seats > booking.seats:
        note_overtaking(session, booking, now=now, taken=seats - booking.seats)


def _write_seats(booking: Booking, session: Session, seats: int, *, actor_id: int | None, by_staff: bool) -> None:
    before = booking.seats
    booking.seats = seats
    booking.version += 1
    booking.save(update_fields=["seats", "version"])
    recount(session)
    note("booking.renumbered", booking, session, actor_id=actor_id, before=before, seats=seats, by_staff=by_staff)
    tell_numbers(booking, session)


def _seats_on(booking: Booking, session: Session) -> int:
    """Return the seats the booking takes in another session, whose seats may be something else."""
    if session.capacity_unit == booking.session.capacity_unit:
        return booking.seats
    groups = groups_of(booking.lines.all())
    if groups:
        return seats_for(groups, unit=session.capacity_unit)
    return 1 if session.capacity_unit == Session.Unit.GROUPS else booking.people.count()


def _refuse_elsewhere(booking: Booking, source: Session, target: Session, *, by_staff: bool) -> None:
    """Refuse another kind of session, and one where the same class or person is booked already (I3)."""
    same = source.workshop.translation_key == target.workshop.translation_key
    if target.workshop.audience != booking.audience or not (same or by_staff):
        raise Refused(Refusal.ANOTHER_WORKSHOP)
    for line in booking.lines.all():
        if target.lines.filter(active=True, school_key=line.school_key, label_key=line.label_key).exists():
            raise Refused(Refusal.ALREADY_BOOKED, label=line.label)
    refuse_booked_addresses(target, [person.email for person in booking.people.all() if person.email])


def _move(booking: Booking, source: Session, target: Session, *, state: State, seats: int, now: dt.datetime) -> None:
    """Write the booking onto its new session, its place in line anew, and count both."""
    if state in SEAT_HOLDING:
        booking.seats = seats
        note_overtaking(target, booking, now=now)
    sequence = source.calendar_sequence + booking.calendar_sequence
    booking.session = target
    booking.state = state
    booking.seats = seats
    if state == State.CONFIRMED:
        booking.confirmed_at = booking.confirmed_at or now
    booking.offer_expires_at = None
    booking.queued_at = now if state == State.WAITLISTED else None
    booking.passed_over = 0
    booking.version += 1
    # The two add up to what the calendar file says, which must rise (domain.md §7).
    booking.calendar_sequence = max(0, sequence + 1 - target.calendar_sequence)
    booking.save(
        update_fields=[
            "session",
            "state",
            "seats",
            "offer_expires_at",
            "queued_at",
            "passed_over",
            "confirmed_at",
            "version",
            "calendar_sequence",
        ]
    )
    booking.lines.update(session=target)
    booking.people.update(session=target)
    recount(source)
    recount(target)
