"""Report who came (domain.md §4)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from bookings.domain.booking import Refused
from bookings.domain.locking import locked_session, retried
from bookings.models import AttendanceRecord, GroupLine, Session
from bookings.roll import Roll, Subject, roll_of
from bookings.rules import Refusal, reporting
from vaern.audit.domain import record


class MorePresentThanPlanned(Exception):
    """More came than were booked: allowed after one confirmation (domain.md §4). `labels` names the classes."""

    def __init__(self, labels: list[str]) -> None:
        super().__init__(", ".join(labels))
        self.labels = labels


class Overtaken(Exception):
    """Somebody else has reported these since the page was opened. `subjects` names them."""

    def __init__(self, subjects: list[Subject]) -> None:
        super().__init__(", ".join(f"{kind} {pk}" for kind, pk in subjects))
        self.subjects = subjects


NOT_ASKED = 0


@dataclass(frozen=True)
class LineReport:
    """What is said of one class: numbers when it took place, a reason when it did not.

    `seen_id` is the record that the reporter saw (None: the class was unreported), or NOT_ASKED by those who saw none.
    """

    line_id: int
    took_place: bool
    pupils: int | None = None
    adults: int | None = None
    reason: str = ""
    seen_id: int | None = NOT_ASKED

    @property
    def subject(self) -> Subject:
        """Return what is reported."""
        return "line", self.line_id

    @property
    def said(self) -> dict[str, Any]:
        """Return the record's own columns."""
        return _said(self.reason, pupils_present=self.pupils, adults_present=self.adults) | {
            "took_place": self.took_place
        }


@dataclass(frozen=True)
class PersonReport:
    """What is said of one person: present, absent, or that it did not take place (`reason`)."""

    person_id: int
    present: bool = False
    reason: str = ""
    seen_id: int | None = NOT_ASKED

    @property
    def subject(self) -> Subject:
        """Return what is reported."""
        return "person", self.person_id

    @property
    def said(self) -> dict[str, Any]:
        """Return the record's own columns."""
        return _said(self.reason, persons_present=None if self.reason else int(self.present))


@dataclass(frozen=True)
class WalkInReport:
    """A correction of a walk-in: `pupils` and `adults` of a class, or the number of `persons`."""

    walk_in_id: int
    pupils: int | None = None
    adults: int | None = None
    persons: int | None = None
    seen_id: int | None = NOT_ASKED

    @property
    def subject(self) -> Subject:
        """Return what is reported."""
        return "walk_in", self.walk_in_id

    @property
    def said(self) -> dict[str, Any]:
        """Return the record's own columns."""
        return _said("", pupils_present=self.pupils, adults_present=self.adults, persons_present=self.persons)


Report = LineReport | PersonReport | WalkInReport


def _said(reason: str, **numbers: int | None) -> dict[str, Any]:
    empty = {"pupils_present": None, "adults_present": None, "persons_present": None}
    return {"took_place": not reason, "reason": reason, **empty, **numbers}


@retried
def report_attendance(
    *,
    session_id: int,
    reports: Sequence[Report],
    client_key: uuid.UUID,
    actor_id: int | None,
    more_is_right: bool = False,
    link_id: int | None = None,
    source: str = "",
) -> list[AttendanceRecord]:
    """Append a record for each line that is reported; what is not mentioned stays as it is.

    The same `client_key` sent again writes nothing; a report that says what is known already writes nothing.
    A correction supersedes the record before it, which is kept. `link_id`: reported with a substitute's link. `source`
    says for the audit where it came from, when not from the roll. Raises Refused before the session's start or when it
    is cancelled, Overtaken when a line has another record than the reporter saw, MorePresentThanPlanned,
    GroupLine.DoesNotExist for a line of another session, or Busy.
    """
    with locked_session(session_id) as session:
        why = refused_now(session)
        if why:
            raise Refused(why)
        roll = roll_of(session)
        subjects = roll.subjects
        if not {report.subject for report in reports} <= subjects.keys():
            raise GroupLine.DoesNotExist
        news = [
            report
            for report in reports
            if not says_the_same(roll.last(report.subject), report) and not was_sent(roll, report.subject, client_key)
        ]
        overtaken = [report.subject for report in news if _is_overtaken(roll.last(report.subject), report)]
        if overtaken:
            raise Overtaken(overtaken)
        more = [label for report in news if (label := more_than_planned(roll, report))]
        if more and not more_is_right:
            raise MorePresentThanPlanned(more)
        written = [
            append(roll, report.subject, report.said, client_key=client_key, actor_id=actor_id, link_id=link_id)
            for report in news
        ]
        if written:
            set_status(session, roll)
            tell_audit(session, written, actor_id=actor_id, source=source or ("link" if link_id else ""))
        return written


@transaction.atomic
def note_export(*, session: Session, kind: str, actor_id: int | None) -> None:
    """Leave a trace that the roll went out, on paper or as a file: who took it, not whom it names (domain.md I8)."""
    record(
        action="attendance.list_exported",
        subject_type="session",
        subject_key=str(session.uuid),
        actor_id=actor_id,
        format=kind,
    )


def refused_now(session: Session) -> Refusal | None:
    """Return why attendance of a session cannot be reported now, or None; sure while it is locked."""
    return reporting(
        starts_at=session.starts_at, cancelled=session.status == Session.Status.CANCELLED, now=timezone.now()
    )


def append(
    roll: Roll,
    subject: Subject,
    said: dict[str, Any],
    *,
    client_key: uuid.UUID,
    actor_id: int | None,
    link_id: int | None = None,
) -> AttendanceRecord:
    """Write one record after the last of its subject, and put it on the roll. Within the session's lock only."""
    kind, pk = subject
    row = AttendanceRecord.objects.create(
        **{f"{kind}_id": pk},
        **said,
        client_key=client_key,
        recorded_by_id=actor_id,
        recorded_with_id=link_id,
        recorded_at=timezone.now(),
        supersedes=roll.last(subject),
    )
    roll.history.setdefault(subject, []).append(row)
    return row


def was_sent(roll: Roll, subject: Subject, client_key: uuid.UUID) -> bool:
    """Say whether this form has written a record of this line already."""
    return any(row.client_key == client_key for row in roll.history.get(subject, ()))


def tell_audit(
    session: Session, written: Sequence[AttendanceRecord], *, actor_id: int | None, source: str = ""
) -> None:
    """Record how much was reported; who came is not in it (domain.md I8)."""
    people = sum(1 for row in written if row.person_id)
    walk_ins = sum(1 for row in written if row.walk_in_id)
    facts: dict[str, Any] = {"people": people, "walk_ins": walk_ins, "source": source}
    record(
        action="attendance.reported",
        subject_type="session",
        subject_key=str(session.uuid),
        actor_id=actor_id,
        classes=len(written) - people - walk_ins,
        corrections=sum(1 for row in written if row.supersedes_id),
        **{name: value for name, value in facts.items() if value},
    )


def set_status(session: Session, roll: Roll) -> None:
    """A session is held when at least one came; a correction can take that back (domain.md §5: sessions)."""
    session.status = Session.Status.HELD if roll.has_come() else Session.Status.PLANNED
    session.save(update_fields=["status"])


def more_than_planned(roll: Roll, report: Report) -> str:
    """Return the label of the class of which more came than were booked, or nothing."""
    if not isinstance(report, LineReport):
        return ""
    line = next(line for line in roll.lines if line.pk == report.line_id)
    return line.label if (report.pupils or 0) > line.pupils else ""


def _is_overtaken(before: AttendanceRecord | None, report: Report) -> bool:
    return report.seen_id not in {NOT_ASKED, before.pk if before else None}


def says_the_same(before: AttendanceRecord | None, report: Report) -> bool:
    """Say whether a report says no more than the record before it."""
    return before is not None and all(getattr(before, name) == value for name, value in report.said.items())
