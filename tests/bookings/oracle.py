"""The invariants of domain.md §3, written anew from its text and not from the code."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.utils import timezone

from bookings.models import Booking, Overtaking, Session
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

HOLDING = {"offered", "confirmed"}
ACTIVE = HOLDING | {"waitlisted", "requested"}


def assert_invariants(session: Session) -> None:
    """Fail when the session, as it is in the database, breaks an invariant."""
    row = Session.objects.get(pk=session.pk)
    bookings = list(row.bookings.order_by("pk"))
    _seats_add_up(row, bookings)
    _offers_have_an_end(row, bookings)
    _no_party_twice(row)
    _nobody_who_fits_is_left_waiting(row, bookings)
    _the_line_is_counted(row, bookings)
    _lines_follow_their_booking(bookings)


def assert_all_invariants() -> None:
    """Fail when any session breaks one, or a change went without its event (I8)."""
    for session in Session.objects.all():
        assert_invariants(session)
    changed = Counter(Booking.objects.values_list("uuid", flat=True))
    told = set(AuditEvent.objects.filter(subject_type="booking").values_list("subject_key", flat=True))
    assert {str(key) for key in changed} == told
    threads = set(Message.objects.filter(thread__startswith="booking:").values_list("thread", flat=True))
    assert {f"booking:{key}" for key in changed} == threads


def _seats_add_up(row: Session, bookings: list[Booking]) -> None:
    assert row.seats_taken == sum(booking.seats for booking in bookings if booking.state in HOLDING), "I1"
    assert row.capacity is None or row.seats_taken <= row.capacity, "I1"


def _offers_have_an_end(row: Session, bookings: list[Booking]) -> None:
    closes_at = min(row.closes_at or row.starts_at, row.starts_at)
    for booking in bookings:
        assert (booking.state == "offered") == (booking.offer_expires_at is not None), "I2"
        if booking.offer_expires_at is not None:
            assert booking.offer_expires_at <= closes_at, "I2: an offer ends with registration"
        assert (booking.state in ACTIVE) == (booking.ended_at is None), "I6"


def _no_party_twice(row: Session) -> None:
    classes = Counter(row.lines.filter(booking__state__in=ACTIVE).values_list("school_key", "label_key"))
    people = Counter(
        email.lower() for email in row.people.filter(booking__state__in=ACTIVE).values_list("email", flat=True) if email
    )
    assert [party for party, times in (classes + people).items() if times > 1] == [], "I3"


def _nobody_who_fits_is_left_waiting(row: Session, bookings: list[Booking]) -> None:
    now = timezone.now()
    closes_at = min(row.closes_at or row.starts_at, row.starts_at)
    if row.status != "planned" or now >= closes_at:
        return
    line = sorted((each for each in bookings if each.state == "waitlisted"), key=lambda each: (each.queued_at, each.pk))
    bypass_free = closes_at - now <= dt.timedelta(days=7)

    def fits(each: Booking) -> bool:
        return row.capacity is None or each.seats <= row.capacity - row.seats_taken

    for index, each in enumerate(line):
        if row.waiting_rule == "strict":
            eligible = index == 0
        else:
            eligible = all(not fits(other) and (other.passed_over < 3 or bypass_free) for other in line[:index])
        assert not (eligible and fits(each)), f"I5: {each} is eligible, fits, and waits"


def _the_line_is_counted(row: Session, bookings: list[Booking]) -> None:
    assert row.waiting == sum(booking.state == "waitlisted" for booking in bookings)
    ends = [booking.offer_expires_at for booking in bookings if booking.offer_expires_at]
    assert row.offers_end_at == min(ends, default=None)
    for booking in bookings:
        assert booking.passed_over <= Overtaking.objects.filter(passed=booking).count()


def _lines_follow_their_booking(bookings: list[Booking]) -> None:
    for booking in bookings:
        for line in [*booking.lines.all(), *booking.people.all()]:
            assert (line.active, line.session_id) == (booking.state in ACTIVE, booking.session_id)


def assert_ended_are_as_they_were(before: dict[int, tuple[str, int, int]]) -> None:
    """I6: what had ended has the state, session and seats it had."""
    now = {row[0]: row[1:] for row in Booking.objects.values_list("pk", "state", "session_id", "seats")}
    assert {key: now[key] for key in before} == before


def ended() -> dict[int, tuple[str, int, int]]:
    """Return {key: (state, session, seats)} of all that has ended."""
    rows = Booking.objects.exclude(state__in=ACTIVE).values_list("pk", "state", "session_id", "seats")
    return {row[0]: row[1:] for row in rows}
