"""The verbs without their lock: for the twins of the races, which must be lost, or the races prove nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pytest
from django.db import connection, transaction

from bookings.domain import locking
from vaern.tables.kept import KeptQuery


def _transaction() -> AbstractContextManager[Any]:
    """On SQLite the immediate transaction is the lock; on PostgreSQL the transaction stays."""
    return transaction.atomic(durable=True) if connection.vendor == "postgresql" else nullcontext()


@contextmanager
def lock_taken_away() -> Iterator[None]:
    """Run the block with rows that are read and not locked."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(locking, "_transaction", _transaction)
        patched.setattr(locking, "locked_rows", lambda rows: rows)
        patched.setattr(locking, "LOCKING", KeptQuery(locking._rows))  # the one before has its SQL made with the lock
        yield
