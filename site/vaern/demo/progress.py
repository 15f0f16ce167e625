"""Which parts of the demo are loaded, so that nothing is written twice and nothing edited is overwritten.

A part's mark is an audit event: append-only, and written in the same transaction as what the part wrote.
"""

from __future__ import annotations

from vaern.audit.domain import record
from vaern.audit.models import AuditEvent

ACTION = "demo.loaded"


def is_loaded(part: str) -> bool:
    """Say whether the part was written before, by whatever run of the command."""
    return AuditEvent.objects.filter(action=ACTION, subject_type="demo", subject_key=part).exists()


def mark_loaded(part: str) -> None:
    """Remember that the part is written."""
    record(action=ACTION, subject_type="demo", subject_key=part)
