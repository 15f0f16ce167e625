"""What is put into the outbox with a change: the facts of the moment, as JSON, for whoever must be told (domain.md §7).

Texts are written when a message is sent, by `bookings.mails`.
"""

from __future__ import annotations

from typing import Any

from bookings.models import Booking, Session
from courses.queries import translated
from vaern.outbox.domain import enqueue


def tell_booked(booking: Booking, session: Session) -> None:
    """Tell the contact, and the adult in charge on the day, that the class is booked."""
    _tell("bookings.confirmed", booking, session)


def tell_cancelled(booking: Booking, session: Session) -> None:
    """Tell both that the booking is cancelled."""
    _tell("bookings.cancelled", booking, session)


def tell_changed(booking: Booking, session: Session) -> None:
    """Tell both that the session has another time or place."""
    _tell("bookings.changed", booking, session)


def recipients(booking: Booking) -> dict[str, str]:
    """Return {address: name} of those who are told: the contact, and the adult in charge when that is another."""
    people = {booking.contact_email: booking.contact_name}
    if booking.responsible_email:
        people.setdefault(booking.responsible_email, booking.responsible_name)
    return people


def _tell(kind: str, booking: Booking, session: Session) -> None:
    context = snapshot(booking, session)
    for address, name in recipients(booking).items():
        enqueue(
            kind=kind,
            recipient=address,
            language=booking.language,
            context={**context, "recipient_name": name, "is_contact": address == booking.contact_email},
            thread=f"booking:{booking.uuid}",
            version=booking.version,
        )


def snapshot(booking: Booking, session: Session) -> dict[str, Any]:
    """Return the facts that a message or a calendar file tells; times are ISO 8601 in UTC."""
    workshop = translated(session.workshop, booking.language)
    return {
        "booking": str(booking.uuid),
        "reference": booking.reference,
        "workshop": workshop.title,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "place": session.place_for([booking.school_name]),
        "online_link": session.online_link,
        "school": booking.school_name,
        "classes": [
            {"label": line.label, "pupils": line.pupils, "adults": line.adults} for line in booking.lines.all()
        ],
        "prepare": workshop.prepare,
        "sequence": session.calendar_sequence + booking.calendar_sequence,
        "reason": booking.end_reason,
    }
