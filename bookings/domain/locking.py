"""One lock for every change of a session's seats (domain.md I9), and what to do when it is not to be had."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model, QuerySet
from django.db.transaction import Atomic
from django.utils import timezone

from bookings.domain.line import is_due, settle
from bookings.models import Booking, Session
from vaern.tables.kept import KeptQuery

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=Model)

TRIES = 3
# PostgreSQL: serialization failure, deadlock, lock not available.
CONTENTION = frozenset({"40001", "40P01", "55P03"})


class Busy(Exception):
    """The lock could not be had in three tries. Answered with 409, and the form is kept."""


@contextmanager
def locked_session(session_id: int) -> Iterator[Session]:
    """Yield the session, locked until the block ends. See `locked_sessions`; raises Session.DoesNotExist."""
    with locked_sessions([session_id]) as sessions:
        yield sessions[session_id]


@contextmanager
def locked_sessions(session_ids: Iterable[int]) -> Iterator[dict[int, Session]]:
    """Yield {id: session}, locked in ascending order until the block ends, in a transaction of its own (domain.md I9).

    What time alone has changed is written first, in a transaction of its own, so that it stays when the verb is
    refused: offers that have run out (domain.md §3, "any later touch"). When the block has ended, whoever is next in
    line gets the seats that it freed (I5). Raises Session.DoesNotExist when one of them does not exist.

    Of no id at all nothing is locked, and the block has its transaction all the same: an import that only makes new
    sessions, a series of which no date is left.
    """
    wanted = sorted(set(session_ids))
    while True:
        with _transaction():
            sessions = {session.pk: session for session in (LOCKING(*wanted) if wanted else ())}
            if len(sessions) < len(wanted):
                raise Session.DoesNotExist
            now = timezone.now()  # after the lock: the wait must not let a late booking in
            due = [session for session in sessions.values() if is_due(session, now=now)]
            if not due:
                yield sessions
            for session in due or sessions.values():
                settle(session, now=timezone.now())
        if not due:
            return


@contextmanager
def locked_booking(booking_id: int) -> Iterator[tuple[Booking, Session]]:
    """Yield a booking and its session, locked until the block ends. Raises Booking.DoesNotExist."""
    with _locked_with(booking_id, []) as (booking, sessions):
        yield booking, sessions[booking.session_id]


@contextmanager
def locked_move(booking_id: int, to_session_id: int) -> Iterator[tuple[Booking, Session, Session]]:
    """Yield a booking, its session and the one it may go to, both locked in ascending order (domain.md I9)."""
    with _locked_with(booking_id, [to_session_id]) as (booking, sessions):
        yield booking, sessions[booking.session_id], sessions[to_session_id]


@contextmanager
def _locked_with(booking_id: int, others: list[int]) -> Iterator[tuple[Booking, dict[int, Session]]]:
    while True:
        session_id = Booking.objects.values_list("session_id", flat=True).get(pk=booking_id)
        with locked_sessions([session_id, *others]) as sessions:
            booking = Booking.objects.select_related("school", "administration").get(pk=booking_id)
            if booking.session_id == session_id:
                booking.session = sessions[session_id]
                yield booking, sessions
                return
        # It has been moved while we waited for the lock: what is locked is not where it is.


def _transaction() -> Atomic:
    return transaction.atomic(durable=True)


# What the decisions and the messages need of a workshop. Its long texts stay where they are, and so does the series of
# a date that has none: what is not read here is read when it is asked for.
OF_WORKSHOP = (
    "audience",
    "group_max",
    "group_min",
    "live",
    "locale",
    "prepare",
    "title",
    "translation_key",
    "way_of_booking",
)
NARROW = (*(field.name for field in Session._meta.concrete_fields), *(f"workshop__{name}" for name in OF_WORKSHOP))


def _rows(*wanted: int) -> QuerySet[Session]:
    narrow = Session.objects.select_related("workshop").only(*NARROW)
    return locked_rows(narrow.filter(pk__in=wanted).order_by("pk"))


# Given ascending ids, so that the kept SQL has its values in this order.
LOCKING = KeptQuery(_rows)


def locked_rows(rows: QuerySet[M]) -> QuerySet[M]:
    """Return the rows with the lock that a change of them needs.

    PostgreSQL: FOR NO KEY UPDATE on the row, so that rows pointing to it may still be written (architecture.md,
    measured facts); how long to wait for it is told once a connection (`vaern.settings.base.database`). SQLite: the
    transaction itself takes the database's write lock when it begins. Anything else is refused: a lock that does
    nothing is worse than none.
    """
    if connection.vendor == "postgresql":
        return rows.select_for_update(no_key=True, of=("self",))
    if connection.vendor == "sqlite" and connection.transaction_mode == "IMMEDIATE":  # type: ignore[attr-defined]
        return rows
    raise NotImplementedError(f"no lock for {connection.vendor}")


def retried(verb: Callable[P, T]) -> Callable[P, T]:
    """Run a verb again when the database was too busy to lock: three tries with jitter, then raise Busy.

    And when it met a key that is taken: the same form on another server a moment ago, or a reference drawn twice. The
    next try finds the one or draws another; what still stands in the way is an error.
    """

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return verb(*args, **kwargs)
            except IntegrityError:
                if attempt == TRIES:
                    raise
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
