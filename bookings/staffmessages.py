"""What is put into the outbox for those who hold sessions: facts of the moment, as JSON (domain.md §7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from bookings.models import Session
from courses.queries import translated
from vaern.outbox.domain import enqueue
from vaern.people.models import User

# Versions and calendar sequences of a session's staff count seconds: whatever is told later is newer.
BEGINNING = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def tell_facilitators(
    session: Session,
    *,
    new: Iterable[User] = (),
    moved: Iterable[User] = (),
    gone: Iterable[User] = (),
    reason: str = "",
) -> None:
    """Tell those who are `new` on a session, whose session is `moved`, and those who do not hold it any more."""
    for kind, people in (
        ("bookings.facilitator_new", new),
        ("bookings.facilitator_changed", moved),
        ("bookings.facilitator_cancelled", gone),
    ):
        for person in people:
            if person.email and person.is_active:
                _tell(kind, session, person, reason)


def _tell(kind: str, session: Session, person: User, reason: str) -> None:
    number = version_now()
    enqueue(
        kind=kind,
        recipient=person.email,
        language=language_of(person),
        context={**session_snapshot(session, person), "sequence": number, "reason": reason},
        thread=f"session:{session.uuid}",
        version=number,
    )


def version_now() -> int:
    """Return a number that is greater the later it is."""
    return int((timezone.now() - BEGINNING).total_seconds())


def language_of(person: User) -> str:
    """Return the language a member of staff has chosen in the staff screens; Danish for the others."""
    profile = getattr(person, "wagtail_userprofile", None)
    return "en" if profile is not None and profile.preferred_language == "en" else "da"


def session_snapshot(session: Session, person: User) -> dict[str, Any]:
    """Return the facts of a session for one of its facilitators; times are ISO 8601 in UTC."""
    return {
        "session": str(session.uuid),
        "workshop": translated(session.workshop, language_of(person)).title,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "place": session.place_for(),
        "online_link": session.online_link,
        "recipient": person.email,
        "recipient_name": str(person),
    }
