"""Wide reads: dates for the catalogue and the workshop page, lists for facilitators and coordinators."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from bookings.facts import bookable, can_wait
from bookings.models import AttendanceRecord, Booking, GroupLine, PersonLine, Session, WalkIn
from bookings.rules import Refusal, State
from vaern.outbox.models import Message, MessageQuerySet


@dataclass(frozen=True)
class Dated:
    """A session and the answer to "can it be booked, and if not, why?"."""

    session: Session
    refusal: Refusal | None
    may_wait: bool = False

    @property
    def only_together(self) -> bool:
        """Say whether it is booked with the other dates of its series."""
        return self.refusal is Refusal.ONLY_TOGETHER

    @property
    def bookable(self) -> bool:
        """Say whether it can be booked."""
        return self.refusal is None


def announced_dates(workshop_key: uuid.UUID, *, now: dt.datetime) -> list[Dated]:
    """Return a workshop's coming public dates, soonest first; cancelled ones too, for those who counted on one."""
    sessions = Session.objects.of_workshops([workshop_key]).listed().announced(now)
    return [_dated(session, now=now) for session in sessions.select_related("workshop", "series")]


def _dated(session: Session, *, now: dt.datetime) -> Dated:
    refusal = bookable(session, now=now)
    return Dated(session, refusal, may_wait=refusal is not None and can_wait(session, now=now))


@dataclass(frozen=True)
class Overview:
    """A session with what its list says: who comes, and how many came."""

    session: Session
    lines: list[GroupLine]
    people: list[PersonLine] = field(default_factory=list)
    walk_ins: list[WalkIn] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nobody on its roll."""
        return not (self.lines or self.people or self.walk_ins)

    @property
    def pupils_booked(self) -> int:
        """Return the pupils of the confirmed bookings."""
        return sum(line.pupils for line in self.lines)

    @property
    def records(self) -> list[AttendanceRecord]:
        """Return the current record of each class, person and walk-in that has been reported."""
        rows: list[Any] = [*self.lines, *self.people, *self.walk_ins]
        return [record for row in rows for record in row.current_records]

    @property
    def pupils_present(self) -> int | None:
        """Return the pupils who came; None when no class is known to have had it: that is not 0 (domain.md §4)."""
        counts = [record.pupils_present for record in self.records if record.pupils_present is not None]
        return sum(counts) if counts else None

    @property
    def persons_present(self) -> int | None:
        """Return the parents or staff who came; None when that is not known."""
        counts = [record.persons_present for record in self.records if record.persons_present is not None]
        return sum(counts) if counts else None

    @property
    def did_not_take_place(self) -> bool:
        """Say whether it was reported that nobody had it."""
        return bool(self.records) and self.pupils_present is None and self.persons_present is None

    @property
    def unreported(self) -> int:
        """Return how many classes and persons that were booked have no report."""
        rows: list[Any] = [*self.lines, *self.people]
        return sum(1 for row in rows if not row.current_records)

    @property
    def place(self) -> str:
        """Return where it is: the session's own place, or the schools that come to have it with them."""
        return self.session.place_for(line.booking.school_name for line in self.lines)


def overviews(sessions: QuerySet[Session]) -> list[Overview]:
    """Return the sessions of a list with their rolls and current records; as many queries, however many they are."""
    confirmed = GroupLine.objects.filter(booking__state=State.CONFIRMED).select_related("booking")
    people = PersonLine.objects.filter(booking__state=State.CONFIRMED)
    current = AttendanceRecord.objects.current()
    loaded = sessions.select_related("workshop").prefetch_related(
        Prefetch("lines", confirmed, to_attr="confirmed_lines"),
        Prefetch("confirmed_lines__records", current, to_attr="current_records"),
        Prefetch("people", people, to_attr="confirmed_people"),
        Prefetch("confirmed_people__records", current, to_attr="current_records"),
        Prefetch("walk_ins", to_attr="all_walk_ins"),
        Prefetch("all_walk_ins__records", current, to_attr="current_records"),
    )
    return [
        Overview(session, session.confirmed_lines, session.confirmed_people, session.all_walk_ins) for session in loaded
    ]


def unreported(now: dt.datetime) -> QuerySet[Session]:
    """Return the sessions that have begun and have a booked class or person nobody has reported, oldest first."""
    of_session = {"session": OuterRef("pk"), "booking__state": State.CONFIRMED, "records__isnull": True}
    return (
        Session.objects.exclude(status=Session.Status.CANCELLED)
        .filter(
            Exists(GroupLine.objects.filter(**of_session)) | Exists(PersonLine.objects.filter(**of_session)),
            starts_at__lte=now,
        )
        .order_by("starts_at", "pk")
    )


def thread_of(booking: Booking) -> str:
    """Return the thread of the messages about a booking."""
    return f"booking:{booking.uuid}"


def messages_about(booking: Booking) -> MessageQuerySet:
    """Return the messages about a booking that are not deleted yet, the newest first."""
    return Message.objects.filter(thread=thread_of(booking)).order_by("-pk")
