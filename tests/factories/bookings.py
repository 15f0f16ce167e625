"""Sessions and bookings; bookings are made by the real verb, so that they are what a booker gets."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from bookings.domain.booking import BookingSchool, ClassGroup, Contact, Person, book_class, book_parents, book_staff
from bookings.models import Booking, Session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school
from vaern.people.models import Administration, Organisation

CONTACT = Contact(name="Åse Ødegård", email="aase@example.dk", phone="12345678")


def make_session(*, starts_in: dt.timedelta = dt.timedelta(days=14), **fields: Any) -> Session:
    """A planned session two weeks ahead, 90 minutes, 28 pupils."""
    facilitators = fields.pop("facilitators", [])
    starts_at = fields.pop("starts_at", None) or timezone.now() + starts_in
    values: dict[str, Any] = {"ends_at": starts_at + dt.timedelta(minutes=90), "capacity": 28}
    if "workshop" not in fields:
        values["workshop"] = make_workshop()
    session = Session.objects.create(starts_at=starts_at, **(values | fields))
    session.facilitators.set(facilitators)
    return session


def make_booking(
    session: Session,
    *,
    school: Organisation | None = None,
    label: str = "7.B",
    grade: int = 7,
    pupils: int = 24,
    adults: int = 2,
    contact: Contact = CONTACT,
    **fields: Any,
) -> Booking:
    """A confirmed booking of one class, made by `book_class`; the session must be open for booking."""
    return book_class(
        session_id=session.pk,
        school=BookingSchool(organisation=school or make_school()),
        groups=[ClassGroup(label=label, grade=grade, pupils=pupils, adults=adults)],
        contact=contact,
        language=fields.pop("language", "da"),
        idempotency_key=fields.pop("idempotency_key", None) or uuid.uuid4(),
        **fields,
    )


def make_past_booking(session: Session, **fields: Any) -> Booking:
    """A booking of a session that has begun: booked while it was ahead, then moved to its time."""
    starts_at, ends_at = session.starts_at, session.ends_at
    ahead = timezone.now() + dt.timedelta(days=1)
    Session.objects.filter(pk=session.pk).update(starts_at=ahead, ends_at=ahead + dt.timedelta(hours=1))
    booking = make_booking(session, **fields)
    Session.objects.filter(pk=session.pk).update(starts_at=starts_at, ends_at=ends_at)
    session.refresh_from_db()
    booking.refresh_from_db()
    return booking


def contact(number: int | str) -> Contact:
    """Somebody of their own address."""
    return Contact(name=f"Person {number}", email=f"person{number}@example.dk", phone="12345678")


def make_parents(session: Session, number: int | str = 1, *, second: Person | None = None, **fields: Any) -> Booking:
    """A parent's booking, made by `book_parents`; the session's workshop must be for parents."""
    return book_parents(
        session_id=session.pk,
        contact=fields.pop("contact", None) or contact(number),
        second_adult=second,
        language="da",
        idempotency_key=fields.pop("idempotency_key", None) or uuid.uuid4(),
        **fields,
    )


def make_staff(session: Session, number: int | str = 1, *, team: int = 0, **fields: Any) -> Booking:
    """A booking of staff, or of a leader for a team of `team`; the session's workshop must be for staff."""
    people = [Person(f"Kollega {number}.{one}", f"kollega{number}-{one}@example.dk") for one in range(team)]
    return book_staff(
        session_id=session.pk,
        contact=fields.pop("contact", None) or contact(number),
        administration_id=fields.pop("administration_id", None) or Administration.objects.order_by("pk")[0].pk,
        workplace="Borgercenter",
        role="Sagsbehandler",
        team=fields.pop("people", None) or (people or None),
        language="da",
        idempotency_key=fields.pop("idempotency_key", None) or uuid.uuid4(),
        **fields,
    )
