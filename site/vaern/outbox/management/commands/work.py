"""The worker: sends messages and runs the timed jobs until it is told to stop. Several may run at once."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from vaern.outbox.jobs import run_due
from vaern.outbox.relay import send_batch

log = logging.getLogger("vaern.worker")


class Command(BaseCommand):
    """`manage.py work`: relays the outbox and runs the timed jobs."""

    help = "Send messages and run the timed jobs until stopped (SIGTERM or Ctrl-C)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --once, for cron and for tests, and --poll, in seconds."""
        parser.add_argument("--once", action="store_true", help="Do what is due now, then stop.")
        parser.add_argument("--poll", type=float, default=1.0, help="Seconds between looks at an empty outbox.")

    def handle(self, *args: Any, once: bool, poll: float, **options: Any) -> None:
        """Work until stopped; the message in hand is finished first. A lost database is waited for."""
        stop = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            log.info("worker started")
        while not stop.is_set():
            try:
                run_due()
                while not stop.is_set() and send_batch(stop=stop.is_set):
                    pass
            except Error as error:
                if once:
                    raise
                log.warning("database not reachable", extra={"error": type(error).__name__})
            if once:
                return
            close_old_connections()
            stop.wait(poll)
        log.info("worker stopped")
