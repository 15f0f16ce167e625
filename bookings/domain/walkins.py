"""Those who came without a booking, and those who check in at the door themselves (domain.md §4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils import timezone

from bookings.domain.attendance import append, refused_now, set_status, tell_audit
from bookings.domain.booking import Refused
from bookings.domain.locking import locked_session, retried
from bookings.domain.parties import BookingSchool
from bookings.models import AttendanceRecord, Session, WalkIn
from bookings.roll import Roll, Subject, roll_of
from bookings.rules import Refusal, label_key
from courses.models import WorkshopPage


@dataclass(frozen=True)
class WalkInClass:
    """A class that came without having booked; never a pupil's name."""

    school: BookingSchool
    label: str
    grade: int
    pupils: int
    adults: int


@dataclass(frozen=True)
class WalkInPersons:
    """So many persons who came without having booked; nobody is named."""

    persons: int
    administration_id: int | None = None


@retried
def add_walk_in(
    *,
    session_id: int,
    came: WalkInClass | WalkInPersons,
    client_key: uuid.UUID,
    actor_id: int | None,
    link_id: int | None = None,
) -> AttendanceRecord | None:
    """Put a class or persons without a booking on the roll, with what came; they take no seats.

    The same `client_key` sent again writes nothing and returns None. Raises Refused before the start, when the session
    is cancelled, or when the class is on the roll already (ALREADY_BOOKED); Session.DoesNotExist, or Busy.
    """
    with locked_session(session_id) as session:
        why = refused_now(session)
        if why:
            raise Refused(why)
        if WalkIn.objects.filter(client_key=client_key).exists():
            return None
        roll = roll_of(session)
        walk_in = _class(roll, session, came) if isinstance(came, WalkInClass) else _persons(session, came)
        walk_in.client_key = client_key
        walk_in.created_at = timezone.now()
        walk_in.save(force_insert=True)
        numbers = (
            {"pupils_present": came.pupils, "adults_present": came.adults}
            if isinstance(came, WalkInClass)
            else {"persons_present": came.persons}
        )
        row = append(
            roll,
            ("walk_in", walk_in.pk),
            {"took_place": True, "reason": "", **numbers},
            client_key=client_key,
            actor_id=actor_id,
            link_id=link_id,
        )
        set_status(session, roll)
        tell_audit(session, [row], actor_id=actor_id, source="link" if link_id else "")
        return row


def _class(roll: Roll, session: Session, came: WalkInClass) -> WalkIn:
    key = came.school.key, label_key(came.label)
    known = {(line.school_key, line.label_key) for line in roll.lines}
    known |= {(walk_in.school_key, walk_in.label_key) for walk_in in roll.walk_ins}
    if key in known:
        raise Refused(Refusal.ALREADY_BOOKED, label=came.label)
    return WalkIn(
        session=session,
        kind=WalkIn.Kind.CLASS,
        school=came.school.organisation,
        school_name=came.school.name,
        school_key=key[0],
        institution_type=came.school.institution_type,
        label=came.label,
        label_key=key[1],
        grade=came.grade,
    )


def _persons(session: Session, came: WalkInPersons) -> WalkIn:
    return WalkIn(session=session, kind=WalkIn.Kind.PERSONS, administration_id=came.administration_id)


# -- the door -------------------------------------------------------------------------------------------------


def door_is_open(session: Session) -> bool:
    """Say whether one can check in at the door now: within the session's hours, of one that is not for classes."""
    return (
        session.workshop.audience != WorkshopPage.Audience.CLASS
        and session.status != Session.Status.CANCELLED
        and session.starts_at <= timezone.now() <= session.ends_at
    )


@retried
def check_in(*, session_id: int, email: str, administration_id: int | None = None) -> bool:
    """Note that somebody is at the door, by e-mail address; return whether the door was open, and nothing else.

    One who is booked and of whom nothing is reported becomes present: what the facilitator has said stands. One who is
    not becomes a walk-in of the session, once for each address. Nobody learns here who is booked.
    """
    address = email.strip().lower()
    with locked_session(session_id) as session:
        if not door_is_open(session):
            return False
        roll = roll_of(session)
        booked = next((person for person in roll.people if person.email.lower() == address), None)
        if booked is not None:
            subject: Subject = ("person", booked.pk)
        elif any(walk_in.email.lower() == address for walk_in in roll.walk_ins):
            return True
        else:
            subject = ("walk_in", _at_the_door(session, address, administration_id).pk)
        if roll.last(subject) is None:
            said = {"took_place": True, "reason": "", "persons_present": 1}
            row = append(roll, subject, said, client_key=uuid.uuid4(), actor_id=None)
            set_status(session, roll)
            tell_audit(session, [row], actor_id=None, source="door")
        return True


def _at_the_door(session: Session, address: str, administration_id: int | None) -> WalkIn:
    return WalkIn.objects.create(
        session=session,
        kind=WalkIn.Kind.PERSONS,
        administration_id=administration_id,
        email=address,
        client_key=uuid.uuid4(),
        created_at=timezone.now(),
    )
