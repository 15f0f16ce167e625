"""A message that a coordinator writes by hand to those who have booked: one each, through the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from bookings.domain.locking import retried
from bookings.messages import recipients, snapshot, visit_snapshot
from bookings.models import Booking, VisitRequest
from vaern.audit.domain import record
from vaern.outbox.domain import enqueue
from vaern.outbox.models import Told

KIND = "workspace.note"
MOST_RECIPIENTS = 500


class TooManyRecipients(Exception):
    """More would be told than one message by hand may go to."""


@dataclass(frozen=True)
class Letter:
    """One message to one address: about which booking or request, with the facts of the moment."""

    about: Booking | VisitRequest
    address: str
    context: dict[str, Any]

    @property
    def language(self) -> str:
        """Return the recipient's language, for the words around the text."""
        return self.about.language


def letters(about: Iterable[Booking | VisitRequest], *, subject: str, text: str) -> list[Letter]:
    """Return the messages that `send_note` would write: the contact and the adult in charge of each, and nobody twice
    about the same session."""
    found: dict[tuple[Any, str], Letter] = {}
    for one in about:
        facts, session = _facts(one)
        for address, name in recipients(one).items():
            context = {**facts, "recipient_name": name, "subject": subject, "text": text}
            found.setdefault((session, address.lower()), Letter(one, address, context))
    return list(found.values())


def _facts(one: Booking | VisitRequest) -> tuple[dict[str, Any], Any]:
    if isinstance(one, Booking):
        return snapshot(one, one.session), one.session_id
    return visit_snapshot(one), f"visit {one.pk}"


@retried
@transaction.atomic
def send_note(
    *,
    about: Collection[Booking | VisitRequest],
    subject: str,
    text: str,
    form_key: uuid.UUID,
    actor_id: int | None,
) -> int | None:
    """Write a message to each of those who booked, all or none, and return how many; None when this form has sent
    before, and nothing is written. Raises TooManyRecipients, or Busy.

    What was written stays in the outbox for as long as any message (30 days); the audit log says to how many.
    """
    _told, first = Told.objects.get_or_create(key=f"{KEY_PREFIX}{form_key}", defaults={"at": timezone.now()})
    if not first:
        return None
    written = letters(about, subject=subject, text=text)
    if len(written) > MOST_RECIPIENTS:
        raise TooManyRecipients
    for letter in written:
        enqueue(
            kind=KIND,
            recipient=letter.address,
            language=letter.language,
            context=letter.context,
            thread=note_thread(letter.about),
        )
    for one in about:
        record(
            action="note.sent",
            subject_type="booking" if isinstance(one, Booking) else "visit",
            subject_key=str(one.uuid),
            actor_id=actor_id,
            recipients=sum(letter.about.pk == one.pk for letter in written),
        )
    return len(written)


KEY_PREFIX = f"{KIND}:"


def note_thread(one: Booking | VisitRequest) -> str:
    """Return the thread of the messages by hand: not the booking's own, in which a newer one would overtake them."""
    return f"note:{one.uuid}"
