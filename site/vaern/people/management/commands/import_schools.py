"""Import schools from a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from vaern.people.domain import import_schools
from vaern.people.models import SchoolGroup
from vaern.people.schoolfile import MAX_BYTES, UnreadableFile, read_schools


class Command(BaseCommand):
    """`manage.py import_schools FILE [--dry-run]`."""

    help = (
        "Import schools from a CSV file with `;`: our own columns (institutionsnummer;navn;…) or the national "
        "register's as downloaded. Nothing is written when a row is bad; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and --dry-run."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would change and write nothing.")

    def handle(self, *args: Any, file: Path, dry_run: bool, verbosity: int, **options: Any) -> None:
        """Read, report bad rows by their line, and write all or nothing."""
        known_types = set(SchoolGroup.objects.values_list("institution_type", flat=True))
        if not known_types:
            raise CommandError("The table of school types is empty: run `manage.py setup_site` first.")
        try:
            if file.stat().st_size > MAX_BYTES:
                raise UnreadableFile("The file is larger than 20 MB, which no list of schools is.")
            with translation.override("en"):  # as the command's own words
                reading = read_schools(file.read_bytes(), known_types=known_types)
        except (UnreadableFile, OSError) as error:
            raise CommandError(str(error)) from error
        for bad in reading.bad:
            self.stderr.write(f"Line {bad.line}: {bad.why}.")
        if reading.bad:
            raise CommandError(f"{len(reading.bad)} bad rows. Nothing was written.")
        done = import_schools(rows=reading.rows, dry_run=dry_run)
        if verbosity > 1 or dry_run:
            for change in done.changes:
                self.stdout.write(change)
        passed = f", {reading.passed_over} rows of others passed over" if reading.passed_over else ""
        would = "Dry run, nothing written: " if dry_run else ""
        self.stdout.write(
            f"{would}{done.created} schools new, {done.changed} changed, {done.unchanged} unchanged{passed}."
        )
