"""Dates of workshops that are to come."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.words import no_charter
from bookings.domain.errors import Refused
from bookings.domain.locking import locked_sessions, retried
from bookings.domain.session import CapacityBelowTaken, change_locked, plan_session
from bookings.models import Session
from bookings.providers import NoCharter
from bookings.rules import fold
from bookings.texts import sentence
from courses.models import WorkshopPage
from vaern.design.formats import COPENHAGEN
from vaern.exchange.changes import CHANGED, ERROR, NEW, UNCHANGED, Preview, Undo, keep_or_undo
from vaern.exchange.importers.base import Importer
from vaern.exchange.importers.lookups import People, Workshops, district_of
from vaern.exchange.models import ImportBatch
from vaern.exchange.tables import BadCell, Column, TableRow, moment, read_table
from vaern.people.models import User

MOST = 1000
NUMBER = Column(
    "number", "nummer", gettext_lazy("The session’s number from an export, to change its time or place."), ""
)
WORKSHOP = Column(
    "workshop",
    "workshop",
    gettext_lazy("The workshop’s title, or the last part of its page’s address."),
    "Kildekritik i praksis",
    True,
    ("titel",),
)
DAY = Column("day", "dato", gettext_lazy("The day, e.g. 31-12-2026."), "14-01-2027", True)
START = Column("start", "start", gettext_lazy("The time in Copenhagen, e.g. 10:00."), "10:00", True, ("starttid",))
END = Column(
    "end", "slut", gettext_lazy("The time it ends. Empty: as long as the workshop takes."), "11:30", False, ("sluttid",)
)
PLACE = Column("place", "sted", gettext_lazy("Empty: at the school that books."), "Hovedbiblioteket")
DISTRICT = Column("district", "bydel", gettext_lazy("Where the place is."), "Indre By")
CAPACITY = Column(
    "capacity", "kapacitet", gettext_lazy("How many there is room for. Empty: no limit."), "28", False, ("pladser",)
)
LANGUAGE = Column("language", "sprog", gettext_lazy("da or en. Empty: da."), "da")
VISIBILITY = Column("visibility", "synlighed", gettext_lazy("public or link. Empty: public."), "public")
FACILITATORS = Column(
    "facilitators", "undervisere", gettext_lazy("The facilitators’ e-mail addresses, with commas."), ""
)
COLUMNS = [WORKSHOP, DAY, START, END, PLACE, DISTRICT, CAPACITY, LANGUAGE, VISIBILITY, FACILITATORS, NUMBER]
FIELDS = {
    "starts_at": gettext_lazy("Starts"),
    "ends_at": gettext_lazy("Ends"),
    "place": gettext_lazy("Place"),
    "district": gettext_lazy("District"),
    "capacity": gettext_lazy("Capacity"),
    "language": gettext_lazy("Language"),
    "visibility": gettext_lazy("Visibility"),
    "facilitators": gettext_lazy("Facilitators"),
}


@dataclass
class Line:
    """A row that could be read; `session_id` is that of the session it is about."""

    number: int
    workshop: WorkshopPage
    values: dict[str, Any]
    facilitators: list[User] | None
    session_id: int | None = None
    label: str = ""
    given: set[str] = field(default_factory=set)


@retried
def run(
    content: bytes,
    *,
    actor_id: int | None,
    write: bool,
    expected: Preview | None = None,
    batch: ImportBatch | None = None,
) -> Preview:
    """Plan and change sessions by the same verbs as the staff's forms; see `Importer`."""
    preview = Preview()
    lines = _read(content, preview)
    _match(lines, preview)
    try:
        with locked_sessions([line.session_id for line in lines if line.session_id]) as sessions:
            prefetch_related_objects(list(sessions.values()), "facilitators")
            for line in lines:
                _do(line, sessions.get(line.session_id or 0), actor_id, preview)
            preview.changes.sort(key=lambda change: change.number)
            keep_or_undo(preview, write=write, expected=expected)
    except Undo:
        pass
    return preview


def _read(content: bytes, preview: Preview) -> list[Line]:
    rows = read_table(content, COLUMNS, most=MOST)
    workshops, people, numbers = Workshops(), People(), _numbered(rows)
    lines = []
    for row in rows:
        try:
            if row.problem:
                raise BadCell(row.problem)
            lines.append(_line(row, workshops, people, numbers))
        except BadCell as error:
            preview.add(row.number, ERROR, row.values.get("workshop", "")[:80], [str(error)])
    return lines


def _numbered(rows: list[TableRow]) -> dict[str, int]:
    """Return {number as the file has it: session} of the rows that name one; one query, none without a number."""
    asked: dict[str, uuid.UUID] = {}
    for row in rows:
        number = row.values.get(NUMBER.key, "")
        with suppress(ValueError):
            asked[number] = uuid.UUID(number)
    here = dict(Session.objects.filter(uuid__in=asked.values()).values_list("uuid", "pk")) if asked else {}
    return {number: here[key] for number, key in asked.items() if key in here}


def _line(row: TableRow, workshops: Workshops, people: People, numbers: dict[str, int]) -> Line:
    workshop = workshops.find(row.text(WORKSHOP))
    day, start, end = row.day(DAY), row.clock(START), row.clock(END)
    if day is None or start is None:
        raise BadCell(_("%(column)s is missing.") % {"column": (DAY if day is None else START).heading})
    starts_at = moment(day, start)
    ends_at = moment(day, end) if end else starts_at + dt.timedelta(minutes=workshop.duration_minutes)
    if ends_at <= starts_at:
        raise BadCell(_("The session must end after it starts."))
    district, language = row.text(DISTRICT), row.text(LANGUAGE).lower()
    if language not in {"", "da", "en"}:
        raise BadCell(_("The language must be da or en, not “%(value)s”.") % {"value": language[:20]})
    values = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "place": row.text(PLACE),
        "district": district_of(district) if district else "",
        "capacity": row.number_of(CAPACITY, most=2000),
        "language": language or "da",
        "visibility": _visibility(row.text(VISIBILITY)),
    }
    given = {name for name, column in (("ends_at", END), ("place", PLACE), ("district", DISTRICT)) if row.text(column)}
    given |= {name for name, column in (("capacity", CAPACITY), ("language", LANGUAGE)) if row.text(column)}
    given |= {"visibility"} if row.text(VISIBILITY) else set()
    held_by = people.find(row.text(FACILITATORS)) if row.text(FACILITATORS) else None
    found = Line(row.number, workshop, values, held_by, given=given | {"starts_at"})
    found.label = f"{workshop.title}, {starts_at.astimezone(COPENHAGEN):%d-%m-%Y %H:%M}"
    number = row.text(NUMBER)
    if number:
        if number not in numbers:
            raise BadCell(_("There is no session with the number %(number)s.") % {"number": number[:40]})
        found.session_id = numbers[number]
    return found


def _visibility(text: str) -> str:
    known = {"": "public", "public": "public", "offentlig": "public", "link": "link", "kun med link": "link"}
    if text.lower() not in known:
        raise BadCell(_("The visibility must be public or link, not “%(value)s”.") % {"value": text[:20]})
    return known[text.lower()]


def _match(lines: list[Line], preview: Preview) -> None:
    """Find the sessions that are here already: same workshop, start and place. A row that comes twice is wrong.

    One that is cancelled is not here: the same time and place can be planned anew.
    """
    starts = {line.values["starts_at"] for line in lines}
    here = {
        (workshop, start, fold(place)): key
        for key, workshop, start, place in Session.objects.filter(starts_at__in=starts)
        .exclude(status=Session.Status.CANCELLED)
        .values_list("pk", "workshop_id", "starts_at", "place")
    }
    seen: dict[Any, int] = {}
    for line in list(lines):
        key = (line.workshop.pk, line.values["starts_at"], fold(line.values["place"]))
        line.session_id = line.session_id or here.get(key)
        about = line.session_id or key
        if about in seen:
            lines.remove(line)
            text = _("The same session stands in row %(row)s too.") % {"row": seen[about]}
            preview.add(line.number, ERROR, line.label, [text])
        seen.setdefault(about, line.number)


def _do(line: Line, session: Session | None, actor_id: int | None, preview: Preview) -> None:
    """Plan or change one session under the lock, and say what that did."""
    try:
        if session is None:
            if line.values["starts_at"] <= timezone.now():
                raise BadCell(_("The session has begun. What was held comes in with the file for past attendance."))
            plan_session(
                values={**line.values, "workshop": line.workshop},
                facilitators=line.facilitators or (),
                actor_id=actor_id,
            )
            preview.add(line.number, NEW, line.label)
            return
        if session.workshop_id != line.workshop.pk:
            raise BadCell(_("The session is one of another workshop."))
        changes = {name: value for name, value in line.values.items() if name in line.given}
        differences = _differences(session, changes, line.facilitators)
        if differences:
            change_locked(session, changes=changes, facilitators=line.facilitators, actor_id=actor_id)
        preview.add(line.number, CHANGED if differences else UNCHANGED, line.label, differences)
    except BadCell as error:
        preview.add(line.number, ERROR, line.label, [str(error)])
    except Refused as refused:
        preview.add(line.number, ERROR, line.label, [sentence(refused.why)])
    except NoCharter as error:
        preview.add(line.number, ERROR, line.label, [no_charter(error)])
    except CapacityBelowTaken as error:
        text = _("The capacity cannot be below the %(taken)s places that are taken.") % {"taken": error.taken}
        preview.add(line.number, ERROR, line.label, [text])


def _differences(session: Session, changes: dict[str, Any], facilitators: list[User] | None) -> list[str]:
    found = [
        f"{FIELDS[name]}: {_shown(getattr(session, name))} → {_shown(value)}"
        for name, value in changes.items()
        if getattr(session, name) != value
    ]
    if facilitators is not None:
        now = set(session.facilitators.all())
        if now != set(facilitators):
            old, new = (", ".join(sorted(str(user) for user in users)) or "–" for users in (now, facilitators))
            found.append(f"{FIELDS['facilitators']}: {old} → {new}")
    return found


def _shown(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(COPENHAGEN):%d-%m-%Y %H:%M}"
    return "–" if value in (None, "") else str(value)


SESSIONS = Importer(
    "sessions",
    gettext_lazy("Sessions"),
    gettext_lazy("Dates of workshops that are to come. The same workshop, start and place is the same session."),
    "bookings.add_session",
    COLUMNS,
    run,
    gettext_lazy(
        "Facilitators, and those who have booked a session that moves, get a message when the file is taken in."
    ),
)
