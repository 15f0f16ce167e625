"""Plan several dates at once: all of them or none."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from bookings.domain.locking import retried
from bookings.domain.session import plan_session
from bookings.models import Session, SessionSeries
from vaern.audit.domain import record
from vaern.outbox.models import Told
from vaern.people.models import User

KEY_PREFIX = "workspace.series:"


@retried
@transaction.atomic
def plan_series(
    *,
    spans: Sequence[tuple[dt.datetime, dt.datetime]],
    values: dict[str, Any],
    facilitators: Collection[User] = (),
    together: str = "",
    form_key: uuid.UUID,
    actor_id: int | None,
) -> list[Session] | None:
    """Plan a session for each span of time, with these `values` (field → value) in common; all or none.

    `together`: a mode of SessionSeries when the dates are booked together. None when this form has planned before, and
    nothing is written. Raises what `plan_session` raises, ValueError without a date, or Busy.
    """
    if not spans:
        raise ValueError("a series has at least one date")
    _told, first = Told.objects.get_or_create(key=f"{KEY_PREFIX}{form_key}", defaults={"at": timezone.now()})
    if not first:
        return None
    series = SessionSeries.objects.create(workshop=values["workshop"], mode=together) if together else None
    planned = [
        plan_session(
            values={**values, "starts_at": starts_at, "ends_at": ends_at, "series": series},
            facilitators=facilitators,
            actor_id=actor_id,
        )
        for starts_at, ends_at in spans
    ]
    if series:
        record(
            action="series.planned",
            subject_type="series",
            subject_key=str(series.uuid),
            actor_id=actor_id,
            sessions=len(planned),
        )
    return planned
