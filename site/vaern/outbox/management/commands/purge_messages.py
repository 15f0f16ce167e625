"""Delete messages that ended more than 30 days ago."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from vaern.outbox.jobs import purge_messages


class Command(BaseCommand):
    """`manage.py purge_messages`: the timed job of the same name, by hand."""

    help = "Delete messages that ended more than 30 days ago (domain.md §9)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge and say how many rows went."""
        self.stdout.write(f"{purge_messages()} messages deleted.")
