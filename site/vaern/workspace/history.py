"""What has been done to a session and its bookings, from the audit log, and what people were written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Booking, Session
from bookings.queries import thread_of
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.outbox.registry import name_of
from vaern.workspace.domain.notes import note_thread

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 50

WORDS: dict[str, StrOrPromise] = {
    "session.planned": gettext_lazy("The session was planned"),
    "session.changed": gettext_lazy("The session was changed"),
    "session.cancelled": gettext_lazy("The session was cancelled"),
    "attendance.reported": gettext_lazy("Attendance was reported"),
    "booking.confirmed": gettext_lazy("Booked"),
    "booking.requested": gettext_lazy("A booking waits for approval"),
    "booking.waitlisted": gettext_lazy("Put on the waiting list"),
    "booking.offered": gettext_lazy("Places were offered"),
    "booking.accepted": gettext_lazy("The offer was accepted"),
    "booking.declined": gettext_lazy("The offer was declined"),
    "booking.expired": gettext_lazy("The offer ran out"),
    "booking.approved": gettext_lazy("The booking was approved"),
    "booking.rejected": gettext_lazy("The booking was rejected"),
    "booking.cancelled": gettext_lazy("The booking was cancelled"),
    "booking.moved": gettext_lazy("The booking was moved to another date"),
    "booking.renumbered": gettext_lazy("The booking's numbers were changed"),
    "booking.links_asked_for": gettext_lazy("A new link was asked for"),
    "note.sent": gettext_lazy("A message was written by hand"),
    "visit.accepted": gettext_lazy("The request for a visit was accepted"),
}
# What a session's fields are called, for "was changed".
FIELDS: dict[str, StrOrPromise] = {
    "starts_at": gettext_lazy("start"),
    "ends_at": gettext_lazy("end"),
    "place": gettext_lazy("place"),
    "district": gettext_lazy("district"),
    "online_link": gettext_lazy("link"),
    "capacity": gettext_lazy("number of places"),
    "capacity_unit": gettext_lazy("what a place is"),
    "facilitators": gettext_lazy("facilitators"),
    "opens_at": gettext_lazy("opening of registration"),
    "closes_at": gettext_lazy("close of registration"),
    "cancel_until": gettext_lazy("cancellation deadline"),
    "visibility": gettext_lazy("visibility"),
    "waiting_rule": gettext_lazy("waiting list"),
    "approval_needed": gettext_lazy("approval"),
    "language": gettext_lazy("language"),
    "reminder_days": gettext_lazy("reminder"),
}


@dataclass(frozen=True)
class Event:
    """One event in words."""

    at: Any
    what: str
    about: str
    who: str


def events_of(session: Session, bookings: Collection[Booking]) -> tuple[list[Event], bool]:
    """Return the newest events of a session and its bookings, and whether there are more. One query."""
    references = {str(booking.uuid): booking.reference for booking in bookings}
    subject = Q(subject_type="session", subject_key=str(session.uuid))
    if references:
        subject |= Q(subject_type="booking", subject_key__in=references)
    found = list(AuditEvent.objects.filter(subject).select_related("actor")[: MOST + 1])
    return [
        Event(row.at, _words(row), references.get(row.subject_key, ""), str(row.actor or "")) for row in found[:MOST]
    ], len(found) > MOST


def _words(event: AuditEvent) -> str:
    what = str(WORDS.get(event.action, event.action))
    fields = event.facts.get("fields")
    if isinstance(fields, list) and fields:
        return _("%(what)s: %(fields)s") % {
            "what": what,
            "fields": ", ".join(str(FIELDS.get(name, name)) for name in fields),
        }
    return what


def messages_of(session: Session, bookings: Collection[Booking]) -> QuerySet[Message]:
    """Return the messages about a session: to those who hold it, and to those who have booked, the newest first."""
    threads = [f"session:{session.uuid}"]
    for booking in bookings:
        threads += [thread_of(booking), note_thread(booking)]
    return Message.objects.filter(thread__in=threads).order_by("-pk")


@dataclass(frozen=True)
class Letter:
    """A message in words."""

    pk: int
    name: str
    recipient: str
    state: str
    failed: bool
    at: Any


def letters_of(session: Session, bookings: Collection[Booking]) -> tuple[list[Letter], bool]:
    """Return the newest messages about a session, and whether there are more. One query."""
    found = list(messages_of(session, bookings)[: MOST + 1])
    failed = {Message.State.FAILED, Message.State.BOUNCED}
    return [
        Letter(row.pk, name_of(row.kind), row.recipient, row.get_state_display(), row.state in failed, row.created_at)
        for row in found[:MOST]
    ], len(found) > MOST
