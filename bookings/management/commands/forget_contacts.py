"""Forget the persons of bookings, requests for visits and calendar feeds whose time has passed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bookings.domain.retention import forget_contacts


class Command(BaseCommand):
    """`manage.py forget_contacts [--dry-run]`: the timed job of the same name, by hand."""

    help = "Forget who booked, took part or asked for a visit when its time has passed (domain.md §9)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="Count them and write nothing.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Forget, and say of how many rows it was or would be."""
        forgotten = forget_contacts(now=timezone.now(), dry_run=dry_run)
        said = ", ".join(f"{number} {name}" for name, number in forgotten._asdict().items())
        self.stdout.write(f"{'Dry run, nothing written: ' if dry_run else ''}forgotten: {said}.")
