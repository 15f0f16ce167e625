"""The one verb: record what was done, in the same transaction (or make the row, for whoever writes it with others)."""

from __future__ import annotations

from typing import Any

from vaern.audit.models import AuditEvent


def new_event(
    *, action: str, subject_type: str, subject_key: str, actor_id: int | None = None, **facts: Any
) -> AuditEvent:
    """Return an event that the caller writes, in the transaction of what it tells about. Otherwise as `record`."""
    return AuditEvent(action=action, subject_type=subject_type, subject_key=subject_key, actor_id=actor_id, facts=facts)


def record(
    *, action: str, subject_type: str, subject_key: str, actor_id: int | None = None, **facts: Any
) -> AuditEvent:
    """Append an event in the caller's transaction. `facts` must be JSON and identify nobody (domain.md §8, §9).

    `actor_id` is the user's id, or None when the person has no account (a teacher with a link) or it is a job.
    """
    row = new_event(action=action, subject_type=subject_type, subject_key=subject_key, actor_id=actor_id, **facts)
    row.save(force_insert=True)
    return row
