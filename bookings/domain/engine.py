"""The one engine under every booking verb: decide under the lock, write, count, tell (domain.md §3)."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from django.utils import timezone

from bookings.domain.errors import Refused, SentBefore
from bookings.domain.line import note_overtaking
from bookings.domain.parties import Contact, Party
from bookings.domain.seats import count_in, recount
from bookings.facts import group_limits, session_facts
from bookings.links import hash_of, token_of
from bookings.messages import first_messages
from bookings.models import Booking, Session
from bookings.rules import Answer, Refusal, State, answer
from vaern.audit.domain import new_event
from vaern.audit.models import AuditEvent
from vaern.tables.together import write_together

# No 0/O, 1/I/L: a reference is read aloud on the phone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Order:
    """All that a booker says once, whatever is booked: who, in which language, by which form, and whether to wait."""

    party: Party
    contact: Contact
    language: str
    idempotency_key: uuid.UUID
    actor_id: int | None = None
    wait: bool = False
    confirm_at_once: bool = False


@dataclass(frozen=True)
class Prepared:
    """What can be made before the lock is taken, so that it is held no longer than it must (domain.md I9)."""

    booking_uuid: uuid.UUID
    token_hash: str
    reference: str


def prepare() -> Prepared:
    """Return a new booking's identity: reference, secret link and its hash."""
    booking_uuid = uuid.uuid4()
    return Prepared(booking_uuid, hash_of(token_of(booking_uuid)), new_reference())


def new_reference() -> str:
    """Return eight letters and digits. One in 10^11 is taken already: then the database refuses the second."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))


def sent_before(order: Order) -> Booking | None:
    """Return the booking that this very form has made, or None (I4). Raises SentBefore when it was another booking."""
    booking = Booking.objects.filter(idempotency_key=order.idempotency_key).first()
    if booking is None:
        return None
    if booking.contact_email != order.contact.email.lower() or not order.party.is_that_of(booking):
        raise SentBefore(booking)
    return booking


def decide(session: Session, order: Order, *, now: dt.datetime, together: bool = False) -> Answer:
    """Answer what the order becomes on the locked session, and refuse what is booked already (I3, I10)."""
    if session.workshop.audience not in order.party.audiences:
        return Answer(None, Refusal.NOT_BOOKED_HERE)
    return answer(
        session_facts(session),
        now=now,
        seats=order.party.seats(session.capacity_unit),
        groups=order.party.groups,
        limits=group_limits(session),
        wait=order.wait,
        together=together,
    )


def book_locked(session: Session, order: Order, prepared: Prepared, *, series_key: uuid.UUID | None = None) -> Booking:
    """Book onto the locked session, or raise Refused; the decision and everything that follows from it."""
    now = timezone.now()  # after the lock: the wait must not let a late booking in
    if session.workshop.audience not in order.party.audiences:
        raise Refused(Refusal.NOT_BOOKED_HERE)
    order.party.refuse_doubles(session)
    found = decide(session, order, now=now, together=series_key is not None)
    if found.state is None:
        raise refused(found, session)
    return write(session, order, prepared, state=found.state, now=now, series_key=series_key)


def book_at_first_sight(session: Session, order: Order, prepared: Prepared) -> Booking:
    """Book as `sent_before` and `book_locked` do, without their reads, so that the lock is held a good deal shorter.

    What would be booked twice meets a unique key (I3, I4): IntegrityError, upon which the caller rolls back and looks.
    What cannot be booked is looked at here, so that the same form sent again is still answered with its booking.
    """
    now = timezone.now()  # after the lock: the wait must not let a late booking in
    found = decide(session, order, now=now)
    if found.state is None:
        return sent_before(order) or book_locked(session, order, prepared)
    return write(session, order, prepared, state=found.state, now=now)


def refused(found: Answer, session: Session, *, label: str = "") -> Refused:
    """Return the exception that says an answer's refusal."""
    if found.refusal is None:
        raise ValueError("the answer is no refusal")
    return Refused(found.refusal, label=label, free=session.free, may_wait=found.may_wait)


def write(
    session: Session,
    order: Order,
    prepared: Prepared,
    *,
    state: State,
    now: dt.datetime,
    series_key: uuid.UUID | None = None,
) -> Booking:
    """Write booking, lines, seats, audit event and messages. The caller has the session locked and has decided."""
    contact = order.contact
    booking = Booking(
        uuid=prepared.booking_uuid,
        reference=prepared.reference,
        session=session,
        audience=session.workshop.audience,
        state=state,
        seats=order.party.seats(session.capacity_unit),
        contact_name=contact.name,
        contact_email=contact.email.lower(),
        contact_phone=contact.phone,
        responsible_name=contact.responsible_name,
        responsible_email=contact.responsible_email.lower(),
        language=order.language,
        idempotency_key=order.idempotency_key,
        series_key=series_key,
        token_hash=prepared.token_hash,
        created_at=now,
        confirmed_at=now if state == State.CONFIRMED else None,
        queued_at=now if state == State.WAITLISTED else None,
        confirm_at_once=order.confirm_at_once,
        **order.party.facts,
    )
    lines = order.party.lines(booking, session)
    told = first_messages(booking, session, lines)
    event = _event(f"booking.{state.value}", booking, session, actor_id=order.actor_id, seats=booking.seats)
    new = [booking, *lines, event, *told]
    if state == State.CONFIRMED and session.waiting:
        write_together(new)
        note_overtaking(session, booking, now=now)
        recount(session)
    else:
        write_together(new, count_in(session, booking))
    return booking


def note(action: str, booking: Booking, session: Session, *, actor_id: int | None, **facts: object) -> None:
    """Append the one audit event of a change of a booking (I8)."""
    _event(action, booking, session, actor_id=actor_id, **facts).save(force_insert=True)


def _event(action: str, booking: Booking, session: Session, *, actor_id: int | None, **facts: object) -> AuditEvent:
    return new_event(
        action=action,
        subject_type="booking",
        subject_key=str(booking.uuid),
        actor_id=actor_id,
        session=str(session.uuid),
        **facts,
    )
