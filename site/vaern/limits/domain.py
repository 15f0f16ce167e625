"""The one verb: may somebody come in once more? And the purge."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from vaern.limits.doors import Door, Limit
from vaern.limits.models import Tally

log = logging.getLogger("vaern.limits")

# While nobody can count, a door that is shut says: try again in a minute.
BROKEN = dt.timedelta(minutes=1)

# PostgreSQL and SQLite understand the same sentence. It is one statement for both counts, in the order of the keys,
# so that two visitors never wait for each other in a ring.
COUNT = """
INSERT INTO limits_tally (key, count, resets_at) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN limits_tally.resets_at <= %s THEN excluded.count ELSE limits_tally.count + excluded.count END,
    resets_at = CASE WHEN limits_tally.resets_at <= %s THEN excluded.resets_at ELSE limits_tally.resets_at END
RETURNING key, count, resets_at
"""


@dataclass(frozen=True)
class Denied:
    """Too many: `until` when, and whether the `network`, the `address` or a `broken` counter is why."""

    until: dt.datetime
    scope: str

    def seconds(self, now: dt.datetime) -> int:
        """Return the whole seconds until it is worth trying again, at least one (Retry-After)."""
        return max(1, -int((now - self.until).total_seconds() // 1))


def admit(door: Door, *, network: str, address: str = "", weight: int = 1) -> Denied | None:
    """Count somebody at a door; None: come in. Call it outside any transaction, before the verb that costs something.

    `network` is `vaern.limits.networks.network_of(request)`, `address` an e-mail address, `weight` more than 1 for what
    looks like a machine. When the counter itself fails it is logged, and the door is open or shut as it says.
    """
    now = timezone.now()
    limits = _limits(door, network, address, now)
    if not limits:
        return None
    try:
        counted = _count({key: limit for key, (_scope, limit) in limits.items()}, weight, now)
    except DatabaseError as error:
        log.error("limits cannot be counted", extra={"door": door.name, "error": type(error).__name__})
        return None if door.open_when_broken else Denied(now + BROKEN, "broken")
    over = [Denied(until, limits[key][0]) for key, (count, until) in counted.items() if count > limits[key][1].amount]
    if not over:
        return None
    denied = max(over, key=lambda one: one.until)
    log.warning("limit reached", extra={"door": door.name, "scope": denied.scope})
    return denied


def _limits(door: Door, network: str, address: str, now: dt.datetime) -> dict[str, tuple[str, Limit]]:
    """Return what is counted, by key; a scope without a value or a limit is not."""
    found = {}
    for scope, value in (("network", network), ("address", address.strip().lower())):
        limit = door.limit(scope)
        if limit is not None and value:
            found[_key(door, scope, value, now)] = (scope, limit)
    return found


def _key(door: Door, scope: str, value: str, now: dt.datetime) -> str:
    """Return a hash that nobody can turn back without the site's secret, and that is another one tomorrow."""
    said = "|".join((door.name, scope, value, now.astimezone(dt.UTC).date().isoformat()))
    return salted_hmac("vaern.limits", said, algorithm="sha256").hexdigest()


def _count(limits: dict[str, Limit], weight: int, now: dt.datetime) -> dict[str, tuple[int, dt.datetime]]:
    """Add `weight` to each key and return what it has come to: {key: (count, resets at)}."""
    field = Tally._meta.get_field("resets_at")
    keys = sorted(limits)
    moments = {key: field.get_db_prep_value(now + limits[key].period, connection) for key in keys}
    this = field.get_db_prep_value(now, connection)
    sentence = COUNT.format(rows=", ".join(["(%s, %s, %s)"] * len(keys)))
    values = [part for key in keys for part in (key, weight, moments[key])]
    # A savepoint where there is a transaction, so that a failure spoils nothing else; else it is one round trip.
    alone = transaction.atomic() if connection.in_atomic_block else nullcontext()
    with alone, connection.cursor() as cursor:
        cursor.execute(sentence, [*values, this, this])
        rows = cursor.fetchall()
    return {key: (count, _moment(resets_at)) for key, count, resets_at in rows}


def _moment(value: dt.datetime | str) -> dt.datetime:
    """Return what the database answered as a moment: SQLite answers with text in UTC."""
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def purge(*, now: dt.datetime) -> int:
    """Delete what no longer counts, and return how many rows went."""
    deleted, _rows = Tally.objects.filter(resets_at__lte=now).delete()
    return deleted
