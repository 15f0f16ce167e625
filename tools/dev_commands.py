"""The subcommands of dev.py and how each ends: an exit code and at most one sentence, never a traceback."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from functools import partial

import demo
import locks
import suites
from checks import run_checks
from dev_common import DevError, complain, sentence_for
from install import LOCKS, set_up
from processes import Stopped, turn_signals_into_exceptions
from update_messages import update_messages

INTERRUPTED = 130


def only_set_up(lock: str) -> int:
    """Set-up alone."""
    set_up(lock)
    return 0


COMMANDS: dict[str, tuple[str, Callable[[], int]]] = {
    "demo": ("set up what is missing and run the demo", demo.run_demo),
    "demo-reset": ("remove the demo's data", demo.reset_demo),
    "run": ("run the developer's server and the worker", demo.run_developer_server),
    "test": ("the fast suite on SQLite", suites.test),
    "test-pg": ("the whole suite on a throw-away PostgreSQL", suites.test_postgres),
    "e2e": ("the browser tests on a throw-away PostgreSQL", suites.test_browser),
    "test-all": ("all suites and all checks", suites.test_all),
    "check": ("linters, types, imports, migrations, translations, locks, wheel", run_checks),
    "bench-pages": ("requests a second of the main pages", suites.bench_pages),
    "messages": ("bring the translation catalogues up to date", update_messages),
    "lock": ("write the lock files anew", locks.write_locks),
}


def parse(argv: Sequence[str]) -> Callable[[], int]:
    """The wanted command, ready to run."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Set-up, demo, tests and checks of Værn.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (text, _) in COMMANDS.items():
        commands.add_parser(name, help=text)
    installer = commands.add_parser("setup", help="virtual environment, packages, assets, messages")
    installer.add_argument("lock", nargs="?", choices=LOCKS, default="dev")
    options = parser.parse_args(argv)
    if options.command == "setup":
        return partial(only_set_up, options.lock)
    return COMMANDS[options.command][1]


def main(argv: Sequence[str]) -> int:
    """Run a subcommand and translate every foreseen failure."""
    for stream in (sys.stdout, sys.stderr):  # a terminal without UTF-8 gets question marks, not a traceback
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    command = parse(argv)
    turn_signals_into_exceptions()
    try:
        return command()
    except DevError as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(sentence_for(error))
        return 1
    except (KeyboardInterrupt, Stopped):
        complain("Stopped.")
        return INTERRUPTED
