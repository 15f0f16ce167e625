"""The test suites: fast on SQLite, whole on PostgreSQL, in a browser, and all of them with the checks."""

from __future__ import annotations

import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from checks import run_checks
from dev_common import ROOT, VENV_PYTHON, DevError, complain, environment, say
from install import set_up
from pg_temp import postgres
from processes import run_attached

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chromium-headless-shell",
)
NO_TESTS = 5  # pytest's exit code when nothing was collected: a failure, a suite must not vanish


def pytest(*words: str, **extra: str) -> int:
    """Run pytest on the terminal, with what the caller put into ARGS."""
    env = environment(**extra)
    if "DATABASE_URL" not in extra:  # the suite chooses its database, not the caller's shell
        env.pop("DATABASE_URL", None)
    return run_attached([VENV_PYTHON, "-m", "pytest", *words, *shlex.split(os.environ.get("ARGS", ""))], env)


# Two processes, each with a database; tests that flush it run as one group at the end (tests/conftest.py).
IN_PARALLEL = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder")


def test() -> int:
    """The fast suite on SQLite; the browser tests need a process and packages of their own."""
    set_up("dev")
    return pytest("--ignore=tests/e2e", *IN_PARALLEL)


def test_postgres() -> int:
    """The whole suite but the browser tests, on a throw-away PostgreSQL."""
    set_up("dev")
    with postgres() as url:
        return pytest("--ignore=tests/e2e", *IN_PARALLEL, DATABASE_URL=url)


def test_browser() -> int:
    """The browser tests on a throw-away PostgreSQL; where Chromium is, a skipped test is a failure."""
    set_up("e2e")
    extra = {"REQUIRE_E2E": "1"} if os.environ.get("CHROMIUM_PATH") or any(map(shutil.which, BROWSERS)) else {}
    if not extra and os.environ.get("REQUIRE_E2E") != "1":
        say("No Chromium here: the browser tests will be skipped (apt install chromium).")
    with postgres() as url:
        return pytest("tests/e2e", DATABASE_URL=url, **extra)


def bench_pages() -> int:
    """The benchmark of the public pages; see tools/bench/pages.py."""
    set_up("base")
    return run_attached([VENV_PYTHON, ROOT / "tools" / "bench" / "pages.py"], environment())


def test_all() -> int:
    """Every part runs, also after a failure; the exit code is 1 when any failed."""
    set_up("e2e")
    parts: dict[str, Callable[[], int]] = {
        "fast suite, SQLite": test,
        "whole suite, PostgreSQL": test_postgres,
        "browser suite": test_browser,
        "checks": run_checks,
    }
    codes = {}
    for name, part in parts.items():
        with timed(name):
            try:
                codes[name] = part()
            except DevError as error:
                complain(str(error))
                codes[name] = 1
    for name, code in codes.items():
        say(f"{name:<26} {'OK' if code == 0 else f'FAILED ({code})'}")
    return int(any(codes.values()))


@contextmanager
def timed(name: str) -> Iterator[None]:
    """A heading and how long it took."""
    say(f"\n== {name} ==")
    began = time.monotonic()
    yield
    say(f"== {name}: {time.monotonic() - began:.0f} s ==")
