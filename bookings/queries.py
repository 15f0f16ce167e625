"""Wide reads: dates for the catalogue and the workshop page, lists for facilitators and coordinators."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from bookings.facts import bookable
from bookings.models import AttendanceRecord, GroupLine, Session
from bookings.rules import Refusal, State


@dataclass(frozen=True)
class Dated:
    """A session and the answer to "can it be booked, and if not, why?"."""

    session: Session
    refusal: Refusal | None

    @property
    def bookable(self) -> bool:
        """Say whether it can be booked."""
        return self.refusal is None


def announced_dates(workshop_key: uuid.UUID, *, now: dt.datetime) -> list[Dated]:
    """Return a workshop's coming public dates, soonest first; cancelled ones too, for those who counted on one."""
    sessions = Session.objects.of_workshops([workshop_key]).listed().announced(now).select_related("workshop")
    return [Dated(session, bookable(session, now=now)) for session in sessions]


@dataclass(frozen=True)
class Overview:
    """A session with what its list says: who comes, and how many came."""

    session: Session
    lines: list[GroupLine]

    @property
    def pupils_booked(self) -> int:
        """Return the pupils of the confirmed bookings."""
        return sum(line.pupils for line in self.lines)

    @property
    def records(self) -> list[AttendanceRecord]:
        """Return the current record of each class that has been reported."""
        return [record for line in self.lines for record in line.current_records]  # type: ignore[attr-defined]

    @property
    def pupils_present(self) -> int | None:
        """Return the pupils who came; None when no class is known to have had it: that is not 0 (domain.md §4)."""
        counts = [record.pupils_present for record in self.records if record.pupils_present is not None]
        return sum(counts) if counts else None

    @property
    def did_not_take_place(self) -> bool:
        """Say whether it was reported that no class had it."""
        return bool(self.records) and self.pupils_present is None

    @property
    def place(self) -> str:
        """Return where it is: the session's own place, or the schools that come to have it with them."""
        return self.session.place_for(line.booking.school_name for line in self.lines)


def overviews(sessions: QuerySet[Session]) -> list[Overview]:
    """Return the sessions of a list with their confirmed classes and current records; three queries, however many."""
    confirmed = GroupLine.objects.filter(booking__state=State.CONFIRMED).select_related("booking")
    loaded = sessions.select_related("workshop").prefetch_related(
        Prefetch("lines", confirmed, to_attr="confirmed_lines"),
        Prefetch("confirmed_lines__records", AttendanceRecord.objects.current(), to_attr="current_records"),
    )
    return [Overview(session, session.confirmed_lines) for session in loaded]


def unreported(now: dt.datetime) -> QuerySet[Session]:
    """Return the sessions that have begun and have a booked class nobody has reported, oldest first."""
    open_lines = GroupLine.objects.filter(session=OuterRef("pk"), booking__state=State.CONFIRMED, records__isnull=True)
    return (
        Session.objects.exclude(status=Session.Status.CANCELLED)
        .filter(Exists(open_lines), starts_at__lte=now)
        .order_by("starts_at", "pk")
    )
