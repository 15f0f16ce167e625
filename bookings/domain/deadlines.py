"""Write a session's deadlines when it is planned, moved, or its own deadlines are emptied."""

from __future__ import annotations

from collections.abc import Collection

from bookings.deadlines import Rule, deadline
from bookings.models import DeadlineRule, Session
from vaern.design.formats import COPENHAGEN
from vaern.schooldays.queries import closed_before


def rule_for(workshop_id: int) -> Rule:
    """Return the workshop's own rule, or that for all, or what Værn comes with. One query."""
    rows = {row.workshop_id: row for row in DeadlineRule.objects.filter(workshop=workshop_id)} or {
        row.workshop_id: row for row in DeadlineRule.objects.filter(workshop=None)
    }
    row = rows.get(workshop_id) or rows.get(None)
    return row.rule if row else Rule()


def set_deadlines(session: Session, *, changed: Collection[str] | None = None) -> set[str]:
    """Compute the deadlines that follow the rule and return the names of the fields that are other now.

    `changed` are the fields that somebody has written (None: all, for a new session). One that was written by hand
    stays until it is emptied; one by the rule moves with the session. The caller saves.
    """
    new = changed is None
    written = set(changed or ())
    for name, flag in (("closes_at", "closes_by_rule"), ("cancel_until", "cancel_by_rule")):
        if new or name in written:
            setattr(session, flag, getattr(session, name) is None)
    stale = [
        name
        for name, by_rule in (("closes_at", session.closes_by_rule), ("cancel_until", session.cancel_by_rule))
        if by_rule and (new or name in written or "starts_at" in written)
    ]
    if not stale:
        return set()
    before = {name: getattr(session, name) for name in stale}
    rule, closed = rule_for(session.workshop_id), closed_before(session.starts_at.astimezone(COPENHAGEN).date())
    if "closes_at" in stale:
        moment = deadline(session.starts_at, days=rule.close_days, clock=rule.close_clock, closed=closed)
        # Registration that would close before it opens closes with the start instead.
        too_early = session.opens_at is not None and moment <= session.opens_at
        session.closes_at = None if rule.close_days == 0 or too_early else moment
    if "cancel_until" in stale:
        moment = deadline(session.starts_at, days=rule.cancel_days, clock=rule.cancel_clock, closed=closed)
        session.cancel_until = None if rule.cancel_days == 0 else moment
    return {name for name in stale if getattr(session, name) != before[name]}
