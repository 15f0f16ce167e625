"""What is put into the outbox with a change: the facts of the moment, as JSON, for whoever must be told (domain.md §7).

Texts are written when a message is sent, by `bookings.mails`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from bookings.models import Booking, GroupLine, PersonLine, Session, VisitRequest
from bookings.rules import State
from courses.models import WorkshopPage
from courses.queries import translated
from vaern.outbox.domain import enqueue, new_message
from vaern.outbox.models import Message

Audience = WorkshopPage.Audience
# The classes or the persons of a booking, where the caller has just written them and nobody needs to read them again.
Lines = Sequence[GroupLine] | Sequence[PersonLine]
# What a new booking's first message is.
FIRST = {
    State.CONFIRMED: "bookings.confirmed",
    State.WAITLISTED: "bookings.waiting",
    State.REQUESTED: "bookings.received",
}


def tell_booked(booking: Booking, session: Session) -> None:
    """Tell the contact, and the adult in charge on the day, that it is booked."""
    _tell("bookings.confirmed", booking, session)


def tell_waiting(booking: Booking, session: Session) -> None:
    """Tell both that they are on the waiting list, and where in the line (`position`)."""
    _tell("bookings.waiting", booking, session, position=_position(booking, session))


def first_messages(booking: Booking, session: Session, lines: Lines) -> list[Message]:
    """Return what contact and adult in charge are told of a new booking, which the caller writes with it.

    It is booked, waits for seats, or is received and a coordinator will answer. Booking and lines have no keys yet.
    """
    facts: dict[str, Any] = {}
    if booking.state == State.WAITLISTED:
        facts["position"] = _position(booking, session)
    return _messages(FIRST[State(booking.state)], booking, session, lines, **facts)


def _position(booking: Booking, session: Session) -> int:
    """Return where a booking stands in the line; one that has no key yet stands behind all of the same moment."""
    same = Q(queued_at=booking.queued_at)
    if booking.pk is not None:
        same &= Q(pk__lt=booking.pk)
    return session.bookings.waiting().filter(Q(queued_at__lt=booking.queued_at) | same).count() + 1


def tell_offered(booking: Booking, session: Session) -> None:
    """Tell both that there are seats for them until `offer_expires_at`; useless after that."""
    _tell("bookings.offered", booking, session, expires_at=booking.offer_expires_at)


def tell_offer_lapsed(booking: Booking, session: Session) -> None:
    """Tell both that the offer has run out unanswered."""
    _tell("bookings.offer_lapsed", booking, session)


def tell_rejected(booking: Booking, session: Session) -> None:
    """Tell both that the request cannot be met, and why (`reason`)."""
    _tell("bookings.rejected", booking, session)


def tell_cancelled(booking: Booking, session: Session, *, invited: bool) -> None:
    """Tell both that the booking is cancelled: by themselves, or by us with a `reason`.

    `invited`: it was confirmed, so there is an event in their calendars to be taken away.
    """
    _tell("bookings.cancelled", booking, session, invited=invited)


def tell_changed(booking: Booking, session: Session) -> None:
    """Tell both that the session has another time or place (`change` is "session")."""
    _tell("bookings.changed", booking, session, change="session")


def tell_numbers(booking: Booking, session: Session) -> None:
    """Tell both that the booking has other numbers or persons (`change` is "numbers"); the calendar stays."""
    _tell("bookings.changed", booking, session, change="numbers")


def tell_moved(booking: Booking, session: Session, before: Session) -> None:
    """Tell both that the booking is now of another session; `before_starts_at` is what it was."""
    _tell("bookings.moved", booking, session, before_starts_at=before.starts_at.isoformat())


def tell_visit_received(request: VisitRequest) -> None:
    """Tell the contact, and the adult in charge, that the request for a visit is received."""
    _tell_visit("bookings.visit_received", request)


def tell_visit_proposed(request: VisitRequest) -> None:
    """Tell both that we propose another time: `proposed_starts_at`, with `answer`."""
    _tell_visit("bookings.visit_proposed", request)


def tell_visit_declined(request: VisitRequest) -> None:
    """Tell both that we cannot come, and why (`answer`)."""
    _tell_visit("bookings.visit_declined", request)


def tell_visit_withdrawn(request: VisitRequest) -> None:
    """Tell both that the school has taken its request back."""
    _tell_visit("bookings.visit_withdrawn", request)


def recipients(booking: Booking | VisitRequest) -> dict[str, str]:
    """Return {address: name} of those who are told: the contact, and the adult in charge when that is another."""
    people = {booking.contact_email: booking.contact_name}
    if booking.responsible_email:
        people.setdefault(booking.responsible_email, booking.responsible_name)
    return people


def _tell(
    kind: str, booking: Booking, session: Session, *, expires_at: dt.datetime | None = None, **facts: Any
) -> None:
    Message.objects.bulk_create(_messages(kind, booking, session, expires_at=expires_at, **facts))


def _messages(
    kind: str,
    booking: Booking,
    session: Session,
    lines: Lines | None = None,
    *,
    expires_at: dt.datetime | None = None,
    **facts: Any,
) -> list[Message]:
    context = {**snapshot(booking, session, lines), **facts}
    return [
        new_message(
            kind=kind,
            recipient=address,
            language=booking.language,
            context={**context, "recipient_name": name, "is_contact": address == booking.contact_email},
            thread=f"booking:{booking.uuid}",
            version=booking.version,
            expires_at=expires_at,
        )
        for address, name in recipients(booking).items()
    ]


def _tell_visit(kind: str, request: VisitRequest) -> None:
    context = visit_snapshot(request)
    for address, name in recipients(request).items():
        enqueue(
            kind=kind,
            recipient=address,
            language=request.language,
            context={**context, "recipient_name": name, "is_contact": address == request.contact_email},
            thread=f"visit:{request.uuid}",
            version=request.version,
        )


def snapshot(booking: Booking, session: Session, lines: Lines | None = None) -> dict[str, Any]:
    """Return the facts that a message or a calendar file tells; times are ISO 8601 in UTC. `lines` saves a query."""
    workshop = translated(session.workshop, booking.language)
    return {
        "booking": str(booking.uuid),
        "reference": booking.reference,
        "state": booking.state,
        "audience": booking.audience,
        "workshop": workshop.title,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "place": session.place_for([booking.school_name]),
        "online_link": session.online_link,
        "school": booking.school_name,
        **_who(booking, lines),
        "prepare": workshop.prepare,
        "sequence": session.calendar_sequence + booking.calendar_sequence,
        "reason": booking.end_reason,
        "offer_expires_at": booking.offer_expires_at.isoformat() if booking.offer_expires_at else "",
        "confirm_at_once": booking.confirm_at_once,
    }


def visit_snapshot(request: VisitRequest) -> dict[str, Any]:
    """Return the facts that a message about a request for a visit tells."""
    proposed = request.proposed_starts_at, request.proposed_ends_at
    return {
        "visit": str(request.uuid),
        "reference": request.reference,
        "state": request.state,
        "workshop": translated(request.workshop, request.language).title,
        "school": request.school_name,
        "classes": _classes(request.groups.all()),
        "wishes": [
            {"starts_at": wish.starts_at.isoformat(), "ends_at": wish.ends_at.isoformat()}
            for wish in request.wishes.all()
        ],
        "proposed_starts_at": proposed[0].isoformat() if proposed[0] else "",
        "proposed_ends_at": proposed[1].isoformat() if proposed[1] else "",
        "answer": request.answer_text,
    }


def _who(booking: Booking, lines: Lines | None) -> dict[str, Any]:
    """Return the classes of a class booking, the number of persons of any other."""
    if booking.audience == Audience.CLASS:
        return {"classes": _classes(booking.lines.all() if lines is None else lines), "people": 0}
    return {"classes": [], "people": booking.people.count() if lines is None else len(lines)}


def _classes(lines: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"label": line.label, "pupils": line.pupils, "adults": line.adults} for line in lines]
