"""Verbs of the outbox: put a message in, claim one, and say how it went."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from vaern.outbox.models import Message, MessageQuerySet

# Longer than a send can take: EMAIL_TIMEOUT (15 s) counts for each step, and connecting (once for each address of the
# server), TLS, login, each command and the content are a dozen steps. Only a killed worker's message waits this long.
LEASE = dt.timedelta(minutes=5)
# Seconds between tries: a mail server that is down for a night still gets every message.
BACK_OFF = (5, 15, 60, 300, 900, 1800, 3600)
MAX_ATTEMPTS = 60


def enqueue(
    *,
    kind: str,
    recipient: str,
    language: str,
    context: dict[str, Any],
    thread: str = "",
    version: int = 0,
    expires_at: dt.datetime | None = None,
) -> Message:
    """Write a message in the caller's transaction (domain.md I8): it leaves if, and only if, the change is committed.

    `context` must be JSON and hold no secret; `thread` and `version` order messages about the same thing.
    After `expires_at` it is of no use to the recipient, and is not sent.
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
        expires_at=expires_at,
    )


def claim(*, now: dt.datetime) -> Message | None:
    """Lease the oldest message that is due and return it, or None. An overtaken or expired one ends here, unsent."""
    # Looking first keeps an idle worker from taking SQLite's one write lock every second.
    while Message.objects.due(now).exists():
        # A transaction for each message: locks of two threads held at once could wait for each other in a ring.
        with transaction.atomic():
            message = _choose(now)
            if message is None or _lease(message, now):
                return message
    return None


def _choose(now: dt.datetime) -> Message | None:
    """Return the oldest message that is due, locked; those that other workers are looking at are theirs."""
    due = Message.objects.due(now)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    return due.first()


def _lease(message: Message, now: dt.datetime) -> bool:
    """Lease a message that is to be sent; one that shall not be sent ends, one that must wait is left as it is."""
    if message.thread != "":
        _wait_for_older(message)
        # Chosen before the wait: an older message may be on its way by now.
        if not Message.objects.due(now).filter(pk=message.pk).exists():
            return False
    if _is_overtaken(message):
        _end(message, Message.State.SUPERSEDED)
    elif message.expires_at is not None and message.expires_at <= now:
        _end(message, Message.State.FAILED, error="expired")
    else:
        message.leased_until = now + LEASE
        message.attempts += 1
        message.save(update_fields=["leased_until", "attempts"])
        return True
    return False


def _wait_for_older(message: Message) -> None:
    """Let a worker that has chosen an older message of the thread finish choosing, so that the two never pass.

    Without this, a message that comes while the other worker has looked for newer ones but not yet leased would leave
    at the same time. Everybody locks from newer to older, beginning with the chosen one, so no two wait for each other.
    SQLite has no row locks and needs none: its write transactions come one after the other.
    """
    older = Message.objects.filter(
        thread=message.thread, recipient=message.recipient, pk__lt=message.pk, state=Message.State.PENDING
    )
    list(older.order_by("-pk").select_for_update().values_list("pk"))


def _end(message: Message, state: Message.State, *, error: str = "") -> None:
    """End a message unsent and forget what was in it."""
    message.state, message.context, message.last_error = state, {}, error
    message.save(update_fields=["state", "context", "last_error"])


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
    _in_hand(message).update(state=Message.State.SENT, sent_at=now, leased_until=None, context={}, last_error="")


def mark_failed(*, message: Message, now: dt.datetime, error: Exception) -> None:
    """Set the next try, with growing intervals; give up after MAX_ATTEMPTS (about two days), and forget the content."""
    wait = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    given_up: dict[str, Any] = {"state": Message.State.FAILED, "context": {}}
    _in_hand(message).update(
        send_after=now + dt.timedelta(seconds=wait),
        leased_until=None,
        last_error=type(error).__name__[:80],
        **(given_up if message.attempts >= MAX_ATTEMPTS else {}),
    )


def _in_hand(message: Message) -> MessageQuerySet:
    """Return the message if this try is still the newest: a worker that answers after its lease changes nothing."""
    return Message.objects.filter(pk=message.pk, state=Message.State.PENDING, attempts=message.attempts)


def purge(*, now: dt.datetime, after: dt.timedelta = dt.timedelta(days=30)) -> int:
    """Delete messages that ended more than `after` ago and return how many (domain.md §9: 30 days)."""
    deleted, _ = Message.objects.exclude(state=Message.State.PENDING).filter(created_at__lt=now - after).delete()
    return deleted
