"""The chain of evidence: its one lock, how a link is made, and how all of it is checked."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from charter.models import Event, Personal

START = "0" * 64
# Any number that no other application on the same database takes: "charter" in hexadecimal.
LOCK = 0x63686172746572
PATIENCE = "10s"
LONGEST = 300


@contextmanager
def gate() -> Iterator[None]:
    """A transaction that no other verb of the charter runs beside: publishing and signing are in one order.

    On PostgreSQL it is an advisory lock, taken first and let go with the transaction, so it cannot deadlock; on SQLite
    a transaction has the one write lock from its beginning.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # A hundred may stand here: more patience than a page has otherwise, for this transaction only.
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def append(
    kind: str,
    *,
    subject: object,
    now: dt.datetime,
    personal: Mapping[str, str] | None = None,
    **facts: Any,
) -> Event:
    """Add a link to the chain; only within `gate`. `facts` must be JSON and identify nobody, `personal` is erasable."""
    last = Event.objects.order_by("-number").values("number", "hash").first() or {"number": 0, "hash": START}
    known = {name: value[:LONGEST] for name, value in (personal or {}).items() if value}
    keys = {name: secrets.token_hex(32) for name in known}
    event = Event(
        number=last["number"] + 1,
        at=now,
        kind=kind,
        subject=str(subject),
        facts=facts,
        commitments={name: commitment(keys[name], value) for name, value in known.items()},
        previous=last["hash"],
    )
    event.hash = hash_of(event)
    event.save()
    for name, value in known.items():
        Personal.objects.create(event=event, name=name, key=keys[name], value=value)
    return event


def commitment(key: str, value: str) -> str:
    """Return the keyed hash that binds a personal fact without telling it. The key is erased with the fact."""
    return hmac.new(bytes.fromhex(key), value.encode(), hashlib.sha256).hexdigest()


def hash_of(event: Event) -> str:
    """Return the hash of a link: of the hash before it and of all it says."""
    said = {
        "number": event.number,
        "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "kind": str(event.kind),
        "subject": event.subject,
        "facts": event.facts,
        "commitments": event.commitments,
    }
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{event.previous}\n{written}".encode()).hexdigest()


def broken_at() -> int | None:
    """Return the number of the first link that does not hold, or None: the chain is whole.

    A personal fact that is still there must be the one that was committed to; one that was erased is missed by nobody.
    """
    expected = START
    events = Event.objects.order_by("number").prefetch_related("personal").iterator(chunk_size=500)
    for number, event in enumerate(events, start=1):
        whole = event.number == number and event.previous == expected and event.hash == hash_of(event)
        kept = all(
            event.commitments.get(fact.name) == commitment(fact.key, fact.value) for fact in event.personal.all()
        )
        if not whole or not kept:
            return number
        expected = event.hash
    return None
