"""What a past session consists of, as invented: its bookings, who came, and what the audit says of it."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field

from bookings.domain.booking import BookingSchool, ClassGroup, Contact
from bookings.domain.engine import REFERENCE_ALPHABET
from bookings.domain.seats import seats_for
from bookings.links import hash_of, token_of
from bookings.models import AttendanceRecord, Booking, GroupLine, Session
from bookings.rules import Group, State, label_key
from courses.models import WorkshopPage
from vaern.demo.roster import Draft
from vaern.people.models import User

NOT_HELD, CORRECTED, POORLY_ATTENDED = 0.03, 0.03, 0.05
REASONS = (
    AttendanceRecord.Reason.CLASS_CANCELLED,
    AttendanceRecord.Reason.CLASS_CANCELLED,
    AttendanceRecord.Reason.FACILITATOR_AWAY,
    AttendanceRecord.Reason.OTHER,
)


@dataclass(frozen=True)
class Visit:
    """One class that was booked, and how many of it came: None when its session did not take place."""

    workshop: WorkshopPage
    school: BookingSchool
    group: ClassGroup
    contact: Contact
    present: int | None


def attendance_of(pupils: int, rng: random.Random) -> int | None:
    """Return how many came: mostly 85 to 100 of a hundred, now and then fewer, and sometimes it came to nothing."""
    dice = rng.random()
    if dice < NOT_HELD:
        return None
    share = rng.uniform(0.6, 0.85) if dice < NOT_HELD + POORLY_ATTENDED else rng.uniform(0.85, 1)
    return max(1, round(pupils * share))


@dataclass
class PastSession(Draft):
    """A past session with its bookings; `bookings`, `lines` and `records` stand in one order."""

    bookings: list[Booking] = field(default_factory=list)
    lines: list[GroupLine] = field(default_factory=list)
    records: list[AttendanceRecord] = field(default_factory=list)
    corrections: list[AttendanceRecord] = field(default_factory=list)

    def book(self, visit: Visit, rng: random.Random, reference: str, *, cancelled: bool = False) -> bool:
        """Add a booking, unless its class is here already or there is no room; `cancelled` ends it at once."""
        if any(self._same_class(line, visit) for line in self.lines):
            return False
        seats = seats_for((Group(visit.group.pupils),), unit=self.session.capacity_unit)
        if not cancelled and self.session.capacity and self.session.seats_taken + seats > self.session.capacity:
            return False
        self.session.seats_taken += 0 if cancelled else seats
        created_at = self.session.starts_at - dt.timedelta(days=rng.randint(14, 60), minutes=rng.randint(0, 400))
        booking = _booking(self.session, visit, seats, created_at, reference)
        if cancelled:
            booking.state = State.CANCELLED
            booking.ended_at = created_at + (self.session.starts_at - created_at) * 0.6
            booking.version, booking.calendar_sequence = 2, 1
        self.bookings.append(booking)
        self.lines.append(_line(booking, visit))
        return True

    def report(self, visit: Visit, rng: random.Random, now: dt.datetime) -> None:
        """Add the report of the class that was booked last, and sometimes a correction of it a day later."""
        line, by = self.lines[-1], self.facilitators[0]
        at = self.session.ends_at + dt.timedelta(minutes=rng.choice((20, 45, 180, 1500, 2900)))
        if at >= now:
            at = self.session.ends_at + dt.timedelta(minutes=10)
        record = _record(line, visit.present, by, at, rng)
        self.records.append(record)
        if visit.present is not None:
            self.session.status = Session.Status.HELD
        later = at + dt.timedelta(days=1, hours=2)
        if visit.present and rng.random() < CORRECTED and later < now:
            record.pupils_present = max(1, visit.present - rng.randint(1, 3))
            correction = _record(line, visit.present, by, later, rng)
            correction.supersedes = record
            self.corrections.append(correction)

    def _same_class(self, line: GroupLine, visit: Visit) -> bool:
        return (line.school_key, line.label_key) == (visit.school.key, label_key(visit.group.label))


def new_reference(used: set[str], rng: random.Random) -> str:
    """Return a booking reference that is not in `used`, and add it there."""
    while True:
        reference = "".join(rng.choices(REFERENCE_ALPHABET, k=8))
        if reference not in used:
            used.add(reference)
            return reference


def _booking(session: Session, visit: Visit, seats: int, created_at: dt.datetime, reference: str) -> Booking:
    booking_uuid = uuid.uuid4()
    return Booking(
        uuid=booking_uuid,
        reference=reference,
        session=session,
        audience=visit.workshop.audience,
        state=State.CONFIRMED,
        seats=seats,
        contact_name=visit.contact.name,
        contact_email=visit.contact.email,
        responsible_name=visit.contact.responsible_name,
        responsible_email=visit.contact.responsible_email,
        language="da",
        school=visit.school.organisation,
        school_name=visit.school.name,
        idempotency_key=uuid.uuid4(),
        token_hash=hash_of(token_of(booking_uuid)),
        created_at=created_at,
        confirmed_at=created_at,
    )


def _line(booking: Booking, visit: Visit) -> GroupLine:
    return GroupLine(
        booking=booking,
        session=booking.session,
        active=booking.state == State.CONFIRMED,
        school_key=visit.school.key,
        institution_type=visit.school.institution_type,
        label=visit.group.label,
        label_key=label_key(visit.group.label),
        grade=visit.group.grade,
        pupils=visit.group.pupils,
        adults=visit.group.adults,
        needs=visit.group.needs,
    )


def _record(line: GroupLine, present: int | None, by: User, at: dt.datetime, rng: random.Random) -> AttendanceRecord:
    return AttendanceRecord(
        line=line,
        took_place=present is not None,
        reason="" if present is not None else rng.choice(REASONS),
        pupils_present=present,
        adults_present=None if present is None else rng.choice((1, 1, 2, 2, 3)),
        client_key=uuid.uuid4(),
        recorded_by=by,
        recorded_at=at,
    )
