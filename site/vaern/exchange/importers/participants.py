"""Staff who take part in a talk, from a list that somebody else has kept."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.domain.booking import STAFF
from bookings.domain.engine import Order, book_locked, note, prepare
from bookings.domain.errors import Refused
from bookings.domain.locking import locked_sessions, retried
from bookings.domain.parties import Contact, People, Person
from bookings.models import Booking, PersonLine, Session
from bookings.rules import ACTIVE
from bookings.texts import sentence
from courses.models import WorkshopPage
from vaern.design.formats import COPENHAGEN
from vaern.exchange.changes import CHANGED, ERROR, NEW, UNCHANGED, Preview, Undo, keep_or_undo
from vaern.exchange.importers.base import Importer
from vaern.exchange.importers.lookups import Administrations, Workshops
from vaern.exchange.models import ImportBatch
from vaern.exchange.tables import BadCell, Column, TableRow, moment, read_table
from vaern.people.models import Administration

MOST = 1000
WORKSHOP = Column(
    "workshop",
    "workshop",
    gettext_lazy("The talk’s title, or the last part of its page’s address."),
    "Oplæg om forebyggelse",
    True,
    ("titel",),
)
DAY = Column("day", "dato", gettext_lazy("The day, e.g. 31-12-2026."), "14-01-2027", True)
START = Column("start", "start", gettext_lazy("The time in Copenhagen, e.g. 10:00."), "10:00", True, ("starttid",))
NAME = Column("name", "navn", gettext_lazy("The person’s name."), "Åse Ødegård", True)
EMAIL = Column("email", "e-mail", gettext_lazy("The person’s address at work."), "aase@example.dk", True, ("mail",))
OFFICE = Column("office", "forvaltning", gettext_lazy("Code or name, e.g. BIF."), "BIF", True)
WORKPLACE = Column("workplace", "arbejdssted", gettext_lazy("Where the person works."), "Borgercenter")
ROLE = Column("role", "rolle", gettext_lazy("What the person does."), "Sagsbehandler")
COLUMNS = [WORKSHOP, DAY, START, NAME, EMAIL, OFFICE, WORKPLACE, ROLE]


Sessions = dict[tuple[int, dt.datetime], list[int]]


@dataclass(frozen=True)
class Known:
    """What the rows' words can mean, read once for the whole file."""

    workshops: Workshops
    administrations: Administrations
    sessions: Sessions


@dataclass(frozen=True)
class Line:
    """A row that could be read."""

    number: int
    session_id: int
    name: str
    email: str
    administration: Administration
    workplace: str
    role: str

    @property
    def label(self) -> str:
        """Return whom it is about."""
        return f"{self.name}, {self.email}"


@retried
def run(
    content: bytes,
    *,
    actor_id: int | None,
    write: bool,
    expected: Preview | None = None,
    batch: ImportBatch | None = None,
) -> Preview:
    """Sign people up by the same engine as the form; see `Importer`."""
    preview = Preview()
    lines = _read(content, preview)
    try:
        with locked_sessions([line.session_id for line in lines]) as sessions:
            here = _signed_up(lines)
            for line in lines:
                _do(line, sessions[line.session_id], here.get((line.session_id, line.email)), actor_id, preview)
            preview.changes.sort(key=lambda change: change.number)
            keep_or_undo(preview, write=write, expected=expected)
    except Undo:
        pass
    return preview


def _read(content: bytes, preview: Preview) -> list[Line]:
    rows = read_table(content, COLUMNS, most=MOST)
    known = Known(Workshops(), Administrations(), _planned(rows))
    lines: list[Line] = []
    seen: dict[Any, int] = {}
    for row in rows:
        try:
            line = _line(row, known)
            key = (line.session_id, line.email)
            if key in seen:
                raise BadCell(_("The same person stands in row %(row)s too.") % {"row": seen[key]})
        except BadCell as error:
            preview.add(row.number, ERROR, row.values.get("name", "")[:80], [str(error)])
            continue
        seen[key] = row.number
        lines.append(line)
    return lines


def _planned(rows: list[TableRow]) -> Sessions:
    """Return {(workshop, start): sessions} of those that the rows can mean; one query."""
    starts: set[dt.datetime] = set()
    for row in rows:
        with suppress(BadCell):
            day, start = row.day(DAY), row.clock(START)
            if day and start is not None:
                starts.add(moment(day, start))
    found: Sessions = defaultdict(list)
    planned = Session.objects.filter(starts_at__in=starts).exclude(status=Session.Status.CANCELLED).order_by("pk")
    for key, workshop, starts_at in planned.values_list("pk", "workshop_id", "starts_at"):
        found[(workshop, starts_at)].append(key)
    return found


def _signed_up(lines: list[Line]) -> dict[tuple[int, str], PersonLine]:
    """Return {(session, address): person} of those who are signed up already; one query, under the sessions' locks."""
    people = (
        PersonLine.objects.filter(
            session_id__in={line.session_id for line in lines}, active=True, booking__state__in=ACTIVE
        )
        .select_related("booking__administration")
        .order_by("-pk")
    )
    return {(person.session_id, person.email.lower()): person for person in people}  # the first of several stays


def _line(row: TableRow, known: Known) -> Line:
    if row.problem:
        raise BadCell(row.problem)
    workshop = known.workshops.find(row.text(WORKSHOP))
    if workshop.audience != WorkshopPage.Audience.STAFF:
        raise BadCell(_("“%(title)s” is not for staff.") % {"title": workshop.title})
    day, start = row.day(DAY), row.clock(START)
    if day is None or start is None:
        raise BadCell(_("%(column)s is missing.") % {"column": (DAY if day is None else START).heading})
    email = row.text(EMAIL).lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadCell(_("“%(email)s” is not an e-mail address.") % {"email": email[:80]}) from error
    return Line(
        row.number,
        _session_of(workshop, moment(day, start), known.sessions),
        row.text(NAME, longest=120),
        email,
        known.administrations.find(row.text(OFFICE), day),
        row.text(WORKPLACE, longest=120),
        row.text(ROLE, longest=120),
    )


def _session_of(workshop: WorkshopPage, starts_at: dt.datetime, sessions: Sessions) -> int:
    keys = sessions.get((workshop.pk, starts_at), [])
    if len(keys) != 1:
        text = (
            _("“%(title)s” has no session on %(time)s. Plan it first.")
            if not keys
            else _("“%(title)s” has several sessions on %(time)s. Sign these people up one by one.")
        )
        shown = f"{starts_at.astimezone(COPENHAGEN):%d-%m-%Y %H:%M}"
        raise BadCell(text % {"title": workshop.title, "time": shown})
    return keys[0]


def _do(line: Line, session: Session, person: PersonLine | None, actor_id: int | None, preview: Preview) -> None:
    if person is not None:
        differences = _change(line, person, session, actor_id)
        preview.add(line.number, CHANGED if differences else UNCHANGED, line.label, differences)
        return
    party = People(
        [Person(line.name, line.email)],
        STAFF,
        administration_id=line.administration.pk,
        workplace=line.workplace,
        role=line.role,
    )
    order = Order(party, Contact(line.name, line.email), "da", uuid.uuid4(), actor_id)
    try:
        book_locked(session, order, prepare())
    except Refused as refused:
        preview.add(line.number, ERROR, line.label, [sentence(refused.why, free=refused.free, label=refused.label)])
    else:
        preview.add(line.number, NEW, line.label)


def _change(line: Line, person: PersonLine, session: Session, actor_id: int | None) -> list[str]:
    """Write other facts of somebody who is signed up already; a leader's booking for a team stays as it is."""
    booking: Booking = person.booking
    if booking.seats > 1:
        return []
    facts = [
        (gettext_lazy("Name"), person, "name", line.name),
        (gettext_lazy("Administration"), booking, "administration", line.administration),
        (gettext_lazy("Workplace"), booking, "workplace", line.workplace),
        (gettext_lazy("Role"), booking, "role", line.role),
    ]
    differing = [(label, row, name, new) for label, row, name, new in facts if new and getattr(row, name) != new]
    said = [f"{label}: {getattr(row, name) or '–'} → {new}" for label, row, name, new in differing]
    for _label, row, name, new in differing:
        setattr(row, name, new)
        row.save(update_fields=[name])
    if differing:
        fields = sorted(name for _label, _row, name, _new in differing)
        note("booking.changed", booking, session, actor_id=actor_id, fields=fields)
    return said


PARTICIPANTS = Importer(
    "participants",
    gettext_lazy("Participants in talks"),
    gettext_lazy(
        "Staff who take part in a talk that is planned. The same address on the same date is the same person."
    ),
    "bookings.manage_bookings",
    COLUMNS,
    run,
    gettext_lazy("Each new participant gets a confirmation with a calendar entry when the file is taken in."),
)
