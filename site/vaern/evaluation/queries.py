"""Who may answer, and what is asked. Reads only."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils import timezone

from bookings.models import Booking, Session
from bookings.presence import Presence, presence_of
from bookings.rules import State
from vaern.evaluation.links import marks, opens, path_to_form
from vaern.evaluation.models import EvaluationSettings, Question, SpentLink
from vaern.evaluation.rules import VARIANT_OF, Role, Window


def window() -> Window:
    """Return how long sessions are evaluated. One query."""
    return (EvaluationSettings.objects.first() or EvaluationSettings()).window


def roles_of(booking: Booking) -> list[Role]:
    """Return as whom somebody of the booking is asked; one person is asked once."""
    roles = [Role.CONTACT] if booking.contact_email else []
    if booking.responsible_email and booking.responsible_email != booking.contact_email:
        roles.append(Role.RESPONSIBLE)
    return roles


def questions_for(audience: str) -> list[Question]:
    """Return what those of an audience are asked now. One query."""
    return list(Question.objects.filter(current=True, variant=VARIANT_OF[audience]))


@dataclass(frozen=True)
class Invitation:
    """Whom a link belongs to."""

    booking: Booking
    role: Role


def invitation(session: uuid.UUID, token: str) -> Invitation | None:
    """Return whose link it is, while it can be used; None for unknown, wrong, closed and used ones alike."""
    found = Session.objects.filter(uuid=session).exclude(status=Session.Status.CANCELLED).first()
    if found is None or not window().is_open(found.ends_at, now=timezone.now()):
        return None
    bookings = Booking.objects.filter(session=found, state=State.CONFIRMED).select_related("session__workshop")
    for booking in bookings:
        for role in Role:
            if opens(token, booking, role):
                return None if is_spent(booking, role) else Invitation(booking, role)
    return None


def is_spent(booking: Booking, role: Role) -> bool:
    """Say whether this person's link has been used. One query."""
    return SpentLink.objects.filter(mark__in=marks(booking, role)).exists()


@dataclass(frozen=True)
class Place:
    """What a booker's own page says about the evaluation."""

    path: str = ""
    answered: bool = False


def place_of(booking: Booking) -> Place | None:
    """Return where the contact evaluates, or that it is done; None when nobody is asked (any more).

    Five queries at most.
    """
    session = booking.session
    if booking.state != State.CONFIRMED or session.status == Session.Status.CANCELLED:
        return None
    if not window().is_open(session.ends_at, now=timezone.now()) or not questions_for(booking.audience):
        return None
    if presence_of(booking) is Presence.ABSENT:
        return None
    if is_spent(booking, Role.CONTACT):
        return Place(answered=True)
    return Place(path=path_to_form(booking, Role.CONTACT))


def path_of(booking: Booking, is_contact: bool) -> str:
    """Return where the recipient of a message evaluates, or nothing when there is nothing to answer."""
    role = Role.CONTACT if is_contact else Role.RESPONSIBLE
    if not window().is_open(booking.session.ends_at, now=timezone.now()) or not questions_for(booking.audience):
        return ""
    return "" if is_spent(booking, role) else path_to_form(booking, role)
