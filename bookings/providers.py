"""Whether a workshop's provider may have public sessions on a day: while its charter is valid (domain.md §2, §6).

When a charter is valid is the charter's business (`charter.queries.uncovered`); which sessions it is asked for is ours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from bookings.models import Session
from charter.queries import uncovered
from vaern.design.formats import COPENHAGEN


class NoCharter(Exception):
    """The session would be public on a day on which its provider has no valid charter."""

    def __init__(self, provider: str, day: dt.date) -> None:
        super().__init__(f"{provider}, {day}")
        self.provider = provider
        self.day = day


def lacking(sessions: Iterable[Session]) -> set[int]:
    """Return the ids of those public sessions whose provider has no valid charter on their day.

    Read workshops with them: then it is two queries, and none when no workshop has a provider.
    """
    asked = {
        row.pk: (row.workshop.provider_id, day_of(row))
        for row in sessions
        if row.visibility == Session.Visibility.PUBLIC and row.workshop.provider_id
    }
    found = uncovered(asked.values())
    return {pk for pk, about in asked.items() if about in found}


def refuse_without_charter(session: Session) -> None:
    """Raise NoCharter when the session is public and its provider has no valid charter on its day."""
    if lacking([session]):
        raise NoCharter(str(session.workshop.provider), day_of(session))


def day_of(session: Session) -> dt.date:
    """Return the session's day in Copenhagen."""
    return session.starts_at.astimezone(COPENHAGEN).date()
