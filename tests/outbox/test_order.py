"""Two workers and one thread of messages, with real transactions: the newer never passes the older."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from vaern.outbox import domain
from vaern.outbox.domain import claim, enqueue
from vaern.outbox.models import Message

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one worker choose at a time"),
]
PATIENCE = 20.0


def put(version: int) -> Message:
    return enqueue(
        kind="people.unknown_account",
        recipient="aase@example.dk",
        language="da",
        context={},
        thread="booking:1",
        version=version,
    )


def worker_claims() -> Message | None:
    """What a worker's thread does, on a connection of its own."""
    try:
        return claim(now=timezone.now())
    finally:
        connection.close()


def until_it_waits_or_ends(worker: Future[Message | None]) -> None:
    """Wait for the worker to stand at a lock of the database, or to have passed it."""
    deadline = time.monotonic() + PATIENCE
    while not worker.done():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone():
                return
        assert time.monotonic() < deadline, "the second worker neither waits nor ends"
        time.sleep(0.01)


def test_news_that_come_while_a_worker_chooses_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, go_on = threading.Event(), threading.Event()
    really = domain._is_overtaken

    def slowly(message: Message) -> bool:
        overtaken = really(message)
        if message.version == 1 and not looked.is_set():
            looked.set()
            assert go_on.wait(PATIENCE)
        return overtaken

    monkeypatch.setattr(domain, "_is_overtaken", slowly)
    first = put(1)
    with ThreadPoolExecutor(2) as workers:
        try:
            one = workers.submit(worker_claims)
            assert looked.wait(PATIENCE)  # it holds the first message and has seen no newer one
            put(2)
            two = workers.submit(worker_claims)
            until_it_waits_or_ends(two)
        finally:
            go_on.set()
        assert (one.result(PATIENCE), two.result(PATIENCE)) == (first, None)


def test_many_workers_on_one_thread_do_not_wait_for_each_other_in_a_ring() -> None:
    for version in range(1, 21):
        put(version)
    with ThreadPoolExecutor(6) as workers:
        claimed = [worker.result(PATIENCE) for worker in [workers.submit(worker_claims) for _ in range(6)]]
    assert [message.version for message in claimed if message] == [20]
