"""End the offers that have run out, and promote the next in line. The worker does it every minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.domain.offers import expire_offers, move_lines


class Command(BaseCommand):
    """Thin wrapper of the verbs."""

    help = "End offers that have run out and give the places to the next on the waiting list."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many sessions were touched."""
        now = timezone.now()
        self.stdout.write(f"{expire_offers(now=now) + move_lines(now=now)} sessions")
