"""The roll of a session: who was booked, who came without, and what has been reported of each. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from bookings.models import AttendanceRecord, GroupLine, PersonLine, Session, WalkIn
from bookings.rules import State

Subject = tuple[str, int]
"""What a record is about: ("line" | "person" | "walk_in", id)."""


@dataclass(frozen=True)
class Roll:
    """The lines of a session, and all that has been reported of them by subject, oldest first."""

    lines: list[GroupLine]
    people: list[PersonLine]
    walk_ins: list[WalkIn]
    history: dict[Subject, list[AttendanceRecord]]

    @property
    def subjects(self) -> dict[Subject, GroupLine | PersonLine | WalkIn]:
        """Return everything that can be reported of this session."""
        return {
            **{("line", line.pk): line for line in self.lines},
            **{("person", person.pk): person for person in self.people},
            **{("walk_in", walk_in.pk): walk_in for walk_in in self.walk_ins},
        }

    @property
    def booked(self) -> Iterator[Subject]:
        """Yield what was booked."""
        yield from (subject for subject in self.subjects if subject[0] != "walk_in")

    def last(self, subject: Subject) -> AttendanceRecord | None:
        """Return what holds of a line now; None: not reported, which is never 0 (domain.md §4)."""
        records = self.history.get(subject)
        return records[-1] if records else None

    @property
    def latest(self) -> AttendanceRecord | None:
        """Return the record that was written last."""
        return max((records[-1] for records in self.history.values()), key=lambda one: one.pk, default=None)

    @property
    def unreported(self) -> list[Subject]:
        """Return what was booked and nobody has reported."""
        return [subject for subject in self.booked if subject not in self.history]

    def has_come(self) -> bool:
        """Say whether at least one is reported to have come (domain.md §5: a session is held)."""
        return any(records[-1].came for records in self.history.values())


def roll_of(session: Session) -> Roll:
    """Return the roll of a session: classes and persons of confirmed bookings, and walk-ins; four queries."""
    lines = reportable_lines(session)
    people = list(
        PersonLine.objects.filter(session=session, booking__state=State.CONFIRMED)
        .select_related("booking__administration")
        .order_by("name", "pk")
    )
    walk_ins = list(WalkIn.objects.filter(session=session).select_related("administration"))
    return Roll(lines, people, walk_ins, history_of(lines, people, walk_ins))


def reportable_lines(session: Session) -> list[GroupLine]:
    """Return the classes of a session that attendance is reported for: those of confirmed bookings."""
    return list(
        GroupLine.objects.filter(session=session, booking__state=State.CONFIRMED)
        .select_related("booking")
        .order_by("booking__school_name", "label_key", "pk")
    )


def held_among(session_ids: Collection[int]) -> set[int]:
    """Return those of the sessions to which at least one is reported to have come: `Roll.has_come` of many at once.

    Three queries: classes and persons of confirmed bookings, and walk-ins.
    """
    came = AttendanceRecord.objects.current().filter(Q(pupils_present__gt=0) | Q(persons_present__gt=0))
    held: set[int] = set()
    for kind, more in (
        ("line", {"line__booking__state": State.CONFIRMED}),
        ("person", {"person__booking__state": State.CONFIRMED}),
        ("walk_in", {}),
    ):
        rows = came.filter(**{f"{kind}__session_id__in": session_ids}, **more)
        held.update(rows.values_list(f"{kind}__session_id", flat=True))
    return held


def history_of(
    lines: Iterable[GroupLine], people: Iterable[PersonLine], walk_ins: Iterable[WalkIn]
) -> dict[Subject, list[AttendanceRecord]]:
    """Return all records of these by subject, oldest first; one query by their ids, none when there is nobody."""
    history: dict[Subject, list[AttendanceRecord]] = defaultdict(list)
    wanted = Q()
    for name, rows in (("line", lines), ("person", people), ("walk_in", walk_ins)):
        ids = [row.pk for row in rows]
        wanted |= Q(**{f"{name}__in": ids}) if ids else Q()
    if wanted:
        for record in AttendanceRecord.objects.filter(wanted).order_by("pk"):
            history[record.subject].append(record)
    return dict(history)
