"""Requests a second of the main pages, from the page cache and made anew, beside the same bytes from memory.

usage: make bench-pages            (BENCH_SECONDS=8 for longer runs; needs wrk: apt install wrk)

One throw-away PostgreSQL with the demo's content, two gunicorns of two sync workers with the same code, one of them
without the page cache. A page's three runs follow each other, so that the machine is the same to them; only the ratios
mean anything on another machine.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOOLS))

from dev_common import ROOT, VENV_PYTHON, DevError, environment, say  # noqa: E402
from pg_temp import postgres  # noqa: E402
from processes import require, start, stop  # noqa: E402

RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)")
CONNECTIONS = 8
GOALS = {"cached": 0.40, "uncached": 0.05}
ADDRESSES = """
from django.apps import apps
def first(label, **where):
    try:
        model = apps.get_model(label)
    except LookupError:
        return None
    page = model.objects.live().public().filter(locale__language_code="da", **where).order_by("path").first()
    return page and page.get_url()
KINDS = {"home": "pages.HomePage", "catalogue": "courses.CataloguePage", "workshop": "courses.WorkshopPage",
         "material": "materials.MaterialPage", "chapter": "guidance.ChapterPage"}
for name, label in KINDS.items():
    url = first(label)
    if url:
        print(name, url)
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(env: dict[str, str], name: str) -> Iterator[str]:
    """A gunicorn of two sync workers; yields its address when it answers."""
    port = free_port()
    argv: Sequence[str | Path] = [
        VENV_PYTHON, "-m", "gunicorn", "vaern.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2",
        "--preload", "--no-control-socket",
    ]  # fmt: skip
    process = start(argv, env, ROOT / "var" / "log" / f"bench-{name}.log")
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(base)
        yield base
    finally:
        stop(process)


def wait_for(base: str) -> None:
    """Ask until the server answers, for half a minute at most."""
    deadline = time.monotonic() + 30
    while True:
        try:
            fetch(f"{base}/healthz")
        except OSError as error:
            if time.monotonic() > deadline:
                raise DevError(f"The benchmark's server did not start: {error}") from error
            time.sleep(0.2)
        else:
            return


def fetch(url: str) -> bytes:
    """The page's bytes, uncompressed as wrk gets them."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        content: bytes = answer.read()
        return content


def rate(url: str, seconds: int) -> float:
    """Requests a second that wrk gets; a run with errors is no run."""
    argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    found, bad = RATE.search(said), BAD.search(said)
    if not found or bad:
        raise DevError(f"{url}: {bad[1] if bad else 'no'} answers were errors; see var/log/bench-*.log")
    return float(found[1])


def pages_of(env: dict[str, str]) -> dict[str, str]:
    """The addresses of one page of each kind that the site has."""
    argv = [str(VENV_PYTHON), "manage.py", "shell", "--no-imports", "-c", ADDRESSES]
    done = subprocess.run(argv, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return dict(line.split() for line in done.stdout.splitlines())


def main() -> int:
    """Measure and print the table; 1 when a goal of issue 3 is missed."""
    if shutil.which("wrk") is None:
        raise DevError("The benchmark needs wrk: apt install wrk")
    seconds = int(os.environ.get("BENCH_SECONDS", "5"))
    with postgres() as url, tempfile.TemporaryDirectory(prefix="vaern-bench.") as folder:
        paths = {"PYTHONPATH": os.pathsep.join(map(str, (TOOLS / "bench", ROOT / "site", ROOT)))}
        env = (
            environment(
                DATABASE_URL=url,
                DJANGO_SETTINGS_MODULE="bench_settings",
                BENCH_PAGES=folder,
                LOG_LEVEL="WARNING",
                DEBUG="",
            )
            | paths
        )
        say("Loading the demo's content into a throw-away PostgreSQL …")
        for command in (("migrate", "--verbosity=0"), ("load_demo", "--verbosity=0"), ("collectstatic", "--noinput")):
            require(f"bench-{command[0]}", [VENV_PYTHON, "manage.py", *command], env, f"{command[0]} failed")
        addresses = pages_of(env)
        with server(env | {"PAGE_CACHE": "off"}, "plain") as base:
            for name, address in addresses.items():
                Path(folder, f"{name}.html").write_bytes(fetch(base + address))
        with server(env, "cached") as cached, server(env | {"PAGE_CACHE": "off"}, "uncached") as uncached:
            return report(addresses, cached, uncached, seconds)


def report(addresses: dict[str, str], cached: str, uncached: str, seconds: int) -> int:
    """Print a line a page: requests a second and the ratio to the same bytes from memory."""
    say(f"\n{'page':<12}{'memory/s':>10}{'cached/s':>10}{'ratio':>8}{'uncached/s':>12}{'ratio':>8}")
    missed = False
    for name, address in addresses.items():
        for base in (cached, uncached):
            fetch(base + address)
        memory = rate(f"{cached}/bench/{name}/", seconds)
        kept, made = rate(cached + address, seconds), rate(uncached + address, seconds)
        say(f"{name:<12}{memory:>10.0f}{kept:>10.0f}{kept / memory:>8.0%}{made:>12.0f}{made / memory:>8.1%}")
        missed = missed or kept / memory < GOALS["cached"] or made / memory < GOALS["uncached"]
    say(
        f"Goals: cached at least {GOALS['cached']:.0%}, uncached at least {GOALS['uncached']:.0%} of memory: "
        + ("MISSED" if missed else "met")
    )
    return int(missed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevError as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
