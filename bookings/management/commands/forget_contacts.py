"""Forget the contacts of sessions that ended more than a year ago."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bookings.domain.retention import forget_contacts


class Command(BaseCommand):
    """`manage.py forget_contacts [--dry-run]`: the timed job of the same name, by hand."""

    help = "Empty the contact fields of bookings whose session ended more than 365 days ago (domain.md §9)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="Count them and write nothing.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Forget, and say how many bookings it was or would be."""
        number = forget_contacts(now=timezone.now(), dry_run=dry_run)
        self.stdout.write(f"{'Dry run, nothing written: ' if dry_run else ''}contacts of {number} bookings forgotten.")
