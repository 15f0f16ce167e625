"""Take delivery reports: `manage.py feed_bounces FILE`, or `-` for what a mail server pipes in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vaern.outbox.bounces import feed


class Command(BaseCommand):
    """Marks messages that came back for good; temporary and unknown reports change nothing."""

    help = "Read RFC 3464 delivery reports (one mail or an mbox) and mark the messages that came back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file's name."""
        parser.add_argument("file", help="A mail or an mbox; - reads standard input.")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Feed and say what came of it."""
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        fed = feed(raw)
        self.stdout.write(f"{fed.bounced} marked, {fed.ignored} passed over, {fed.unreadable} not a report of ours.")
