"""The verbs that end terms before their time."""

from __future__ import annotations

from django.utils import timezone

from charter import evidence
from charter.domain.errors import Refused
from charter.models import Event, Term
from vaern.audit.domain import record


def withdraw_terms(*, partner_id: int, reason: str, actor_id: int | None) -> list[Term]:
    """End what covers a partner from today on: the partner has withdrawn. Days before today stay covered.

    A term to come ends where it begins. An open request is left alone. Raises Refused when nothing is in force.
    """
    with evidence.gate():
        now = timezone.now()
        today = timezone.localdate(now)
        rows = Term.objects.filter(partner=partner_id, end_kind="", valid_until__gt=today).order_by("valid_from")
        terms = list(rows)
        if not terms:
            raise Refused(Refused.NOT_OPEN)
        for term in terms:
            term.ended_on = max(today, term.valid_from)
            _end(term, Term.End.WITHDRAWN, Event.Kind.WITHDRAWN, reason, actor_id)
        return terms


def annul_term(*, term_id: int, reason: str, actor_id: int | None) -> Term:
    """Make a term as if it had never been: it was signed by somebody who could not. Raises Refused."""
    with evidence.gate():
        term = Term.objects.get(pk=term_id)
        if term.end_kind:
            raise Refused(Refused.NOT_OPEN)
        term.ended_on = term.valid_from
        _end(term, Term.End.ANNULLED, Event.Kind.ANNULLED, reason, actor_id)
        return term


def record_export(*, term: Term, actor_id: int | None) -> None:
    """Record that somebody took the receipt of a term away for the records system."""
    _record("exported", term, actor_id)


def _end(term: Term, how: Term.End, kind: Event.Kind, reason: str, actor_id: int | None) -> None:
    if not reason.strip():
        raise Refused(Refused.NO_REASON)
    term.end_kind, term.end_reason = how, reason
    term.save(update_fields=["ended_on", "end_kind", "end_reason"])
    ended = term.ended_on.isoformat() if term.ended_on else ""
    evidence.append(kind, subject=term.uuid, now=timezone.now(), ended_on=ended)
    _record(how.value, term, actor_id)


def _record(what: str, term: Term, actor_id: int | None) -> None:
    record(
        action=f"charter_term.{what}",
        subject_type="charter_term",
        subject_key=str(term.uuid),
        actor_id=actor_id,
    )
