"""The verb on texts: save what staff have written, or go back to our own."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from vaern.audit.domain import record
from vaern.outbox.models import TextVersion
from vaern.outbox.texts import MAX_BODY, MAX_SUBJECT, Text, TextKind, body_problems, current_text, subject_problems


class BadText(ValueError):
    """The text cannot be sent as it is; the form says why before it comes here."""


class Overtaken(Exception):
    """Somebody else has saved this text since it was opened."""


@transaction.atomic
def save_text(*, kind: TextKind, language: str, text: Text, seen: int, actor_id: int | None) -> TextVersion | None:
    """Keep a new version; None when it says what holds already. `seen` is the number of the version that was shown.

    Raises BadText, or Overtaken when there is a newer version than the one that was shown.
    """
    if subject_problems(kind, text.subject) or body_problems(kind, text.body):
        raise BadText(kind.key)
    if not text.subject.strip() or not text.body.strip():
        raise BadText(kind.key)
    if len(text.subject) > MAX_SUBJECT or len(text.body) > MAX_BODY:
        raise BadText(kind.key)
    _refuse_overtaken(kind, language, seen)
    if text == current_text(kind, language):
        return None
    return _add(kind, language, text, "text.changed", actor_id)


@transaction.atomic
def reset_text(*, kind: TextKind, language: str, seen: int, actor_id: int | None) -> TextVersion | None:
    """Go back to our own text; None when it holds already. Raises Overtaken."""
    _refuse_overtaken(kind, language, seen)
    newest = TextVersion.objects.filter(key=kind.key, language=language).first()
    if newest is None or newest.is_default:
        return None
    return _add(kind, language, Text("", ""), "text.reset", actor_id)


def number_of(kind: TextKind, language: str) -> int:
    """Return the number of the newest version, 0 when nobody has changed the text."""
    newest = TextVersion.objects.filter(key=kind.key, language=language).first()
    return newest.number if newest else 0


def _refuse_overtaken(kind: TextKind, language: str, seen: int) -> None:
    if number_of(kind, language) != seen:
        raise Overtaken


def _add(kind: TextKind, language: str, text: Text, action: str, actor_id: int | None) -> TextVersion:
    version = TextVersion.objects.create(
        key=kind.key,
        language=language,
        number=number_of(kind, language) + 1,
        subject=text.subject,
        body=text.body,
        saved_at=timezone.now(),
        saved_by_id=actor_id,
    )
    record(
        action=action,
        subject_type="text",
        subject_key=f"{kind.key}.{language}",
        actor_id=actor_id,
        number=version.number,
    )
    return version
