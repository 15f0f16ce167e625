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


@dataclass(frozen=True)
class LineReport:
    """What is said of one class: numbers when it took place, a reason when it did not."""

    line_id: int
    took_place: bool
    pupils: int | None = None
    adults: int | None = None
    reason: str = ""


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
    is cancelled, MorePresentThanPlanned, GroupLine.DoesNotExist for a class of another session, or Busy.
    """
    with locked_session(session_id) as session:
        now = timezone.now()
        why = reporting(starts_at=session.starts_at, cancelled=session.status == Session.Status.CANCELLED, now=now)
        if why:
            raise Refused(why)
        lines = {line.pk: line for line in reportable_lines(session)}
        if not {report.line_id for report in reports} <= lines.keys():
            raise GroupLine.DoesNotExist
        more = [
            lines[report.line_id].label for report in reports if (report.pupils or 0) > lines[report.line_id].pupils
        ]
        if more and not more_is_right:
            raise MorePresentThanPlanned(more)
        written = []
        for report in reports:
            before = AttendanceRecord.objects.current().filter(line_id=report.line_id).first()
            if _says_the_same(before, report) or _was_sent(report.line_id, client_key):
                continue
            written.append(
                AttendanceRecord.objects.create(
                    line_id=report.line_id,
                    took_place=report.took_place,
                    reason=report.reason,
                    pupils_present=report.pupils,
                    adults_present=report.adults,
                    client_key=client_key,
                    recorded_by_id=actor_id,
                    recorded_at=now,
                    supersedes=before,
                )
            )
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
