"""`measure()`, the one function behind page, chart, export and API: who came, never who booked (domain.md §5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from bookings.models import AttendanceRecord, GroupLine, Session, WalkIn
from bookings.rules import State
from vaern.goals.models import Goal, GoalYear
from vaern.goals.rules import Status, status
from vaern.people.models import SchoolGroup, groups_on

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
METHOD_VERSION = 1

# All that a figure and its rows are made of: a workshop's long texts and a booking's contact are not read.
READ = (
    "school_key",
    "institution_type",
    "label",
    "label_key",
    "pupils",
    "session__uuid",
    "session__starts_at",
    "session__workshop__id",
    "session__workshop__title",
    "booking__school_name",
)

GROUP_OF_MEASURE = {
    Goal.Measure.PUPILS_PUBLIC: SchoolGroup.Group.PUBLIC,
    Goal.Measure.PUPILS_PRIVATE: SchoolGroup.Group.PRIVATE,
}


@dataclass(frozen=True)
class Row:
    """One class of one session behind a figure. `present` is None when nobody has reported it.

    A class that came without a booking is a `line` of its own, of which nothing was planned (domain.md §4).
    """

    session: Session
    line: GroupLine | WalkIn
    starts_at: dt.datetime
    workshop: str
    school: str
    label: str
    planned: int
    present: int | None
    took_place: bool | None
    ahead: bool

    @property
    def unreported(self) -> bool:
        """Say whether its session has begun and no report is there."""
        return not self.ahead and self.took_place is None


@dataclass(frozen=True)
class Measurement:
    """A figure with everything that must stand beside it."""

    goal_year: GoalYear
    as_of: dt.datetime
    value: int
    unique_estimate: int
    planned_ahead: int
    unreported_pupils: int
    unreported_sessions: int
    status: Status
    rows: list[Row]
    method_version: int = METHOD_VERSION


def measure(goal_year: GoalYear, as_of: dt.datetime | None = None) -> Measurement:
    """Compute a goal's figure as it was known at `as_of` (aware; default now). Reads only; four queries.

    A session belongs to the year its start falls in by Copenhagen's clock; a class counts by the school's type as it
    was on the day of booking, and by the table of types as it held on the day of the session.
    """
    at = as_of or timezone.now()
    groups = _SchoolGroups()
    rows = [_row(line, record, at) for line, record in _counted(goal_year, at, groups)]
    rows += [_walked_in(line, record) for line, record in _walk_ins(goal_year, at, groups)]
    rows.sort(key=lambda row: row.starts_at)
    value = sum(row.present or 0 for row in rows)
    ahead = sum(row.planned for row in rows if row.ahead)
    missing = [row for row in rows if row.unreported]
    missing_pupils = sum(row.planned for row in missing)
    return Measurement(
        goal_year=goal_year,
        as_of=at,
        value=value,
        unique_estimate=_unique_estimate(rows),
        planned_ahead=ahead,
        unreported_pupils=missing_pupils,
        unreported_sessions=len({row.session.pk for row in missing}),
        status=status(
            value=value,
            possible=value + ahead + missing_pupils,
            low=goal_year.low,
            high=goal_year.high,
            over=at >= goal_year.ends,
            unreported=len(missing),
        ),
        rows=rows,
    )


def _counted(
    goal_year: GoalYear, at: dt.datetime, groups: _SchoolGroups
) -> list[tuple[GroupLine, AttendanceRecord | None]]:
    """Return the year's classes that count for the goal, each with its current record, in order of time.

    What was confirmed and is ended after `at` counted at `at`; what waits, is offered or requested never does.
    A cancelled session needs no filter of its own, since its bookings are ended with it.
    """
    lines = (
        GroupLine.objects.filter(
            Q(booking__state=State.CONFIRMED) | Q(booking__state=State.CANCELLED, booking__ended_at__gt=at),
            session__starts_at__gte=goal_year.starts,
            session__starts_at__lt=goal_year.ends,
            booking__confirmed_at__lte=at,
        )
        .select_related("session__workshop", "booking")
        .only(*READ)
        .order_by("session__starts_at", "booking__school_name", "label_key", "pk")
    )
    records = {record.line_id: record for record in AttendanceRecord.objects.current(at).filter(line__in=lines)}
    wanted = GROUP_OF_MEASURE[Goal.Measure(goal_year.goal.measure)]
    return [
        (line, records.get(line.pk))
        for line in lines
        if groups.on(line.institution_type, line.session.starts_at) == wanted
    ]


def _walk_ins(goal_year: GoalYear, at: dt.datetime, groups: _SchoolGroups) -> list[tuple[WalkIn, AttendanceRecord]]:
    """Return the year's classes that came without a booking and count for the goal, as they were known at `at`."""
    records = (
        AttendanceRecord.objects.current(at)
        .filter(
            walk_in__kind=WalkIn.Kind.CLASS,
            walk_in__session__starts_at__gte=goal_year.starts,
            walk_in__session__starts_at__lt=goal_year.ends,
        )
        .exclude(walk_in__session__status=Session.Status.CANCELLED)
        .select_related("walk_in__session__workshop")
        .order_by("walk_in__session__starts_at", "walk_in__school_name", "walk_in__label_key", "pk")
    )
    wanted = GROUP_OF_MEASURE[Goal.Measure(goal_year.goal.measure)]
    return [
        (record.walk_in, record)
        for record in records
        if record.walk_in and groups.on(record.walk_in.institution_type, record.walk_in.session.starts_at) == wanted
    ]


class _SchoolGroups:
    """The dated table of school types, read once, and worked out once a day."""

    def __init__(self) -> None:
        self._rows = list(SchoolGroup.objects.all())
        self._on: dict[dt.date, dict[str, str]] = {}

    def on(self, institution_type: str, at: dt.datetime) -> str:
        """Return the goal group of a type on the Copenhagen date of `at`; unknown types are not counted."""
        day = at.astimezone(COPENHAGEN).date()
        if day not in self._on:
            self._on[day] = groups_on(self._rows, day)
        return self._on[day].get(institution_type, SchoolGroup.Group.NOT_COUNTED)


def _row(line: GroupLine, record: AttendanceRecord | None, at: dt.datetime) -> Row:
    return Row(
        session=line.session,
        line=line,
        starts_at=line.session.starts_at,
        workshop=line.session.workshop.title,
        school=line.booking.school_name,
        label=line.label,
        planned=line.pupils,
        present=record.pupils_present if record else None,
        took_place=record.took_place if record else None,
        ahead=line.session.starts_at > at,
    )


def _walked_in(line: WalkIn, record: AttendanceRecord) -> Row:
    return Row(
        session=line.session,
        line=line,
        starts_at=line.session.starts_at,
        workshop=line.session.workshop.title,
        school=line.school_name,
        label=line.label,
        planned=0,
        present=record.pupils_present,
        took_place=record.took_place,
        ahead=False,
    )


def _unique_estimate(rows: list[Row]) -> int:
    """Estimate the different pupils: per school, class and school year the largest attendance (domain.md §5)."""
    largest: dict[tuple[str, str, int], int] = {}
    for row in rows:
        key = (row.line.school_key, row.line.label_key, school_year(row.starts_at))
        largest[key] = max(largest.get(key, 0), row.present or 0)
    return sum(largest.values())


def school_year(at: dt.datetime) -> int:
    """Return the year a school year begins in (1 August–31 July) for an instant, by Copenhagen's clock."""
    local = at.astimezone(COPENHAGEN)
    return local.year if local.month >= 8 else local.year - 1
