"""Classes that came, for tests about figures."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import time_machine

from bookings.domain.attendance import LineReport, report_attendance
from bookings.models import GroupLine, Session
from tests.factories.bookings import make_booking, make_session
from vaern.people.models import Organisation

HOUR = dt.timedelta(hours=1)


def held(
    starts_at: dt.datetime,
    *,
    planned: int = 24,
    came: int | None = None,
    school: Organisation | None = None,
    label: str = "7.B",
    session: Session | None = None,
    **fields: Any,
) -> GroupLine:
    """A class booked a week before `starts_at`; with `came`, reported an hour after its start."""
    with time_machine.travel(starts_at - dt.timedelta(days=7), tick=False):
        row = session or make_session(starts_at=starts_at, capacity=None, **fields)
        line = make_booking(row, school=school, pupils=planned, label=label).lines.get()
    if came is not None:
        report(line, came, at=starts_at + HOUR)
    return line


def report(line: GroupLine, came: int | None, *, at: dt.datetime, reason: str = "") -> None:
    """Report a class at a moment; a later one is a correction."""
    said = LineReport(line.pk, not reason, came, None if reason else 1, reason)
    with time_machine.travel(at, tick=False):
        report_attendance(
            session_id=line.session_id, reports=[said], client_key=uuid.uuid4(), actor_id=None, more_is_right=True
        )
