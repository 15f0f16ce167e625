"""Real processes on the test's database: gunicorn, the worker, and programs that are killed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
PATIENCE = 20.0  # seconds after which something that should come is given up; never waited out when all is well


def database_url() -> str:
    """Return DATABASE_URL of the test database itself, for another process."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(facts['NAME']).resolve()}"
    password = f":{quote(facts['PASSWORD'], safe='')}" if facts["PASSWORD"] else ""
    host = f"{facts['HOST'] or '127.0.0.1'}:{facts['PORT'] or 5432}"
    return f"postgres://{facts['USER']}{password}@{host}/{facts['NAME']}"


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of a child: our database, our secret (so links agree) and no shared cache."""
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "VAERN_BASE_URL": settings.VAERN_BASE_URL,
        "CACHE_URL": "dummycache://",
        "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}",
        "PYTHONUNBUFFERED": "1",
        **extra,
    }


def _die_with_parent() -> None:
    """Ask Linux to kill the child when the tests are killed outright."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Process:
    """A child with its log in a file."""

    def __init__(self, argv: Sequence[str], *, log: Path, env: dict[str, str], keep: Sequence[int] = ()) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, *argv],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=keep,
                preexec_fn=_die_with_parent,  # noqa: PLW1509
            )

    def kill(self) -> None:
        """Kill -9: nothing of the process gets to run any more."""
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> int:
        """Ask politely (SIGTERM) and return the exit code."""
        self.popen.terminate()
        return self.wait()

    def wait(self, patience: float = PATIENCE) -> int:
        """Return the exit code once it has ended."""
        return self.popen.wait(patience)

    def end(self) -> None:
        """Leave nothing behind, however the test went."""
        if self.popen.poll() is None:
            self.kill()

    def tail(self) -> str:
        """Return the end of the log."""
        return self.log.read_text(errors="replace")[-4000:]


def until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Return as soon as `condition` is true of what another process does; fail when it never is."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.02)
