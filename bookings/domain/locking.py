"""One lock for every change of a session's seats (domain.md I9), and what to do when it is not to be had."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from bookings.models import Session

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3
# How long to wait for a lock, and how long a statement may take, on PostgreSQL.
LOCK_WAIT, STATEMENT_WAIT = "3s", "10s"
# PostgreSQL: serialization failure, deadlock, lock not available.
CONTENTION = frozenset({"40001", "40P01", "55P03"})


class Busy(Exception):
    """The lock could not be had in three tries. Answered with 409, and the form is kept."""


@contextmanager
def locked_session(session_id: int) -> Iterator[Session]:
    """Yield the session, locked until the block ends, in a transaction of its own.

    PostgreSQL: FOR NO KEY UPDATE on the row, so that rows pointing to it may still be written (architecture.md,
    measured facts), with a time limit. SQLite: the transaction itself takes the database's write lock when it begins.
    Anything else is refused: a lock that does nothing is worse than none. Raises Session.DoesNotExist.
    """
    with transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true)",
                    [LOCK_WAIT, STATEMENT_WAIT],
                )
            rows = Session.objects.select_for_update(no_key=True, of=("self",))
        elif connection.vendor == "sqlite" and connection.transaction_mode == "IMMEDIATE":  # type: ignore[attr-defined]
            rows = Session.objects.all()
        else:
            raise NotImplementedError(f"no lock for {connection.vendor}")
        yield rows.select_related("workshop").get(pk=session_id)


def retried(verb: Callable[P, T]) -> Callable[P, T]:
    """Run a verb again when the database was too busy to lock: three tries with jitter, then raise Busy."""

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return verb(*args, **kwargs)
            except OperationalError as error:
                if not _is_contention(error):
                    raise
                if attempt == TRIES:
                    raise Busy from error
                time.sleep(random.uniform(0.05, 0.2))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    return run


def _is_contention(error: OperationalError) -> bool:
    """Say whether trying again can help: another transaction held what this one wanted."""
    return getattr(error.__cause__, "sqlstate", None) in CONTENTION or "database is locked" in str(error)
