#!/usr/bin/env python3
"""A throw-away PostgreSQL for a test run: made in a temporary folder and gone afterwards.

The server refuses to run as root, so root hands it to the user postgres (else nobody). It runs as our child
and not as a daemon: if we are killed outright, Linux stops it too.

usage: pg_temp.py [-p PORT] -- COMMAND ...     COMMAND gets DATABASE_URL, PGHOST, PGPORT and PGUSER
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from dev_common import DevError
from processes import Stopped, die_with_parent, turn_signals_into_exceptions

START_SECONDS = 60
# Nothing of a test database must survive a power cut; everything of it should be fast.
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",  # two test processes at once, each with a server and racers of 51 connections
}


class AsUser(TypedDict, total=False):
    """The part of subprocess's arguments that changes user."""

    user: int
    group: int
    extra_groups: list[int]


def programs() -> Path:
    """Where initdb and postgres lie: PG_BIN, Debian's folders, PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    named = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    for folder in [*named, *debian, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise DevError("PostgreSQL is not installed: apt install postgresql, or set PG_BIN to the folder with initdb.")


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged() -> AsUser:
    """Whom the server runs as when we are root; nothing to change otherwise."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise DevError("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody.")


@contextmanager
def postgres(port: int | None = None) -> Iterator[str]:
    """A running server; yields its DATABASE_URL."""
    folder = programs()
    who = unprivileged()
    home = Path(tempfile.mkdtemp(prefix="vaern-pg."))
    number = port or free_port()
    try:
        if who:
            os.chown(home, who["user"], who["group"])
        initialise(folder, home, who)
        with serving(folder, home, who, number):
            yield f"postgres://postgres@127.0.0.1:{number}/postgres"
    finally:
        shutil.rmtree(home, ignore_errors=True)


def server_environment() -> dict[str, str]:
    """Fixed locale and time zone: the same server on every machine."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def initialise(folder: Path, home: Path, who: AsUser) -> None:
    """initdb with trust: the server listens on the loopback address only, for one test run."""
    argv = [str(folder / "initdb"), "-D", str(home / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    argv += ["--no-sync", "--locale=C.UTF-8"]
    made = subprocess.run(argv, cwd=home, env=server_environment(), capture_output=True, text=True, check=False, **who)
    if made.returncode != 0:
        raise DevError(f"initdb failed: {(made.stderr or made.stdout).strip().splitlines()[-1:]}")


@contextmanager
def serving(folder: Path, home: Path, who: AsUser, port: int) -> Iterator[None]:
    """The server as our child, ready before the body runs and stopped after it."""
    argv = [str(folder / "postgres"), "-D", str(home / "data"), "-p", str(port), "-k", str(home)]
    for name, value in OPTIONS.items():
        argv += ["-c", f"{name}={value}"]
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            argv,
            cwd=home,
            env=server_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509
            **who,
        )
    try:
        wait_until_ready(folder, server, log, port)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # a fast shutdown: connections are cut
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait()


def wait_until_ready(folder: Path, server: subprocess.Popen[bytes], log: Path, port: int) -> None:
    """Poll pg_isready; a server that ended tells why in its log."""
    ask = [str(folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(ask, check=False, env=server_environment()).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise DevError(f"The temporary PostgreSQL did not start: {log.read_text(errors='replace').strip()[-300:]}")
        time.sleep(0.1)


def main() -> int:
    """Run one command against a server of its own."""
    parser = argparse.ArgumentParser(description="Run a command with a throw-away PostgreSQL.")
    parser.add_argument("-p", "--port", type=int)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("no command given")
    turn_signals_into_exceptions()
    try:
        with postgres(options.port) as url:
            number = url.rsplit(":", 1)[1].split("/")[0]
            extra = {"DATABASE_URL": url, "PGHOST": "127.0.0.1", "PGPORT": number, "PGUSER": "postgres"}
            tie = die_with_parent()
            return subprocess.run(command, env=os.environ | extra, check=False, preexec_fn=tie).returncode
    except DevError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, Stopped):
        return 130


if __name__ == "__main__":
    sys.exit(main())
