"""Whether a workshop's provider may have public sessions on a day: while its charter is valid (domain.md §2, §6).

When a charter is valid is the charter's business: it says so by `provide`, as dates are told to the catalogue
(`courses.dates`). As long as nobody does, nothing is refused and nothing is flagged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias

from bookings.models import Session
from vaern.design.formats import COPENHAGEN
from vaern.people.models import Organisation

# [valid from, valid until): the day it ends is not one of its days.
Term: TypeAlias = tuple[dt.date, dt.date]
TermsOf: TypeAlias = Callable[[Collection[int]], dict[int, list[Term]]]

# The city itself signs nothing.
BOUND = frozenset({Organisation.Kind.PARTNER, Organisation.Kind.SUPPLIER})

_terms_of: TermsOf | None = None


class NoCharter(Exception):
    """The session would be public on a day on which its provider has no valid charter."""

    def __init__(self, provider: str, day: dt.date) -> None:
        super().__init__(f"{provider}, {day}")
        self.provider = provider
        self.day = day


def provide(terms_of: TermsOf | None) -> None:
    """Let `terms_of` say which charter terms organisations have: {id: terms}, by their ids. None: nobody says."""
    global _terms_of  # noqa: PLW0603 - set once, when the site starts
    _terms_of = terms_of


def is_known() -> bool:
    """Say whether anybody says which charters are valid."""
    return _terms_of is not None


def lacking(sessions: Iterable[Session]) -> set[int]:
    """Return the ids of those sessions whose provider has no valid charter on their day. Read workshops with them:
    then it is one query for the providers, and what the charter needs."""
    if _terms_of is None:
        return set()
    rows = list(sessions)
    wanted = {row.workshop.provider_id for row in rows if row.workshop.provider_id}
    bound = set(Organisation.objects.filter(pk__in=wanted, kind__in=BOUND).values_list("pk", flat=True))
    terms = _terms_of(bound) if bound else {}
    return {
        row.pk
        for row in rows
        if row.workshop.provider_id in bound and not _holds(terms.get(row.workshop.provider_id, []), day_of(row))
    }


def refuse_without_charter(session: Session) -> None:
    """Raise NoCharter when the session is public and its provider has no valid charter on its day."""
    if session.visibility == Session.Visibility.PUBLIC and lacking([session]):
        raise NoCharter(str(session.workshop.provider), day_of(session))


def day_of(session: Session) -> dt.date:
    """Return the session's day in Copenhagen."""
    return session.starts_at.astimezone(COPENHAGEN).date()


def _holds(terms: Collection[Term], day: dt.date) -> bool:
    return any(first <= day < until for first, until in terms)
