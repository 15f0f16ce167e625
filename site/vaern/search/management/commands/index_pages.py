"""Index every page anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from vaern.search.domain import rebuild


class Command(BaseCommand):
    """`manage.py index_pages`: after an update of an installation that has pages already; the worker does it daily."""

    help = "Index every page for the search."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many."""
        self.stdout.write(f"{rebuild()} pages indexed.")
