"""PostgreSQL is told once a connection how long anybody waits: everywhere for a lock, on pages for a statement too."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.db import connection

from tests.concurrency.processes import environment

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own settings")

ASK = "from django.db import connection as c; u = c.cursor(); "
ASK += "print(*[u.execute('SHOW ' + n).fetchone()[0] for n in ('lock_timeout', 'statement_timeout')])"


@pytest.mark.django_db
def test_here_and_in_commands_a_lock_is_waited_for_and_a_statement_may_take_its_time() -> None:
    with connection.cursor() as cursor:
        assert [cursor.execute(f"SHOW {name}").fetchone()[0] for name in ("lock_timeout", "statement_timeout")] == [
            "3s",
            "0",
        ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "patience"), [("import django; django.setup()", "3s 0"), ("import vaern.wsgi", "3s 10s")]
)
def test_pages_have_an_end(start: str, patience: str) -> None:
    env = {name: value for name, value in environment().items() if name != "STATEMENT_TIMEOUT"}
    done = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", f"{start}; {ASK}"], env=env, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == patience
