"""Write past sessions in bulk, with the audit events that the verbs would have written."""

from __future__ import annotations

from typing import Any

from bookings.models import AttendanceRecord, Booking, GroupLine
from bookings.rules import State
from vaern.audit.models import AuditEvent
from vaern.demo.past import PastSession
from vaern.demo.roster import write_sessions


def write_past(drafts: list[PastSession]) -> None:
    """Write the sessions and all that belongs to them; a correction after what it corrects."""
    write_sessions(drafts)
    Booking.objects.bulk_create([booking for draft in drafts for booking in draft.bookings])
    GroupLine.objects.bulk_create([line for draft in drafts for line in draft.lines])
    AttendanceRecord.objects.bulk_create([record for draft in drafts for record in draft.records])
    AttendanceRecord.objects.bulk_create([record for draft in drafts for record in draft.corrections])
    AuditEvent.objects.bulk_create(event for draft in drafts for event in _events(draft))


def _events(draft: PastSession) -> list[AuditEvent]:
    """Return what the audit tells of one session: booked, cancelled, reported (domain.md I8)."""
    key = str(draft.session.uuid)
    events = []
    for booking in draft.bookings:
        about: dict[str, Any] = {"subject_type": "booking", "subject_key": str(booking.uuid)}
        events.append(
            AuditEvent(
                at=booking.created_at,
                action="booking.confirmed",
                facts={"session": key, "seats": booking.seats},
                **about,
            )
        )
        if booking.state == State.CANCELLED and booking.ended_at:
            events.append(
                AuditEvent(
                    at=booking.ended_at,
                    action="booking.cancelled",
                    facts={"session": key, "by_staff": False},
                    **about,
                )
            )
    events.extend(
        AuditEvent(
            at=record.recorded_at,
            actor=record.recorded_by,
            action="attendance.reported",
            subject_type="session",
            subject_key=key,
            facts={"classes": 1, "corrections": int(record.supersedes is not None)},
        )
        for record in [*draft.records, *draft.corrections]
    )
    return sorted(events, key=lambda event: event.at)
