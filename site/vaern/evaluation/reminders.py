"""One reminder, a week after the session, to those who have not answered (domain.md §7).

Whether a link was used is known; what was answered with it is not.
"""

from __future__ import annotations

import datetime as dt

from bookings.messages import recipients
from bookings.models import Booking, Session
from bookings.presence import Presence, presence_of_bookings
from bookings.rules import State
from courses.queries import translated
from vaern.evaluation.links import marks
from vaern.evaluation.models import Question, SpentLink
from vaern.evaluation.queries import roles_of, window
from vaern.evaluation.rules import VARIANT_OF, Role
from vaern.outbox.domain import enqueue_once
from vaern.outbox.models import Told


def remind(*, now: dt.datetime) -> int:
    """Put the reminders that are due into the outbox and return how many; running it again writes nothing."""
    frame = window()
    asked = set(Question.objects.filter(current=True).values_list("variant", flat=True))
    over = Session.objects.exclude(status=Session.Status.CANCELLED).filter(
        ends_at__gt=now - dt.timedelta(days=frame.open_days),
        ends_at__lte=now - dt.timedelta(days=frame.remind_after_days),
    )
    told = 0
    for session in over.select_related("workshop"):
        bookings = Booking.objects.filter(session=session, state=State.CONFIRMED).select_related("session__workshop")
        spent = set(SpentLink.objects.filter(session=session).values_list("mark", flat=True))
        wanted = {
            _key(booking, role): (booking, role)
            for booking in bookings
            if VARIANT_OF[booking.audience] in asked
            for role in roles_of(booking)
            if not spent.intersection(marks(booking, role))
        }
        known = set(Told.objects.filter(key__in=list(wanted)).values_list("key", flat=True))
        due = {key: found for key, found in wanted.items() if key not in known}
        came = presence_of_bookings({booking for booking, _role in due.values()})
        for key, (booking, role) in due.items():
            if came[booking.pk] is not Presence.ABSENT:
                told += _tell(key, booking, role, expires_at=frame.closes_at(session.ends_at))
    return told


def _key(booking: Booking, role: Role) -> str:
    return f"evaluation.reminder:{booking.uuid}:{role.value}"


def _tell(key: str, booking: Booking, role: Role, *, expires_at: dt.datetime) -> bool:
    session = booking.session
    address = booking.contact_email if role is Role.CONTACT else booking.responsible_email
    return enqueue_once(
        key=key,
        kind="evaluation.reminder",
        recipient=address,
        language=booking.language,
        context={
            "booking": str(booking.uuid),
            "recipient_name": recipients(booking)[address],
            "is_contact": role is Role.CONTACT,
            "workshop": translated(session.workshop, booking.language).title,
            "starts_at": session.starts_at.isoformat(),
            "closes_at": expires_at.isoformat(),
        },
        thread=f"evaluation:{booking.uuid}",
        expires_at=expires_at,
    )
