"""Sessions as rows of the day: who comes, where, and what the matter is. Queries do not grow with the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from bookings.admin import words
from bookings.models import Session
from bookings.queries import Overview, overviews
from vaern.design.formats import format_time_range
from vaern.workspace.flags import Flag, closed_days, flags_of, local_day

MOST_CLASSES = 3


@dataclass(frozen=True)
class Entry:
    """One session in words."""

    session: Session
    time: str
    place: str
    who: list[str]
    more: int
    seats: str
    facilitators: str
    flags: list[Flag]


@dataclass
class Day:
    """A day with its sessions, and why there is no school."""

    day: dt.date
    closed: str = ""
    entries: list[Entry] = field(default_factory=list)


def entries(sessions: QuerySet[Session], *, now: dt.datetime) -> list[Entry]:
    """Return the sessions in words, in their order. Nine queries at most."""
    rows = overviews(sessions.prefetch_related("facilitators"))
    flags = flags_of([row.session for row in rows], now=now)
    return [_entry(row, flags[row.session.pk]) for row in rows]


def _entry(row: Overview, flags: list[Flag]) -> Entry:
    session = row.session
    classes = [f"{line.label}, {line.booking.school_name}" for line in row.lines]
    return Entry(
        session,
        format_time_range(session.starts_at, session.ends_at),
        row.place or words.place_of(session),
        classes[:MOST_CLASSES],
        len(classes[MOST_CLASSES:]),
        words.seats_of(session),
        words.facilitators_of(session),
        flags,
    )


def by_day(rows: Iterable[Entry], days: Iterable[dt.date] = ()) -> list[Day]:
    """Return the rows by their day, with these days there even when they are empty. One query."""
    found = {day: Day(day) for day in days}
    for row in rows:
        day = local_day(row.session)
        found.setdefault(day, Day(day)).entries.append(row)
    closed = closed_days(list(found))
    for day, one in found.items():
        one.closed = closed.get(day, "")
    return [found[day] for day in sorted(found)]
