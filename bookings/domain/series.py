"""Book several dates of one workshop together: all or nothing, or those with room (domain.md §3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from bookings.domain.booking import GROWN_UPS, STAFF, BookingSchool, ClassGroup, Contact, Person
from bookings.domain.engine import Order, book_locked, decide, prepare, refused, sent_before
from bookings.domain.errors import Refused
from bookings.domain.locking import locked_sessions, retried
from bookings.domain.parties import Classes, Party, People
from bookings.models import Booking, Session, SessionSeries
from bookings.rules import Refusal


def class_party(*, school: BookingSchool, groups: Sequence[ClassGroup]) -> Party:
    """Return classes of a school, for `book_series`."""
    return Classes(school, tuple(groups))


def parents_party(*, contact: Contact, second_adult: Person | None = None) -> Party:
    """Return a parent and perhaps a second adult, for `book_series`."""
    return People([Person(contact.name, contact.email), *([second_adult] if second_adult else [])], GROWN_UPS)


def staff_party(*, people: Sequence[Person], administration_id: int, workplace: str, role: str) -> Party:
    """Return people of an administration, for `book_series`."""
    return People(people, STAFF, administration_id=administration_id, workplace=workplace, role=role)


@retried
def book_series(
    *,
    series_id: int,
    party: Party,
    contact: Contact,
    language: str,
    idempotency_key: uuid.UUID,
    actor_id: int | None = None,
    wait: bool = False,
    confirm_at_once: bool = False,
) -> list[Booking]:
    """Book the party onto every date of a series: one booking a date, with one `series_key` in common.

    All or none: a date that cannot be booked refuses them all, and none waits. Those with room: dates that cannot are
    left out (or waited for, with `wait`), and at least one must be booked. All sessions are locked, in ascending order.
    The same key answers with the same bookings and writes nothing (I4). Raises Refused (`label` is the date that
    refuses), SessionSeries.DoesNotExist, SentBefore, or Busy.
    """
    order = Order(party, contact, language, idempotency_key, actor_id, wait, confirm_at_once)
    series = SessionSeries.objects.get(pk=series_id)
    dates = Session.objects.filter(series=series).exclude(status=Session.Status.CANCELLED)
    session_ids = list(dates.order_by("pk").values_list("pk", flat=True))
    with locked_sessions(session_ids) as sessions:
        in_time = sorted(sessions.values(), key=lambda session: (session.starts_at, session.pk))
        before = [booking for session in in_time if (booking := sent_before(_for(session, order)))]
        if before:
            return before
        if series.mode == SessionSeries.Mode.ALL:
            return _book_all(in_time, replace(order, wait=False))
        return _book_those_with_room(in_time, order)


def _for(session: Session, order: Order) -> Order:
    """Return the order with the key that it has for one session: one key is one booking."""
    return replace(order, idempotency_key=uuid.uuid5(session.uuid, order.idempotency_key.hex))


def _book_all(sessions: list[Session], order: Order) -> list[Booking]:
    if not sessions:
        raise Refused(Refusal.SESSION_CANCELLED)
    booked = []
    for session in sessions:
        try:
            booked.append(book_locked(session, _for(session, order), prepare(), series_key=order.idempotency_key))
        except Refused as refusal:
            # The transaction takes back what is written already; say which date it was.
            raise Refused(refusal.why, label=refusal.label or str(session), free=refusal.free) from refusal
    return booked


def _book_those_with_room(sessions: list[Session], order: Order) -> list[Booking]:
    now = timezone.now()
    booked: list[Booking] = []
    last: Refused | None = None
    for session in sessions:
        found = decide(session, order, now=now, together=True)
        if found.state is None:
            last = refused(found, session)
            continue
        try:
            order.party.refuse_doubles(session)
        except Refused as double:
            last = double
            continue
        booked.append(book_locked(session, _for(session, order), prepare(), series_key=order.idempotency_key))
    if not booked:
        raise last or Refused(Refusal.SESSION_CANCELLED)
    return booked
