"""Book a class onto a session, and cancel a booking (domain.md §3)."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass, field

from django.utils import timezone

from bookings.domain.locking import locked_session, retried
from bookings.domain.seats import recount, seats_for
from bookings.facts import cancellable, group_limits, session_facts
from bookings.links import hash_of, token_of
from bookings.messages import tell_booked, tell_cancelled
from bookings.models import Booking, GroupLine, Session
from bookings.rules import Group, Refusal, State, availability, fold, label_key
from vaern.audit.domain import record
from vaern.people.models import Organisation

# No 0/O, 1/I/L: a reference is read aloud on the phone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Refused(Exception):
    """The change is not allowed; `why` says which rule, `label` which class where it is about one."""

    def __init__(self, why: Refusal, *, label: str = "", free: int | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.label = label
        self.free = free


class SentBefore(Exception):
    """The form has made a booking already, and now says something else: it needs a key of its own."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking.reference)
        self.booking = booking


@dataclass(frozen=True)
class ClassGroup:
    """One class as the booker gave it."""

    label: str
    grade: int
    pupils: int
    adults: int
    needs: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Contact:
    """Who books, and who is in charge on the day when that is somebody else."""

    name: str
    email: str
    phone: str = ""
    responsible_name: str = ""
    responsible_email: str = ""


@dataclass(frozen=True)
class BookingSchool:
    """A school of the register, or the name of one that is not in it."""

    organisation: Organisation | None = None
    unlisted_name: str = ""

    @property
    def name(self) -> str:
        """Return the school's name as it is called now."""
        return self.organisation.name if self.organisation else self.unlisted_name

    @property
    def key(self) -> str:
        """Return what makes it the same school: its institution number, or its folded name."""
        return self.organisation.school.institution_number if self.organisation else "name:" + fold(self.unlisted_name)

    @property
    def institution_type(self) -> str:
        """Return the register's type today, or nothing for an unlisted school, which then counts in no goal."""
        return self.organisation.school.institution_type if self.organisation else ""


@retried
def book_class(
    *,
    session_id: int,
    school: BookingSchool,
    groups: list[ClassGroup],
    contact: Contact,
    language: str,
    idempotency_key: uuid.UUID,
    actor_id: int | None = None,
) -> Booking:
    """Book one or more classes onto a session: all or nothing (domain.md §3, new → CONFIRMED).

    The same `idempotency_key` answers with the same booking and writes nothing (I4). Raises SentBefore when the key has
    booked something else, Refused with the rule that forbids it, Session.DoesNotExist, or Busy.
    """
    parties = tuple(Group(group.pupils) for group in groups)
    with locked_session(session_id) as session:
        again = Booking.objects.filter(idempotency_key=idempotency_key).first()
        if again:
            return _the_same(again, school, groups, contact)
        now = timezone.now()  # after the lock: the wait must not let a late booking in
        seats = seats_for(parties, unit=session.capacity_unit)
        _refuse_doubles(session, school, groups)
        why = availability(session_facts(session), now=now, seats=seats, groups=parties, limits=group_limits(session))
        if why:
            raise Refused(why, free=session.free)
        booking = _write(
            session=session,
            school=school,
            groups=groups,
            contact=contact,
            seats=seats,
            language=language,
            idempotency_key=idempotency_key,
            now=now,
        )
        recount(session)
        record(
            action="booking.confirmed",
            subject_type="booking",
            subject_key=str(booking.uuid),
            actor_id=actor_id,
            session=str(session.uuid),
            seats=seats,
        )
        tell_booked(booking, session)
        return booking


def _the_same(booking: Booking, school: BookingSchool, groups: list[ClassGroup], contact: Contact) -> Booking:
    """Return the booking that this very form has made, unless it has been filled in otherwise since."""
    lines = booking.lines.values_list("school_key", "label_key", "grade", "pupils", "adults")
    classes = [(school.key, label_key(each.label), each.grade, each.pupils, each.adults) for each in groups]
    if sorted(lines) != sorted(classes) or booking.contact_email != contact.email.lower():
        raise SentBefore(booking)
    return booking


def _refuse_doubles(session: Session, school: BookingSchool, groups: list[ClassGroup]) -> None:
    """Refuse a class that is booked already, or stands twice in the form (domain.md I3)."""
    seen = set(session.lines.filter(active=True, school_key=school.key).values_list("label_key", flat=True))
    for group in groups:
        key = label_key(group.label)
        if key in seen:
            raise Refused(Refusal.ALREADY_BOOKED, label=group.label)
        seen.add(key)


def _write(
    *,
    session: Session,
    school: BookingSchool,
    groups: list[ClassGroup],
    contact: Contact,
    seats: int,
    language: str,
    idempotency_key: uuid.UUID,
    now: dt.datetime,
) -> Booking:
    """Write the booking and its lines, with the school's name and type as they are today."""
    booking_uuid = uuid.uuid4()
    booking = Booking.objects.create(
        uuid=booking_uuid,
        reference=_new_reference(),
        session=session,
        audience=session.workshop.audience,
        state=State.CONFIRMED,
        seats=seats,
        contact_name=contact.name,
        contact_email=contact.email.lower(),
        contact_phone=contact.phone,
        responsible_name=contact.responsible_name,
        responsible_email=contact.responsible_email.lower(),
        language=language,
        school=school.organisation,
        school_name=school.name,
        school_unlisted=school.organisation is None,
        idempotency_key=idempotency_key,
        token_hash=hash_of(token_of(booking_uuid)),
        created_at=now,
    )
    GroupLine.objects.bulk_create(
        GroupLine(
            booking=booking,
            session=session,
            school_key=school.key,
            institution_type=school.institution_type,
            label=group.label,
            label_key=label_key(group.label),
            grade=group.grade,
            pupils=group.pupils,
            adults=group.adults,
            needs=group.needs,
        )
        for group in groups
    )
    return booking


def _new_reference() -> str:
    """Return a reference nobody has; eight characters, so a clash is met about never and looked for all the same."""
    while True:
        reference = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
        if not Booking.objects.filter(reference=reference).exists():
            return reference


@retried
def cancel(*, booking_id: int, reason: str = "", by_staff: bool = False, actor_id: int | None = None) -> Booking:
    """End a booking and free its seats (domain.md §3, any active → CANCELLED).

    Staff must give a reason, which the booker is told. Cancelling what is cancelled already answers with it and writes
    nothing. Raises Refused when the booking has ended otherwise, attendance has been reported for it or the booker is
    past the deadline, ValueError for staff without a reason, Booking.DoesNotExist, or Busy.
    """
    if by_staff and not reason.strip():
        raise ValueError("staff give a reason when they cancel a booking")
    session_id = Booking.objects.values_list("session_id", flat=True).get(pk=booking_id)
    with locked_session(session_id) as session:
        booking = Booking.objects.get(pk=booking_id)
        if booking.state == State.CANCELLED:
            return booking
        now = timezone.now()
        why = cancellable(booking, session, now=now, by_staff=by_staff)
        if why:
            raise Refused(why)
        end(booking, State.CANCELLED, now=now, reason=reason)
        recount(session)
        record(
            action="booking.cancelled",
            subject_type="booking",
            subject_key=str(booking.uuid),
            actor_id=actor_id,
            session=str(session.uuid),
            by_staff=by_staff,
        )
        tell_cancelled(booking, session)
        return booking


def end(booking: Booking, state: State, *, now: dt.datetime, reason: str = "") -> None:
    """Bring a booking to one of its ends; the caller has its session locked and recounts the seats."""
    booking.state = state
    booking.ended_at = now
    booking.end_reason = reason
    booking.offer_expires_at = None
    booking.version += 1
    booking.calendar_sequence += 1
    booking.save(update_fields=["state", "ended_at", "end_reason", "offer_expires_at", "version", "calendar_sequence"])
    booking.lines.update(active=False)
