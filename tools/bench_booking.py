"""How many bookings a second: the verb and the page, beside what the database and a bare view can do, in one run.

usage: make bench-booking [ARGS="--seconds 6 --quick"]     PostgreSQL with fsync on, then SQLite; nothing of it stays
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pg_temp
from dev_common import ROOT, VENV_PYTHON, say
from processes import die_with_parent

BENCH = ROOT / "tools" / "booking_bench"
CLIENTS = 32
# What the city's own data would be lost by: unlike in the tests, a commit is on disk when it is answered.
ON_DISK = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "150"}

POST = """
math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) %% 100000)
local function hex(n)
  local t = {}
  for i = 1, n do t[i] = string.format("%%x", math.random(0, 15)) end
  return table.concat(t)
end
local threads = {}
setup = function(thread) table.insert(threads, thread) end
init = function() redirects = 0 end
response = function(status) if status == 302 then redirects = redirects + 1 end end
done = function(summary)
  local all = 0
  for _, thread in ipairs(threads) do all = all + thread:get("redirects") end
  print(string.format("answered %%d of them redirects %%d in %%f s", summary.requests, all, summary.duration / 1e6))
end
local function word(n)
  local t = {}
  -- No digits: ten of them in a row may be a CPR number, which the form refuses.
  for i = 1, n do t[i] = string.char(math.random(97, 122)) end
  return table.concat(t)
end
request = function()
  local key = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-8" .. hex(3) .. "-" .. hex(12)
  local body = "csrfmiddlewaretoken=%(token)s&%(body)s&key=" .. key .. "&groups-0-label=" .. word(14)
  return wrk.format("POST", "%(path)s", {["Cookie"] = "csrftoken=%(token)s",
    ["Content-Type"] = "application/x-www-form-urlencoded", ["Connection"] = "close"}, body)
end
"""
TOKEN = "abcdefghijklmnopqrstuvwxyz012345"  # noqa: S105 - the visitor's own cookie and field, which must be alike
FORM = (
    "school=unlisted&school_name=Skolen&name=Aase&email=aase%40example.dk&phone=12345678&responsible_name="
    "&responsible_email=&groups-TOTAL_FORMS=1&groups-INITIAL_FORMS=1&groups-0-grade=7&groups-0-pupils=2"
    "&groups-0-adults=1&pupils=2&website=&served="
)


class Bench:
    """One database, prepared, and what is measured on it."""

    def __init__(self, database_url: str, home: Path, seconds: int) -> None:
        self.seconds, self.home = seconds, home
        self.env = os.environ | {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "booking_bench_settings",
            "PYTHONPATH": os.pathsep.join(map(str, (BENCH, ROOT / "site", ROOT))),
            "LOG_LEVEL": "ERROR",
            "CACHE_URL": "locmemcache://",
            # All visitors come from one network and have one address here: it is counted, and nobody is sent away.
            "VAERN_LIMITS": "booking.network=900000000/60,booking.address=900000000/60",
        }
        for words in (["migrate", "-v0"], ["setup_site", "-v0"]):
            subprocess.run([VENV_PYTHON, "manage.py", *words], cwd=ROOT, env=self.env, check=True)
        self.hot = self.child("prepare")

    def child(self, *words: object) -> dict[str, Any]:
        """Run a part that needs Django; return its figures."""
        argv = [VENV_PYTHON, str(BENCH / "booking_bench_child.py"), *map(str, words)]
        done = subprocess.run(argv, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def verb(self, *, spread: int = 1, clients: int = 8) -> dict[str, Any]:
        """Bookings a second through the verb."""
        return self.child("verb", clients, self.seconds, spread)

    def pgbench(self, script: Path, *, spread: int = 1, clients: int = 8) -> float:
        """Transactions a second of the verb's own statements."""
        argv = ["pgbench", "-n", "-f", str(script), "-c", str(clients), "-j", "2", "-T", str(self.seconds)]
        argv += ["-D", f"spread={spread}", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "postgres"]
        done = subprocess.run(argv, check=True, capture_output=True, text=True)
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if found is None or "number of failed transactions: 0 " not in done.stdout:
            raise SystemExit(done.stdout + done.stderr)
        return float(found[1])

    @property
    def port(self) -> str:
        """Where PostgreSQL listens."""
        return self.env["DATABASE_URL"].rsplit(":", 1)[1].split("/")[0]

    @contextmanager
    def server(self, workers: int) -> Iterator[int]:
        """gunicorn with sync workers; yields its port."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        argv = [VENV_PYTHON, "-m", "gunicorn", "vaern.wsgi", f"--workers={workers}", "--preload"]
        argv += [f"--bind=fd://{listener.fileno()}", "--no-control-socket", "--backlog=512"]
        process = subprocess.Popen(
            argv,
            cwd=ROOT,
            env=self.env,
            pass_fds=[listener.fileno()],
            preexec_fn=die_with_parent(),  # noqa: PLW1509
        )
        try:
            yield int(listener.getsockname()[1])
        finally:
            process.terminate()
            process.wait(20)
            listener.close()

    def http(self, port: int, path: str) -> dict[str, float]:
        """Redirects a second for 32 clients' posts, the 99th percentile, errors, and what was booked meanwhile.

        A few more are booked than answered: those that are under way when the clients stop.
        """
        lua = self.home / "post.lua"
        lua.write_text(POST % {"token": TOKEN, "body": FORM + quote(self.hot["served"]), "path": path})
        before = self.child("count")["bookings"]
        argv = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{self.seconds}s", "--timeout", "30s", "--latency", "-s", str(lua)]
        done = subprocess.run([*argv, f"http://127.0.0.1:{port}"], check=True, capture_output=True, text=True)
        told = re.search(r"answered (\d+) of them redirects (\d+) in ([\d.]+) s", done.stdout)
        p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
        if told is None or p99 is None:
            raise SystemExit(done.stdout + done.stderr)
        unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
        answered, redirects = int(told[1]), int(told[2])
        return {
            "rate": redirects / float(told[3]),
            "p99_ms": float(p99[1]) * unit,
            "5xx": float(bad[1]) if bad else 0.0,
            "redirects": redirects / answered,
            "answered": answered,
            "booked": self.child("count")["bookings"] - before,
        }


def tell(what: str, rate: float, p99: float | None = None, beside: float | None = None, more: str = "") -> None:
    """One line of the table: rate, 99th percentile, ratio to the yardstick."""
    ratio = f"{rate / beside:6.0%}" if beside else "      "
    say(f"{what:<58} {rate:8.0f}/s  {f'{p99:6.0f} ms' if p99 else '         '} {ratio} {more}")


def booked_of(found: dict[str, float]) -> str:
    """Say whether each answer was a booking: at most as many more were booked as were under way at the end."""
    under_way = found["booked"] - found["answered"]
    right = found["redirects"] == 1.0 and 0 <= under_way <= 2 * CLIENTS
    told = f"{found['redirects']:.1%} of {found['answered']:.0f} answers booked, {under_way:+.0f} under way at the end"
    return told if right else f"{told}: WRONG"


def on_postgres(home: Path, seconds: int, quick: bool) -> None:
    """All figures on PostgreSQL."""
    pg_temp.OPTIONS.update(ON_DISK)
    with pg_temp.postgres() as url:
        bench = Bench(url, home, seconds)
        script = home / "booking.sql"
        made = bench.child("script", script)
        say(f"PostgreSQL, fsync on; one booking is {made['statements']} statements")
        for name, spread in (("hot: one session", 1), ("spread: a hundred sessions", 100)):
            floor = bench.pgbench(script, spread=spread)
            tell(f"pgbench, the verb's statements, 8 clients, {name}", floor)
            verb = bench.verb(spread=spread)
            tell(f"the verb, 8 processes, {name}", verb["rate"], verb["p99_ms"], floor)
        rates = {}
        for workers in (2, 4):
            with bench.server(workers) as port:
                warm(port, f"/bare/{bench.hot['pk']}/")
                bare = bench.http(port, f"/bare/{bench.hot['pk']}/")
                tell(f"bare row lock with a form, {workers} workers, {CLIENTS} clients", bare["rate"], bare["p99_ms"])
                found = bench.http(port, f"/bestil/{bench.hot['hot']}/")
                told = booked_of(found)
                name = f"the booking page, {workers} workers, {CLIENTS} clients"
                tell(name, found["rate"], found["p99_ms"], bare["rate"], told)
                rates[workers] = found["rate"]
        say(f"four workers against two: {rates[4] / rates[2]:.0%}")
        if quick:
            return
        few = bench.verb(clients=2)
        tell("the verb, 2 processes, hot, as it stands", few["rate"], few["p99_ms"])
        for bookings, messages in ((100_000, 0), (100_000, 100_000)):
            have = bench.child("fill", bookings, messages)
            many = bench.verb(clients=2)
            name = f"  with {have['bookings']:,} bookings, {have['messages']:,} messages"
            tell(name, many["rate"], many["p99_ms"], few["rate"])


def on_sqlite(home: Path, seconds: int) -> None:
    """32 clients on SQLite: slower, and no 5xx."""
    bench = Bench(f"sqlite:///{home / 'bench.sqlite3'}", home, seconds)
    with bench.server(2) as port:
        warm(port, f"/bare/{bench.hot['pk']}/")
        found = bench.http(port, f"/bestil/{bench.hot['hot']}/")
        told = f"{found['5xx']:.0f} errors, {booked_of(found)}"
        tell(f"SQLite: the booking page, 2 workers, {CLIENTS} clients", found["rate"], found["p99_ms"], None, told)


def warm(port: int, path: str) -> None:
    """Wait until it answers."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            if connection.recv(12):
                return


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--quick", action="store_true", help="leave out the 100,000 bookings and messages")
    options = parser.parse_args()
    missing = [tool for tool in ("wrk", "pgbench") if shutil.which(tool) is None]
    if missing:
        say(f"Not installed: {', '.join(missing)} (apt install wrk postgresql-contrib).")
        return 1
    home = Path(tempfile.mkdtemp(prefix="vaern-bench."))
    try:
        on_postgres(home, options.seconds, options.quick)
        on_sqlite(home, options.seconds)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
