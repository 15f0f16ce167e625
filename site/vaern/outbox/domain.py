"""Verbs of the outbox: put a message in, claim one, and say how it went."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from vaern.outbox.models import Message

# Longer than a send can take (EMAIL_TIMEOUT is 15 s a step), short enough that a killed worker's message soon leaves.
LEASE = dt.timedelta(seconds=60)
# Seconds between tries: a mail server that is down for a night still gets every message.
BACK_OFF = (5, 15, 60, 300, 900, 1800, 3600)
MAX_ATTEMPTS = 60


def enqueue(
    *, kind: str, recipient: str, language: str, context: dict[str, Any], thread: str = "", version: int = 0
) -> Message:
    """Write a message in the caller's transaction (domain.md I8): it leaves if, and only if, the change is committed.

    `context` must be JSON and hold no secret; `thread` and `version` order messages about the same thing.
    """
    now = timezone.now()
    return Message.objects.create(
        kind=kind,
        recipient=recipient,
        language=language,
        context=context,
        thread=thread,
        version=version,
        created_at=now,
        send_after=now,
    )


def claim(*, now: dt.datetime) -> Message | None:
    """Lease the oldest message that is due and return it, or None. An overtaken message ends here, unsent."""
    # Looking first keeps an idle worker from taking SQLite's one write lock every second.
    return _claim(now) if Message.objects.due(now).exists() else None


@transaction.atomic
def _claim(now: dt.datetime) -> Message | None:
    while True:
        due = Message.objects.due(now)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        message = due.first()
        if message is None:
            return None
        if _is_overtaken(message):
            message.state = Message.State.SUPERSEDED
            message.context = {}
            message.save(update_fields=["state", "context"])
            continue
        message.leased_until = now + LEASE
        message.attempts += 1
        message.save(update_fields=["leased_until", "attempts"])
        return message


def _is_overtaken(message: Message) -> bool:
    """Say whether a newer message to the same recipient about the same thing exists."""
    return (
        message.thread != ""
        and Message.objects.filter(
            thread=message.thread, recipient=message.recipient, version__gt=message.version
        ).exists()
    )


def mark_sent(*, message: Message, now: dt.datetime) -> None:
    """Record that the mail server has taken the message, and forget what was in it."""
    Message.objects.filter(pk=message.pk, state=Message.State.PENDING).update(
        state=Message.State.SENT, sent_at=now, leased_until=None, context={}, last_error=""
    )


def mark_failed(*, message: Message, now: dt.datetime, error: Exception) -> None:
    """Set the next try, with growing intervals; give up after MAX_ATTEMPTS (about two days)."""
    wait = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    Message.objects.filter(pk=message.pk, state=Message.State.PENDING).update(
        state=Message.State.PENDING if message.attempts < MAX_ATTEMPTS else Message.State.FAILED,
        send_after=now + dt.timedelta(seconds=wait),
        leased_until=None,
        last_error=type(error).__name__[:80],
    )


def purge(*, now: dt.datetime, after: dt.timedelta = dt.timedelta(days=30)) -> int:
    """Delete messages that ended more than `after` ago and return how many (domain.md §9: 30 days)."""
    deleted, _ = Message.objects.exclude(state=Message.State.PENDING).filter(created_at__lt=now - after).delete()
    return deleted
