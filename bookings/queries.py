"""Wide reads: dates for the catalogue and the workshop page, lists for facilitators and coordinators."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from bookings.facts import bookable
from bookings.models import AttendanceRecord, GroupLine, Session
from bookings.rules import Refusal, State


@dataclass(frozen=True)
class Dated:
    """A session and the answer to "can it be booked, and if not, why?"."""

    session: Session
    refusal: Refusal | None

    @property
    def bookable(self) -> bool:
        """Say whether it can be booked."""
        return self.refusal is None


def dates_of(workshop_keys: Iterable[uuid.UUID], *, now: dt.datetime) -> dict[uuid.UUID, list[Dated]]:
    """Return each workshop's coming public dates, soonest first, by the workshop's translation key. One query."""
    dates: dict[uuid.UUID, list[Dated]] = defaultdict(list)
    sessions = Session.objects.of_workshops(list(workshop_keys)).listed().upcoming(now).select_related("workshop")
    for session in sessions:
        dates[session.workshop.translation_key].append(Dated(session, bookable(session, now=now)))
    return dates


def with_attendance(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Add to each session: classes, pupils booked, classes reported, pupils present (None when nothing is reported)."""
    booked = Q(lines__booking__state=State.CONFIRMED)
    current = AttendanceRecord.objects.current().filter(
        line__session=OuterRef("pk"), line__booking__state=State.CONFIRMED
    )
    totals = current.order_by().values("line__session")
    return sessions.select_related("workshop").annotate(
        classes=Count("lines", filter=booked, distinct=True),
        pupils_booked=Coalesce(
            Subquery(
                GroupLine.objects.filter(session=OuterRef("pk"), booking__state=State.CONFIRMED)
                .order_by()
                .values("session")
                .annotate(total=Sum("pupils"))
                .values("total"),
                output_field=IntegerField(),
            ),
            Value(0),
        ),
        classes_reported=Coalesce(
            Subquery(totals.annotate(total=Count("pk")).values("total"), output_field=IntegerField()),
            Value(0),
        ),
        pupils_present=Subquery(
            totals.annotate(total=Sum("pupils_present")).values("total"), output_field=IntegerField()
        ),
    )


def unreported(now: dt.datetime) -> QuerySet[Session]:
    """Return the sessions that have begun and have a booked class nobody has reported, oldest first."""
    open_lines = GroupLine.objects.filter(session=OuterRef("pk"), booking__state=State.CONFIRMED, records__isnull=True)
    return (
        Session.objects.exclude(status=Session.Status.CANCELLED)
        .filter(Exists(open_lines), starts_at__lte=now)
        .order_by("starts_at", "pk")
    )
