"""Attendance of the past, so that a city starts with what it has done: no messages, and marked as from a file."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.domain.locking import retried
from bookings.rules import label_key
from courses.models import WorkshopPage
from vaern.audit.domain import record
from vaern.design.formats import COPENHAGEN
from vaern.exchange.changes import CHANGED, ERROR, NEW, UNCHANGED, Preview, Undo, keep_or_undo
from vaern.exchange.history import Past, Taken, compare, write_past
from vaern.exchange.importers.base import Importer
from vaern.exchange.importers.lookups import Workshops
from vaern.exchange.models import ImportBatch
from vaern.exchange.tables import BadCell, Column, TableRow, moment, read_table
from vaern.people.models import School

MOST = 20_000
FIRST_DAY = dt.date(2015, 1, 1)
USUAL_START = dt.time(9, 0)

SCHOOL = Column(
    "school", "institutionsnummer", gettext_lazy("The school’s number, six digits."), "101001", True, ("instnr",)
)
CLASS = Column("class", "klasse", gettext_lazy("The class, e.g. 7.B. Never a pupil’s name."), "7.B", True)
GRADE = Column("grade", "klassetrin", gettext_lazy("0 to 10. Empty: the number in the class."), "7")
DAY = Column("day", "dato", gettext_lazy("The day, e.g. 31-12-2025."), "14-03-2025", True)
START = Column("start", "start", gettext_lazy("The time in Copenhagen. Empty: 9:00."), "09:00", False, ("starttid",))
WORKSHOP = Column(
    "workshop",
    "workshop",
    gettext_lazy("The workshop’s title, or the last part of its page’s address."),
    "Kildekritik i praksis",
    True,
    ("titel",),
)
BOOKED = Column("booked", "elever tilmeldt", gettext_lazy("Empty: as many as came."), "24", False, ("tilmeldt",))
CAME = Column(
    "came", "elever til stede", gettext_lazy("How many pupils came."), "22", True, ("elever", "fremmødte elever")
)
ADULTS = Column(
    "adults", "voksne til stede", gettext_lazy("How many adults came."), "2", True, ("voksne", "fremmødte voksne")
)
COLUMNS = [SCHOOL, CLASS, GRADE, DAY, START, WORKSHOP, BOOKED, CAME, ADULTS]


@retried
def run(
    content: bytes,
    *,
    actor_id: int | None,
    write: bool,
    expected: Preview | None = None,
    batch: ImportBatch | None = None,
) -> Preview:
    """Write past sessions, bookings and attendance; see `Importer`."""
    preview = Preview()
    rows = _read(content, preview, batch)
    try:
        with transaction.atomic():
            taken = compare(rows, lock=write)
            for each in taken:
                preview.add(each.past.number, *_said(each))
            preview.changes.sort(key=lambda change: change.number)
            if write and not preview.errors:
                write_past(taken, actor_id=actor_id, batch=batch)
                if preview.new or preview.changed:
                    record(
                        action="attendance.imported",
                        subject_type="import",
                        subject_key=str(batch.uuid) if batch else "",
                        actor_id=actor_id,
                        new=preview.new,
                        changed=preview.changed,
                        sha256=batch.sha256 if batch else "",
                    )
            keep_or_undo(preview, write=write, expected=expected)
    except Undo:
        pass
    return preview


def _said(each: Taken) -> tuple[str, str, list[str]]:
    past = each.past
    label = f"{past.label}, {past.school.organisation.name}, {past.starts_at.astimezone(COPENHAGEN):%d-%m-%Y}"
    if each.line_id is None:
        return NEW, label, []
    if each.known == (past.came, past.adults):
        return UNCHANGED, label, []
    old = _("not reported") if each.known is None else _("%(pupils)s pupils, %(adults)s adults") % _two(*each.known)
    new = _("%(pupils)s pupils, %(adults)s adults") % _two(past.came, past.adults)
    return CHANGED, label, [f"{_('Came')}: {old} → {new}"]


def _two(pupils: int | None, adults: int | None) -> dict[str, Any]:
    return {"pupils": "–" if pupils is None else pupils, "adults": "–" if adults is None else adults}


def _read(content: bytes, preview: Preview, batch: ImportBatch | None) -> list[Past]:
    workshops = Workshops()
    schools = {school.institution_number: school for school in School.objects.select_related("organisation")}
    rows: list[Past] = []
    seen: dict[Any, int] = {}
    now = timezone.now()
    for count, row in enumerate(read_table(content, COLUMNS, most=MOST), start=1):
        if batch is not None and count % 1000 == 0:
            ImportBatch.objects.filter(pk=batch.pk).update(rows_done=count // 2, touched_at=timezone.now())
        label = f"{row.values.get('class', '')[:20]}, {row.values.get('school', '')[:20]}"
        try:
            past = _past(row, workshops, schools, now)
        except BadCell as error:
            preview.add(row.number, ERROR, label, [str(error)])
            continue
        key = (past.workshop.pk, past.starts_at, past.school.pk, label_key(past.label))
        if key in seen:
            text = _("The same class stands in row %(row)s too.") % {"row": seen[key]}
            preview.add(row.number, ERROR, label, [text])
            continue
        seen[key] = row.number
        rows.append(past)
    return rows


def _past(row: TableRow, workshops: Workshops, schools: dict[str, School], now: dt.datetime) -> Past:
    if row.problem:
        raise BadCell(row.problem)
    number = row.text(SCHOOL)
    school = schools.get(number.zfill(6) if number.isascii() and number.isdigit() else number)
    if school is None:
        raise BadCell(_("No school has the institution number %(number)s.") % {"number": number[:20]})
    workshop = workshops.find(row.text(WORKSHOP))
    if workshop.audience != WorkshopPage.Audience.CLASS:
        raise BadCell(_("“%(title)s” is not for school classes.") % {"title": workshop.title})
    day, start = row.day(DAY), row.clock(START)
    if day is None:
        raise BadCell(_("%(column)s is missing.") % {"column": DAY.heading})
    if day < FIRST_DAY:
        raise BadCell(_("%(day)s is too long ago to be right.") % {"day": f"{day:%d-%m-%Y}"})
    starts_at = moment(day, start or USUAL_START)
    ends_at = starts_at + dt.timedelta(minutes=workshop.duration_minutes)
    if ends_at > now:
        raise BadCell(_("%(day)s is not over yet.") % {"day": f"{day:%d-%m-%Y}"})
    label = row.text(CLASS, longest=20)
    came, adults, booked = (
        row.number_of(CAME, most=500),
        row.number_of(ADULTS, most=100),
        row.number_of(BOOKED, most=500),
    )
    return Past(
        number=row.number,
        workshop=workshop,
        school=school,
        starts_at=starts_at,
        ends_at=ends_at,
        timed=start is not None,
        label=label,
        grade=_grade(row, label),
        booked=max(came or 0, 1) if booked is None else max(booked, 1),
        came=came or 0,
        adults=adults or 0,
    )


def _grade(row: TableRow, label: str) -> int:
    grade = row.number_of(GRADE, most=10)
    if grade is not None:
        return grade
    found = re.search(r"\d+", label)
    if not found or int(found[0]) > 10:
        raise BadCell(_("The grade cannot be read from “%(label)s”. Fill in klassetrin.") % {"label": label})
    return int(found[0])


HISTORY = Importer(
    "history",
    gettext_lazy("Past attendance"),
    gettext_lazy("What schools took part in before: one row a class and a date. It counts in the goals of its year."),
    "bookings.report_any_attendance",
    COLUMNS,
    run,
    gettext_lazy("Nobody gets a message. Sessions from the file are marked as such."),
)
