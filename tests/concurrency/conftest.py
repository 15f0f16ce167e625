"""A real server and real workers on the test's database."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.concurrency.mailserver import MailServer
from tests.concurrency.processes import Process, environment

WORKERS, THREADS = 3, 17  # 51 requests at a time


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Run gunicorn with three processes; yields (host, port). The socket listens before gunicorn is up: no waiting."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=200)
    process = Process(
        [
            "-m",
            "gunicorn",
            "vaern.wsgi",
            f"--bind=fd://{listener.fileno()}",
            f"--workers={WORKERS}",
            f"--threads={THREADS}",
            "--preload",
            "--no-control-socket",
        ],
        log=tmp_path_factory.mktemp("gunicorn") / "log",
        env=environment(
            DJANGO_SETTINGS_MODULE="vaern.settings.test",
            LOG_LEVEL="WARNING",
            VAERN_LIMITS="booking.network=100000/3600,booking.address=100000/3600",  # a hundred schools on one network
        ),
        keep=[listener.fileno()],
    )
    try:
        yield listener.getsockname()
    finally:
        listener.close()
        code = process.stop()
        process.end()
        print(process.tail())
    assert code == 0


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that is not listening yet."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def start_worker(transactional_db: None, mail_server: MailServer, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Start `manage.py work`, as the demo runs it but sending to the mail server; ended with the test."""
    started: list[Process] = []

    def start() -> Process:
        env = environment(DJANGO_SETTINGS_MODULE="vaern.settings.dev", EMAIL_URL=mail_server.url, LOG_LEVEL="INFO")
        process = Process(["manage.py", "work", "--poll", "0.05"], log=tmp_path / f"worker-{len(started)}", env=env)
        started.append(process)
        return process

    yield start
    for process in started:
        process.end()
        print(process.tail())
