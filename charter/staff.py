"""Messages to those who answer for the register."""

from __future__ import annotations

from typing import Any

from charter.permissions import managers
from vaern.outbox.domain import enqueue, enqueue_once
from vaern.people.models import User


def language_of(person: User) -> str:
    """Return the language a member of staff has chosen in the staff screens; Danish for the others."""
    profile = getattr(person, "wagtail_userprofile", None)
    return "en" if profile is not None and profile.preferred_language == "en" else "da"


def tell_staff(kind: str, *, once: str = "", **context: Any) -> int:
    """Put a message to each manager into the outbox, in the caller's transaction; with `once` only the first time."""
    told = 0
    for person in managers():
        message: dict[str, Any] = {
            "kind": kind,
            "recipient": person.email,
            "language": language_of(person),
            "context": {**context, "recipient_name": str(person)},
        }
        if once:
            told += enqueue_once(key=f"{kind}:{once}:{person.pk}", **message)
        else:
            enqueue(**message)
            told += 1
    return told
