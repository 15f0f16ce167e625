"""The verb on the past: sessions that were held, their classes, and how many came, written in a handful of statements.

It tells nobody, and every row of it can be told from what was booked here (`ImportedSession`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from bookings.domain.engine import new_reference
from bookings.domain.locking import locked_rows
from bookings.domain.seats import recount
from bookings.links import hash_of, token_of
from bookings.models import AttendanceRecord, Booking, GroupLine, Session
from bookings.roll import held_among
from bookings.rules import State, label_key
from courses.models import WorkshopPage
from vaern.design.formats import COPENHAGEN
from vaern.exchange.models import ImportBatch, ImportedSession
from vaern.people.models import School

CHUNK = 500
Place = tuple[int, dt.datetime, str]


@dataclass(frozen=True)
class Past:
    """One class on one day, as the file says it. `timed`: the file says when it began."""

    number: int
    workshop: WorkshopPage
    school: School
    starts_at: dt.datetime
    ends_at: dt.datetime
    timed: bool
    label: str
    grade: int
    booked: int
    came: int
    adults: int

    @property
    def place(self) -> Place:
        """Return what one session is: a workshop at a time for a school."""
        return (self.workshop.pk, self.starts_at, self.school.institution_number)


@dataclass
class Taken:
    """A row and what is here already: the class's line, its session, and its last record."""

    past: Past
    line_id: int | None = None
    session_id: int | None = None
    record_id: int | None = None
    known: tuple[int | None, int | None] | None = None


def compare(rows: list[Past], *, lock: bool) -> list[Taken]:
    """Return each row with what is known of the same class, day and workshop already; a few queries.

    `lock`: hold the sessions that are here, in ascending order, until the caller's transaction ends (domain.md I9).
    """
    if not rows:
        return []
    lines = _lines_of(rows)
    taken = [Taken(past) for past in rows]
    for each in taken:
        found = _match(each.past, lines)
        if found:
            each.line_id, each.session_id = found
    if lock:
        ids = {each.session_id for each in taken if each.session_id}
        list(locked_rows(Session.objects.filter(pk__in=ids).order_by("pk")))
    records = {
        row.line_id: row
        for chunk in _chunks([each.line_id for each in taken if each.line_id])
        for row in AttendanceRecord.objects.current().filter(line_id__in=chunk)
    }
    for each in taken:
        row = records.get(each.line_id or 0)
        if row:
            each.record_id, each.known = row.pk, (row.pupils_present, row.adults_present)
    return taken


Lines = dict[tuple[int, dt.date, str, str], list[tuple[dt.datetime, int, int]]]


def _lines_of(rows: list[Past]) -> Lines:
    first, last = min(past.starts_at for past in rows), max(past.starts_at for past in rows)
    day = dt.timedelta(days=1)
    found = GroupLine.objects.filter(
        booking__state=State.CONFIRMED,
        session__workshop_id__in={past.workshop.pk for past in rows},
        session__starts_at__range=(first - day, last + day),
    )
    lines: Lines = defaultdict(list)
    for line_id, session_id, workshop, start, school, label in found.values_list(
        "pk", "session_id", "session__workshop_id", "session__starts_at", "school_key", "label_key"
    ):
        lines[(workshop, start.astimezone(COPENHAGEN).date(), school, label)].append((start, line_id, session_id))
    return lines


def _match(past: Past, lines: Lines) -> tuple[int, int] | None:
    day = past.starts_at.astimezone(COPENHAGEN).date()
    key = (past.workshop.pk, day, past.school.institution_number, label_key(past.label))
    found = [line for line in lines.get(key, []) if not past.timed or line[0] == past.starts_at]
    return (found[0][1], found[0][2]) if found else None


def write_past(taken: list[Taken], *, actor_id: int | None, batch: ImportBatch | None) -> None:
    """Write what is not here yet. The caller has a transaction, and has compared under its lock."""
    now = timezone.now()
    new = [each for each in taken if each.line_id is None]
    _write_lines(new, now, batch)
    stale = [each for each in taken if each.known != (each.past.came, each.past.adults)]
    key = batch.uuid if batch else uuid.uuid4()
    AttendanceRecord.objects.bulk_create(
        (
            AttendanceRecord(
                line_id=each.line_id or 0,
                took_place=True,
                pupils_present=each.past.came,
                adults_present=each.past.adults,
                client_key=key,
                recorded_by_id=actor_id,
                recorded_at=now,
                supersedes_id=each.record_id,
            )
            for each in stale
        ),
        batch_size=CHUNK,
    )
    _set_statuses({each.session_id for each in stale if each.session_id})


def _write_lines(new: list[Taken], now: dt.datetime, batch: ImportBatch | None) -> None:
    """Write sessions, bookings and classes: one session and one booking for what a school had at one time."""
    groups: dict[Place, list[Taken]] = defaultdict(list)
    for each in new:
        groups[each.past.place].append(each)
    here = _imported([rows[0].past for rows in groups.values()])
    sessions = {
        place: Session(
            workshop=rows[0].past.workshop,
            starts_at=rows[0].past.starts_at,
            ends_at=rows[0].past.ends_at,
            visibility=Session.Visibility.LINK,
            seats_taken=sum(row.past.booked for row in rows),
            announced_at=rows[0].past.starts_at,
        )
        for place, rows in groups.items()
        if place not in here
    }
    Session.objects.bulk_create(sessions.values(), batch_size=CHUNK)
    ImportedSession.objects.bulk_create(
        (ImportedSession(session=session, batch=batch) for session in sessions.values()), batch_size=CHUNK
    )
    keys = {place: session.pk for place, session in sessions.items()} | here
    bookings = {place: _booking(rows, keys[place], now) for place, rows in groups.items()}
    Booking.objects.bulk_create(bookings.values(), batch_size=CHUNK)
    lines = []
    for place, rows in groups.items():
        for each in rows:
            each.session_id = keys[place]
            lines.append(_group_line(each.past, bookings[place]))
    written = GroupLine.objects.bulk_create(lines, batch_size=CHUNK)
    flat = [each for rows in groups.values() for each in rows]
    for each, line in zip(flat, written, strict=True):
        each.line_id = line.pk
    for session in locked_rows(Session.objects.filter(pk__in=here.values()).order_by("pk")):
        recount(session)


def _imported(pasts: list[Past]) -> dict[Place, int]:
    """Return the sessions of earlier files that these classes belong to: a file with the rest of a school's classes."""
    if not pasts:
        return {}
    starts = [past.starts_at for past in pasts]
    found = GroupLine.objects.filter(
        session__imported__isnull=False,
        session__workshop_id__in={past.workshop.pk for past in pasts},
        session__starts_at__range=(min(starts), max(starts)),
    )
    known = {
        (workshop, start, school): session_id
        for session_id, workshop, start, school in found.values_list(
            "session_id", "session__workshop_id", "session__starts_at", "school_key"
        )
    }
    return {past.place: known[past.place] for past in pasts if past.place in known}


def _booking(rows: list[Taken], session_id: int, now: dt.datetime) -> Booking:
    key = uuid.uuid4()
    past = rows[0].past
    return Booking(
        uuid=key,
        reference=new_reference(),
        session_id=session_id,
        audience=WorkshopPage.Audience.CLASS,
        state=State.CONFIRMED,
        seats=sum(row.past.booked for row in rows),
        contact_name="",
        contact_email="",
        school=past.school.organisation,
        school_name=past.school.organisation.name,
        idempotency_key=uuid.uuid4(),
        token_hash=hash_of(token_of(key)),
        created_at=now,
        confirmed_at=now,
    )


def _group_line(past: Past, booking: Booking) -> GroupLine:
    return GroupLine(
        booking=booking,
        session_id=booking.session_id,
        school_key=past.school.institution_number,
        institution_type=past.school.institution_type,
        label=past.label,
        label_key=label_key(past.label),
        grade=past.grade,
        pupils=past.booked,
        adults=past.adults,
    )


def _set_statuses(session_ids: set[int]) -> None:
    """Write what `bookings.domain.attendance.set_status` would: held when at least one came, else planned (§5)."""
    for chunk in _chunks(sorted(session_ids)):
        held = held_among(chunk)
        Session.objects.filter(pk__in=held, status=Session.Status.PLANNED).update(status=Session.Status.HELD)
        others = Session.objects.filter(pk__in=set(chunk) - held, status=Session.Status.HELD)
        others.update(status=Session.Status.PLANNED)


def _chunks(keys: list[int]) -> Iterable[list[int]]:
    return (keys[at : at + CHUNK] for at in range(0, len(keys), CHUNK))
