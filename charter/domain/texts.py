"""The verbs on texts: propose, publish by a second person, decline, withdraw."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from charter import evidence
from charter.domain.errors import Refused
from charter.models import CharterText, Event
from charter.queries import current_text
from charter.rules import next_number, plain
from vaern.audit.domain import record

State = CharterText.State


def propose_text(
    *,
    kind: str,
    note: str,
    title_da: str,
    body_da: str,
    title_en: str,
    body_en: str,
    actor_id: int | None,
) -> CharterText:
    """Write a text as a proposal for the next version; somebody else decides. Raises Refused.

    There is one open proposal at a time, so its number is free until it is decided on.
    """
    with evidence.gate():
        if CharterText.objects.filter(state=State.PROPOSED).exists():
            raise Refused(Refused.OPEN_PROPOSAL)
        text = CharterText(
            kind=kind,
            note=note,
            title_da=plain(title_da),
            body_da=plain(body_da),
            title_en=plain(title_en),
            body_en=plain(body_en),
            proposed_by_id=actor_id,
            proposed_at=timezone.now(),
        )
        text.major, text.minor = _next(kind)
        current = current_text()
        english = current and (current.title_en, current.body_en) == (text.title_en, text.body_en)
        if current and english and current.content == text.content:
            raise Refused(Refused.SAME_TEXT)
        text.save()
        _record("proposed", text, actor_id)
        return text


def publish_text(
    *,
    text_id: int,
    approved_by: str,
    approved_on: dt.date,
    actor_id: int | None,
    now: dt.datetime | None = None,
) -> CharterText:
    """Publish a proposal: the second person's decision. It is in force at once, and what is signed from then on.

    It takes the lock that signing takes: each signature is before or after it. Raises Refused.
    """
    with evidence.gate():
        text = _open(text_id)
        now = now or timezone.now()
        if text.proposed_by_id is not None and text.proposed_by_id == actor_id:
            raise Refused(Refused.OWN_PROPOSAL)
        if approved_on > timezone.localdate(now):
            raise Refused(Refused.IN_FUTURE)
        text.approved_by, text.approved_on = approved_by, approved_on
        text.in_force_from = timezone.localdate(now)
        _decide(text, State.PUBLISHED, actor_id, now)
        evidence.append(
            Event.Kind.PUBLISHED, subject=text.uuid, now=now, number=text.number, sha256=text.sha256, change=text.kind
        )
        _record("published", text, actor_id)
        return text


def decline_text(*, text_id: int, actor_id: int | None) -> CharterText:
    """Decline a proposal, as somebody other than who made it. Raises Refused."""
    with evidence.gate():
        text = _open(text_id)
        if text.proposed_by_id == actor_id:
            raise Refused(Refused.OWN_PROPOSAL)
        _decide(text, State.DECLINED, actor_id, timezone.now())
        _record("declined", text, actor_id)
        return text


def withdraw_text(*, text_id: int, actor_id: int | None) -> CharterText:
    """Take one's own proposal back. Raises Refused."""
    with evidence.gate():
        text = _open(text_id)
        if text.proposed_by_id != actor_id:
            raise Refused(Refused.NOT_OWN)
        _decide(text, State.WITHDRAWN, actor_id, timezone.now())
        _record("withdrawn", text, actor_id)
        return text


def _next(kind: str) -> tuple[int, int]:
    current = current_text()
    last = (current.major, current.minor) if current else None
    return next_number(last, material=kind == CharterText.Kind.MATERIAL)


def _open(text_id: int) -> CharterText:
    text = CharterText.objects.get(pk=text_id)
    if text.state != State.PROPOSED:
        raise Refused(Refused.NOT_OPEN)
    return text


def _decide(text: CharterText, state: State, actor_id: int | None, now: dt.datetime) -> None:
    text.state, text.decided_by_id, text.decided_at = state, actor_id, now
    text.save()


def _record(what: str, text: CharterText, actor_id: int | None) -> None:
    record(
        action=f"charter_text.{what}",
        subject_type="charter_text",
        subject_key=str(text.uuid),
        actor_id=actor_id,
        number=text.number,
    )
