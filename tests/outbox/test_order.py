"""Two workers and one thread of messages, with real transactions: the newer never passes the older."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

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


def test_news_that_come_while_a_worker_chooses_are_left_to_it_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, go_on = threading.Event(), threading.Event()
    really = domain._newest

    def slowly(groups: list[domain.Group]) -> dict[domain.Group, int]:
        newest = really(groups)
        if set(newest.values()) == {1} and not looked.is_set():
            looked.set()
            assert go_on.wait(PATIENCE)
        return newest

    monkeypatch.setattr(domain, "_newest", slowly)
    first = put(1)
    with ThreadPoolExecutor(2) as workers:
        try:
            one = workers.submit(worker_claims)
            assert looked.wait(PATIENCE)  # it holds the first message and has seen no newer one
            put(2)
            two = workers.submit(worker_claims).result(PATIENCE)
        finally:
            go_on.set()
        assert (one.result(PATIENCE), two) == (first, None)


def test_many_workers_on_one_thread_do_not_wait_for_each_other_in_a_ring() -> None:
    for version in range(1, 21):
        put(version)
    with ThreadPoolExecutor(6) as workers:
        claimed = [worker.result(PATIENCE) for worker in [workers.submit(worker_claims) for _ in range(6)]]
    assert [message.version for message in claimed if message] == [20]
