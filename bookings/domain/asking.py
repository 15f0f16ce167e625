"""Ask the facilitators for attendance that nobody has reported (domain.md §4)."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from bookings.models import Session
from bookings.queries import unreported
from bookings.staffmessages import language_of, session_snapshot
from vaern.design.formats import COPENHAGEN
from vaern.outbox.domain import enqueue_once

KIND = "bookings.attendance_missing"
# So long after the session's end; what comes after the last is the coordinator's list.
STEPS = (dt.timedelta(hours=1), dt.timedelta(days=2), dt.timedelta(days=5))
# Who has not been asked for so long, because nothing ran or the session is an old one, is not asked any more.
ASK_WITHIN = dt.timedelta(days=14)


def ask_for_attendance(*, now: dt.datetime) -> int:
    """Put into the outbox what is due of three reminders, each once; return how many were told.

    After an outage only the last that is due is sent. A session that has been moved is asked for anew.
    """
    told = 0
    ended = unreported(now).filter(ends_at__lte=now - STEPS[0], ends_at__gt=now - ASK_WITHIN)
    for session in ended.select_related("workshop").prefetch_related("facilitators"):
        step = max(number for number, after in enumerate(STEPS, start=1) if session.ends_at + after <= now)
        day = session.starts_at.astimezone(COPENHAGEN).date()
        for person in session.facilitators.all():
            if person.email and person.is_active:
                told += enqueue_once(
                    key=f"{KIND}:{session.uuid}:{day}:{step}:{person.pk}",
                    kind=KIND,
                    recipient=person.email,
                    language=language_of(person),
                    context={**session_snapshot(session, person), "step": step},
                    thread=f"attendance-missing:{session.uuid}:{person.pk}",
                    version=step,
                )
    return told


def long_unreported(now: dt.datetime) -> QuerySet[Session]:
    """Return the sessions for the coordinator to see to: asked for three times, or with nobody to ask."""
    ended = unreported(now).filter(ends_at__lte=now - STEPS[0])
    return (ended.filter(ends_at__lte=now - STEPS[-1]) | ended.filter(facilitators__isnull=True)).distinct()
