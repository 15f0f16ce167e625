"""What a facilitator has to do just now: a talk for staff that is running, with its roll and its QR code."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from django.utils import timezone

from bookings.domain.engine import REFERENCE_ALPHABET
from bookings.links import hash_of, token_of
from bookings.models import AttendanceRecord, Booking, PersonLine, Session, WalkIn
from bookings.rules import State
from courses.models import WorkshopPage
from vaern.audit.models import AuditEvent
from vaern.demo.content import venues
from vaern.demo.people import facilitators
from vaern.demo.roster import Draft, write_sessions
from vaern.demo.workshops import workshops
from vaern.people.models import Administration

QUARTER = dt.timedelta(minutes=15)
NAMES = (
    "Anna Holm", "Bo Kjær", "Camilla Juhl", "David Ravn", "Eva Lindegaard", "Farid Amini", "Grete Sommer",
    "Hassan Yilmaz", "Ida Vestergaard", "Jonas Brandt", "Karen Thygesen", "Lars Overgaard",
)  # fmt: skip


def load_today() -> None:
    """Write the talk of this hour: twelve are booked, two are there, and one came without a booking."""
    talk = next((page for page in workshops() if page.audience == WorkshopPage.Audience.STAFF), None)
    holders = facilitators()[:1]
    administrations = list(Administration.objects.on(timezone.localdate()).order_by("pk"))
    if talk is None or not holders or not administrations:
        return
    now = timezone.now()
    starts_at = now - (now - dt.datetime.min.replace(tzinfo=dt.UTC)) % QUARTER - 2 * QUARTER
    session = Session(
        workshop=talk,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        place=venues()[0],
        capacity=30,
        seats_taken=len(NAMES),
        status=Session.Status.HELD,
    )
    write_sessions([Draft(session, holders)])
    rng = random.Random(starts_at.isoformat())  # noqa: S311 - invented, not secret
    people = [
        booked_person(session, name, administrations[number % len(administrations)], rng)
        for number, name in enumerate(NAMES)
    ]
    for person in people[:2]:
        present(person=person, at=starts_at + dt.timedelta(minutes=2))
    guest = WalkIn.objects.create(
        session=session,
        kind=WalkIn.Kind.PERSONS,
        administration=administrations[0],
        email="gaest@example.dk",
        client_key=uuid.uuid4(),
        created_at=starts_at + dt.timedelta(minutes=4),
    )
    present(walk_in=guest, at=guest.created_at)


def booked_person(session: Session, name: str, administration: Administration, rng: random.Random) -> PersonLine:
    """Write a booking of one person of staff and return its line; the session may be over."""
    key, created_at = uuid.uuid4(), session.starts_at - dt.timedelta(days=rng.randint(5, 30))
    email = f"{name.split(maxsplit=1)[0]}.{name.split()[1]}@example.dk".lower()
    booking = Booking.objects.create(
        uuid=key,
        reference="".join(rng.choices(REFERENCE_ALPHABET, k=8)),
        session=session,
        audience=WorkshopPage.Audience.STAFF,
        state=State.CONFIRMED,
        seats=1,
        contact_name=name,
        contact_email=email,
        administration=administration,
        workplace="Borgercenter",
        role="Medarbejder",
        idempotency_key=uuid.uuid4(),
        token_hash=hash_of(token_of(key)),
        created_at=created_at,
        confirmed_at=created_at,
    )
    AuditEvent.objects.create(
        at=created_at,
        action="booking.confirmed",
        subject_type="booking",
        subject_key=str(key),
        facts={"session": str(session.uuid), "seats": 1},
    )
    return PersonLine.objects.create(booking=booking, session=session, name=name, email=email)


def present(*, at: dt.datetime, person: PersonLine | None = None, walk_in: WalkIn | None = None) -> None:
    """Report that somebody came, with the event that the verb would have written."""
    AttendanceRecord.objects.create(
        person=person,
        walk_in=walk_in,
        took_place=True,
        persons_present=1,
        client_key=uuid.uuid4(),
        recorded_at=at,
    )
    counted = {"people": 1} if person else {"walk_ins": 1}
    row = person or walk_in
    AuditEvent.objects.create(
        at=at,
        action="attendance.reported",
        subject_type="session",
        subject_key=str(row.session.uuid) if row else "",
        facts={"classes": 0, "corrections": 0, "source": "door", **counted},
    )
