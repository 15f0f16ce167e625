"""Verbs of the outbox: put a message in, claim what is due, say how it went, and what staff may do."""

from __future__ import annotations

import datetime as dt
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from vaern.audit.domain import record
from vaern.outbox.models import Message, MessageQuerySet, Told

# Longer than a send can take: EMAIL_TIMEOUT (15 s) counts for each step, and connecting (once for each address of the
# server), TLS, login, each command and the content are a dozen steps. Only a killed worker's message waits this long.
LEASE = dt.timedelta(minutes=5)
# Seconds between tries; after the last of them once an hour, and the very last try when GIVE_UP_AFTER is over.
BACK_OFF = (10, 30, 60, 300, 900, 3600)
GIVE_UP_AFTER = dt.timedelta(hours=72)
BATCH = 20
EXPIRED, GIVEN_UP, REFUSED_FOR_GOOD = "expired", "given up by staff", "bounced"
KEEP_TOLD = dt.timedelta(days=400)

Group = tuple[str, str]


class Facts(TypedDict):
    """What a message is made of.

    `context` must be JSON and hold no secret; `thread` and `version` order messages about the same thing. After
    `expires_at` it is of no use to the recipient, and is not sent.
    """

    kind: str
    recipient: str
    language: str
    context: dict[str, Any]
    thread: NotRequired[str]
    version: NotRequired[int]
    expires_at: NotRequired[dt.datetime | None]


def new_message(**facts: Unpack[Facts]) -> Message:
    """Return a message that the caller writes, in the transaction of what it tells about (domain.md I8)."""
    now = timezone.now()
    return Message(created_at=now, send_after=now, **facts)


def enqueue(**facts: Unpack[Facts]) -> Message:
    """Write a message in the caller's transaction (domain.md I8): it leaves if, and only if, that is committed."""
    message = new_message(**facts)
    message.save(force_insert=True)
    return message


@transaction.atomic
def enqueue_once(*, key: str, **message: Unpack[Facts]) -> bool:
    """Write a message unless the same has been told before; return whether it was written.

    `key` names the recipient's role and the thing, never a person: it is kept when the message is deleted.
    """
    _told, first = Told.objects.get_or_create(key=key, defaults={"at": timezone.now()})
    if first:
        enqueue(**message)
    return first


def claim(*, now: dt.datetime) -> Message | None:
    """Lease the oldest message that is due and return it, or None."""
    return next(iter(claim_batch(now=now, size=1)), None)


def claim_batch(*, now: dt.datetime, size: int = BATCH) -> list[Message]:
    """Lease up to `size` messages that are due and return them. Overtaken and expired ones end here, unsent.

    Nobody ever waits for another worker: of each thread the oldest waiting message is the lock, and a thread whose
    lock is taken, or has changed since we looked, is left to the worker that has it.
    """
    while True:
        # Looking first keeps an idle worker from taking SQLite's one write lock every second.
        chosen = list(Message.objects.due(now)[:size])
        if not chosen:
            return []
        with transaction.atomic():
            leased, ended = _lease(chosen, now)
        if leased or not ended:
            return leased


def _lease(chosen: list[Message], now: dt.datetime) -> tuple[list[Message], int]:
    """Return what was leased, and how many ended unsent."""
    groups: list[Group] = list(dict.fromkeys((one.thread, one.recipient) for one in chosen if one.thread))
    heads = _heads(groups)
    held = _locked([one.pk for one in chosen if not one.thread] + [row.pk for row in heads.values()])
    leased, ended = [], 0
    for message in chosen:
        if not message.thread and message.pk in held:
            fresh = held[message.pk]
            done = _end_if_late(fresh, now)
            ended += done
            if not done and _is_due(fresh, now):
                leased.append(fresh)
    waiting = _waiting(groups)
    newest = _newest(groups)
    for group in groups:
        rows = waiting.get(group, [])
        # Fewer or others than we have locked: somebody else is at it.
        if not rows or rows[0].pk not in held:
            continue
        leaving, over = _next_of(rows, newest[group], now)
        ended += over
        leased += [leaving] if leaving else []
    for message in leased:
        message.leased_until = now + LEASE
        message.attempts += 1
        message.tried_at = message.tried_at or now
    Message.objects.bulk_update(leased, ["leased_until", "attempts", "tried_at"])
    return sorted(leased, key=lambda one: (one.send_after, one.pk)), ended


def _next_of(rows: list[Message], newest: int, now: dt.datetime) -> tuple[Message | None, int]:
    """Return the message of a thread that leaves now, if one does, and how many ended before it."""
    ended = 0
    for row in rows:
        if row.leased_until is not None and row.leased_until > now:
            return None, ended
        if row.version < newest:
            _end(row, Message.State.SUPERSEDED)
            ended += 1
        elif _end_if_late(row, now):
            ended += 1
        else:
            return (row if _is_due(row, now) else None), ended
    return None, ended


def _in_groups(groups: list[Group]) -> MessageQuerySet:
    """Return the messages of these threads; some of other recipients may be among them."""
    return Message.objects.filter(
        thread__in={thread for thread, _recipient in groups}, recipient__in={recipient for _thread, recipient in groups}
    )


def _waiting(groups: list[Group]) -> dict[Group, list[Message]]:
    """Return what waits in each thread, the oldest first."""
    found: dict[Group, list[Message]] = {}
    if groups:
        for row in _in_groups(groups).pending().order_by("pk"):
            found.setdefault((row.thread, row.recipient), []).append(row)
    return found


def _heads(groups: list[Group]) -> dict[Group, Message]:
    """Return the oldest waiting message of each thread."""
    return {group: rows[0] for group, rows in _waiting(groups).items()}


def _newest(groups: list[Group]) -> dict[Group, int]:
    """Return the newest version that has been told, or shall be, in each thread."""
    if not groups:
        return {}
    rows = _in_groups(groups).order_by().values("thread", "recipient").annotate(newest=Max("version"))
    return {(row["thread"], row["recipient"]): row["newest"] for row in rows}


def _locked(keys: list[int]) -> dict[int, Message]:
    """Lock these messages, but for those that another worker has locked, and return them as they are now."""
    rows = Message.objects.filter(pk__in=keys).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return {row.pk: row for row in rows}


def _is_due(message: Message, now: dt.datetime) -> bool:
    free = message.leased_until is None or message.leased_until <= now
    return message.state == Message.State.PENDING and free and message.send_after <= now


def _end_if_late(message: Message, now: dt.datetime) -> bool:
    """End a waiting message that is of no use any more; say whether it was."""
    late = message.state == Message.State.PENDING and message.expires_at is not None and message.expires_at <= now
    if late:
        _end(message, Message.State.FAILED, error=EXPIRED)
    return late


def _end(message: Message, state: Message.State, *, error: str = "") -> None:
    """End a message unsent and forget what was in it."""
    message.state, message.context, message.last_error, message.leased_until = state, {}, error, None
    message.save(update_fields=["state", "context", "last_error", "leased_until"])


def keep(*, message: Message, now: dt.datetime) -> bool:
    """Renew the lease of a claimed message that has waited in its batch; False when somebody else has it by now."""
    return bool(_in_hand(message).update(leased_until=now + LEASE))


def release(*, message: Message) -> None:
    """Give a claimed message back that was not tried: a worker is told to stop in the middle of a batch."""
    _in_hand(message).update(leased_until=None, attempts=message.attempts - 1)


def mark_sent(*, message: Message, now: dt.datetime) -> None:
    """Record that the mail server has taken the message, and forget what was in it."""
    _in_hand(message).update(state=Message.State.SENT, sent_at=now, leased_until=None, context={}, last_error="")


def mark_failed(*, message: Message, now: dt.datetime, error: Exception) -> None:
    """Set the next try, or give up 72 hours after the first one. What is in it is kept: staff may send it again."""
    first = message.tried_at or now
    if now >= first + GIVE_UP_AFTER:
        change: dict[str, Any] = {"state": Message.State.FAILED}
    else:
        wait = dt.timedelta(seconds=BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1])
        change = {"send_after": min(now + wait, first + GIVE_UP_AFTER)}
    _in_hand(message).update(leased_until=None, last_error=type(error).__name__[:80], **change)


def _in_hand(message: Message) -> MessageQuerySet:
    """Return the message if this try is still the newest: a worker that answers after its lease changes nothing."""
    return Message.objects.filter(pk=message.pk, state=Message.State.PENDING, attempts=message.attempts)


@transaction.atomic
def send_again(*, message_id: int, actor_id: int) -> bool:
    """Let a message leave now that waits for its next try or was given up; False when there is nothing to send.

    An overtaken one stays unsent: the claim decides, as for any other.
    """
    now = timezone.now()
    changed = (
        Message.objects.filter(pk=message_id, state__in=[Message.State.PENDING, Message.State.FAILED])
        .free(now)
        .exclude(state=Message.State.FAILED, context={})
        .update(
            state=Message.State.PENDING, send_after=now, tried_at=None, attempts=0, leased_until=None, last_error=""
        )
    )
    return bool(changed) and _recorded("message.sent_again", message_id, actor_id)


@transaction.atomic
def give_up(*, message_id: int, actor_id: int) -> bool:
    """End a message that waits, unsent, and forget what was in it; False when it does not wait, or is on its way."""
    changed = (
        Message.objects.filter(pk=message_id)
        .pending()
        .free(timezone.now())
        .update(state=Message.State.FAILED, context={}, last_error=GIVEN_UP, leased_until=None)
    )
    return bool(changed) and _recorded("message.given_up", message_id, actor_id)


def _recorded(action: str, message_id: int, actor_id: int) -> bool:
    message = Message.objects.only("uuid", "kind").get(pk=message_id)
    record(action=action, subject_type="message", subject_key=str(message.uuid), actor_id=actor_id, kind=message.kind)
    return True


@transaction.atomic
def bounce(*, uuid: Any, code: str) -> bool:
    """Record that a message came back for good; `code` is the server's status (5.1.1). False when we know none such.

    Told twice it changes nothing.
    """
    changed = Message.objects.filter(uuid=uuid, state=Message.State.SENT).update(
        state=Message.State.BOUNCED, last_error=f"{REFUSED_FOR_GOOD} {code}"[:80]
    )
    if changed:
        record(action="message.bounced", subject_type="message", subject_key=str(uuid), code=code)
    return bool(changed)


def purge(*, now: dt.datetime, after: dt.timedelta = dt.timedelta(days=30)) -> int:
    """Delete messages that ended more than `after` ago and return how many (domain.md §9: 30 days)."""
    deleted, _ = Message.objects.exclude(state=Message.State.PENDING).filter(created_at__lt=now - after).delete()
    Told.objects.filter(at__lt=now - KEEP_TOLD).delete()
    return deleted
