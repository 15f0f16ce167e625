"""The message by hand: what a coordinator wrote, with the facts of the booking around it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.mails import booking_values, visit_values
from bookings.mailtexts import COMMON, HELLO, REGARDS
from vaern.outbox.registry import Mail, renders
from vaern.outbox.texts import Placeholder, Rows, TextKind, Value, register_samples, register_text, write
from vaern.workspace.domain.notes import KIND

FACTS = Placeholder("facts", gettext_lazy("Workshop, time, place, school, classes and reference, one a line"))
SUBJECT = Placeholder("subject", gettext_lazy("The subject that was written"), in_subject=True)
TEXT = Placeholder("text", gettext_lazy("The text that was written"), required=True)

note = register_text(
    TextKind(
        KIND,
        gettext_lazy("Message by hand"),
        gettext_lazy("To those whom a coordinator writes to from a list or a session."),
        (*COMMON, SUBJECT, TEXT, FACTS),
        "{subject}",
        (HELLO, "{text}", "{facts}", REGARDS),
    )
)


@renders(KIND, name=note.name)
def by_hand(context: dict[str, Any]) -> Mail:
    """Return what was written, in the words around it that staff have chosen."""
    return write(note, note_values(context))


def note_values(context: dict[str, Any]) -> dict[str, Value]:
    """Return what is filled in: the facts of a booking or of a request, and what was written."""
    if "visit" in context:
        values = dict(visit_values({**context, "link": "", "is_contact": False}))
    else:
        values = dict(booking_values(context, attached=False, method=""))
    return {**values, "subject": context["subject"], "text": context["text"]}


def _samples() -> dict[str, Value]:
    return {
        "name": "Kim Eksempel",
        "subject": _("New room on the day"),
        "text": _("We meet in another room on the day: room 3 on the first floor."),
        "facts": Rows(((_("Reference"), "ABCD2345"),)),
    }


register_samples([KIND], _samples)
