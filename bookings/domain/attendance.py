"""Report how many came (domain.md §4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils import timezone

from bookings.domain.booking import Refused
from bookings.domain.locking import locked_session, retried
from bookings.models import AttendanceRecord, GroupLine, Session
from bookings.rules import State, reporting
from vaern.audit.domain import record


class MorePresentThanPlanned(Exception):
    """More came than were booked: allowed after one confirmation (domain.md §4). `labels` names the classes."""

    def __init__(self, labels: list[str]) -> None:
        super().__init__(", ".join(labels))
        self.labels = labels


class Overtaken(Exception):
    """Somebody else has reported these classes since the page was opened. `line_ids` names them."""

    def __init__(self, line_ids: list[int]) -> None:
        super().__init__(", ".join(map(str, line_ids)))
        self.line_ids = line_ids


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


@retried
def report_attendance(
    *,
    session_id: int,
    reports: list[LineReport],
    client_key: uuid.UUID,
    actor_id: int | None,
    more_is_right: bool = False,
) -> list[AttendanceRecord]:
    """Append a record for each class that is reported; classes that are not mentioned stay as they are.

    The same `client_key` sent again writes nothing; a report that says what is known already writes nothing.
    A correction supersedes the record before it, which is kept. Raises Refused before the session's start or when it
    is cancelled, Overtaken when a class has another record than the reporter saw, MorePresentThanPlanned,
    GroupLine.DoesNotExist for a class of another session, or Busy.
    """
    with locked_session(session_id) as session:
        now = timezone.now()
        why = reporting(starts_at=session.starts_at, cancelled=session.status == Session.Status.CANCELLED, now=now)
        if why:
            raise Refused(why)
        lines = {line.pk: line for line in reportable_lines(session)}
        if not {report.line_id for report in reports} <= lines.keys():
            raise GroupLine.DoesNotExist
        before = {row.line_id: row for row in AttendanceRecord.objects.current().filter(line__session=session)}
        news = [
            report
            for report in reports
            if not _says_the_same(before.get(report.line_id), report) and not _was_sent(report.line_id, client_key)
        ]
        overtaken = [report.line_id for report in news if _is_overtaken(before.get(report.line_id), report)]
        if overtaken:
            raise Overtaken(overtaken)
        more = [lines[report.line_id].label for report in news if (report.pupils or 0) > lines[report.line_id].pupils]
        if more and not more_is_right:
            raise MorePresentThanPlanned(more)
        written = [
            AttendanceRecord.objects.create(
                line_id=report.line_id,
                took_place=report.took_place,
                reason=report.reason,
                pupils_present=report.pupils,
                adults_present=report.adults,
                client_key=client_key,
                recorded_by_id=actor_id,
                recorded_at=now,
                supersedes=before.get(report.line_id),
            )
            for report in news
        ]
        if written:
            _set_status(session)
            record(
                action="attendance.reported",
                subject_type="session",
                subject_key=str(session.uuid),
                actor_id=actor_id,
                classes=len(written),
                corrections=sum(1 for row in written if row.supersedes_id),
            )
        return written


def reportable_lines(session: Session) -> list[GroupLine]:
    """Return the classes of a session that attendance is reported for: those of confirmed bookings."""
    return list(
        GroupLine.objects.filter(session=session, booking__state=State.CONFIRMED)
        .select_related("booking")
        .order_by("booking__school_name", "label_key", "pk")
    )


def _is_overtaken(before: AttendanceRecord | None, report: LineReport) -> bool:
    return report.seen_id not in {NOT_ASKED, before.pk if before else None}


def _was_sent(line_id: int, client_key: uuid.UUID) -> bool:
    return AttendanceRecord.objects.filter(line_id=line_id, client_key=client_key).exists()


def _says_the_same(before: AttendanceRecord | None, report: LineReport) -> bool:
    return before is not None and (
        before.took_place,
        before.reason,
        before.pupils_present,
        before.adults_present,
    ) == (report.took_place, report.reason, report.pupils, report.adults)


def _set_status(session: Session) -> None:
    """A session is held when at least one came; a correction can take that back (domain.md §5: sessions)."""
    held = AttendanceRecord.objects.current().filter(line__session=session, pupils_present__gt=0).exists()
    session.status = Session.Status.HELD if held else Session.Status.PLANNED
    session.save(update_fields=["status"])
