"""The running site on this machine: the demo with its data, the developer's server, and starting over."""

from __future__ import annotations

import errno
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

from dev_common import ROOT, VAR, VENV_PYTHON, DevError, complain, environment, say, shown
from install import set_up
from processes import cause_in, log_of, require, start, stop

DATABASE = VAR / "vaern.sqlite3"
RUNNING = VAR / "running.lock"
START_SECONDS = 60
LARGEST_PORT = 65535
WELCOME = """
Værn kører nu på        {base}/
Demo-postkassen:        {base}/demo/postkasse/   (her lander al mail, intet sendes)
Log ind på              {base}/log-ind/   med en af adresserne; engangskoden ligger i Demo-postkassen:
    koordinator@example.dk      datoer, bookinger, fremmøde og mål
    underviser@example.dk       egne datoer og fremmøde
    redaktoer@example.dk        sider og workshops
    godkender@example.dk        mål og måltal
    administrator@example.dk    alt, også brugere
Lærere logger ikke ind: de booker direkte på siden og bruger linket i mailen.
Stop med Ctrl-C. Det, du skriver, er her næste gang; begynd forfra med: make demo-reset

In English: the demo runs at {base}/ – sign in at /log-ind/ with an address above;
the code is in the mailbox. Ctrl-C stops.
"""


@dataclass(frozen=True)
class Address:
    """Where the site listens, and what a browser on this machine types."""

    host: str
    port: int

    @property
    def for_browser(self) -> str:
        """The host name to show and to ask: 'every interface' is no address."""
        return "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - compared, not bound

    @property
    def base_url(self) -> str:
        """The site's address without a slash at the end."""
        return f"http://{bracketed(self.for_browser)}:{self.port}"

    @property
    def for_bind(self) -> str:
        """What gunicorn and runserver take."""
        return f"{bracketed(self.host)}:{self.port}"


def bracketed(host: str) -> str:
    """An IPv6 address in a URL stands in brackets."""
    return f"[{host}]" if ":" in host else host


def wanted_address() -> Address:
    """HOST and PORT of the environment, where make puts `make demo PORT=9000`."""
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isdecimal() or not 0 < int(text) <= LARGEST_PORT:
        raise DevError(f"PORT must be a number from 1 to {LARGEST_PORT}, not {text!r}: make demo PORT=9000")
    return Address(os.environ.get("HOST", "").strip() or "127.0.0.1", int(text))


def check_free(address: Address) -> None:
    """Fail before anything slow when the port cannot be had. Binds as gunicorn will, TIME_WAIT is fine."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise DevError(why_not(error, address)) from error


def why_not(error: OSError, address: Address) -> str:
    """One sentence for a port that cannot be bound."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {address.port} on {address.host} is already in use. "
            f"Stop the program that uses it, or choose another: make demo PORT={another_port(address.port)}"
        )
    if error.errno == errno.EACCES:
        return f"Port {address.port} needs special rights; choose one above 1023: make demo PORT=8000"
    return f"The site cannot listen on {address.for_bind}: {error.strerror or error}. Check HOST and PORT."


def another_port(port: int) -> int:
    """A neighbour to suggest."""
    return port + 1 if port < LARGEST_PORT else 8000


@contextmanager
def only_one() -> Iterator[TextIO]:
    """Hold var/running.lock while the site runs; the children inherit it, so even an orphan keeps it held."""
    RUNNING.parent.mkdir(parents=True, exist_ok=True)
    with RUNNING.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            where = handle.read().strip() or "an address it has not told yet"
            raise DevError(f"This checkout already runs at {where}; stop it first (Ctrl-C in its window).") from error
        handle.truncate(0)
        yield handle


def site_environment(address: Address) -> dict[str, str]:
    """The embedded settings, unless the caller chose others."""
    defaults = {"DJANGO_SETTINGS_MODULE": "vaern.settings.dev", "VAERN_BASE_URL": address.base_url}
    return defaults | environment(PORT=str(address.port))


def run_demo() -> int:
    """Set up what is missing, prepare the database, serve until Ctrl-C."""
    address = wanted_address()
    check_free(address)
    with only_one() as lock:
        set_up("base")
        env = site_environment(address)
        prepare(env, "demo")
        check_free(address)
        gunicorn: list[str | Path] = [
            VENV_PYTHON,
            "-m",
            "gunicorn",
            "vaern.wsgi:application",
            "--bind",
            address.for_bind,
        ]
        # No --access-logfile: its lines would hold the secret links that teachers get by mail.
        gunicorn += [
            "--workers",
            "2",
            "--worker-class",
            "sync",
            "--graceful-timeout",
            "5",
            "--pythonpath",
            "site",
        ]
        with children(lock, env, web=gunicorn, worker=worker_argv()) as running:
            return serve(address, running, lock, WELCOME.format(base=address.base_url))


def run_developer_server() -> int:
    """Django's own server with reload and DEBUG on, beside the worker; no demo content is added."""
    address = wanted_address()
    check_free(address)
    with only_one() as lock:
        set_up("dev")
        env = {"DEBUG": "1"} | site_environment(address)
        prepare(env, "site")
        web: list[str | Path] = [VENV_PYTHON, "manage.py", "runserver", address.for_bind]
        with children(lock, env, web=web, worker=worker_argv()) as running:
            return serve(address, running, lock, f"{address.base_url}/ – log: {shown(log_of('web'))} – Ctrl-C stops.")


def worker_argv() -> list[str | Path]:
    """The process that sends messages and runs timed jobs."""
    return [VENV_PYTHON, "manage.py", "work"]


def prepare(env: dict[str, str], what: str) -> None:
    """Database, content and static files in one Django process, because each start costs a second."""
    if not (VAR / "vaern.sqlite3").exists():
        say("Preparing the database and its content …")
    prepare_site = ROOT / "tools" / "prepare_site.py"
    require("prepare", [VENV_PYTHON, prepare_site, what], env, "The site could not be prepared")


@contextmanager
def children(
    lock: TextIO, env: dict[str, str], **commands: Sequence[str | Path]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start all, and stop all whatever happens in between."""
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, argv in commands.items():
            started[name] = start(argv, env, log_of(name), keep=[lock.fileno()])
        yield started
    finally:
        stop(*started.values())


def serve(address: Address, running: dict[str, subprocess.Popen[bytes]], lock: TextIO, welcome: str) -> int:
    """Wait for /healthz, greet, and stay until a signal (0) or a child's death (1)."""
    asked_to_stop = False

    def remember(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    # From here a signal is the normal way to end; a second Ctrl-C must not cut the stopping short.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, remember)
    deadline = time.monotonic() + START_SECONDS
    greeted = False
    while not asked_to_stop:
        for name, process in running.items():
            if process.poll() is not None:
                complain(obituary(name, process.returncode))
                return 1
        if not greeted and is_healthy(address):
            greeted = True
            lock.write(address.base_url + "/")
            lock.flush()
            say(welcome)
        if not greeted and time.monotonic() > deadline:
            complain(f"The site did not answer within {START_SECONDS} seconds. Log: {shown(log_of('web'))}")
            return 1
        time.sleep(0.2)
    say("\nStopping …")
    return 0


def obituary(name: str, code: int) -> str:
    """Which child ended, how, and where its log is."""
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended by itself (exit code {code})"
    last = cause_in(log_of(name))
    return f"The {name} process {how}; the rest is stopped too. Last: {last} Log: {shown(log_of(name))}"


def is_healthy(address: Address) -> bool:
    """Whether /healthz answers 200. Not urllib: a proxy in the environment has no business between us."""
    connection = http.client.HTTPConnection(address.for_browser, address.port, timeout=3)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def reset_demo() -> int:
    """Remove the demo's database, so that the next demo begins anew; never under a running site."""
    if os.environ.get("DATABASE_URL"):
        raise DevError(
            f"DATABASE_URL is set, and demo-reset only removes {shown(DATABASE)}; "
            "unset it, or empty that database yourself."
        )
    with only_one():
        gone = [path for path in (DATABASE, *(Path(f"{DATABASE}{end}") for end in ("-wal", "-shm"))) if path.exists()]
        for path in gone:
            path.unlink()
    say("The demo's data is removed; make demo begins anew." if gone else "There was no demo data to remove.")
    return 0
