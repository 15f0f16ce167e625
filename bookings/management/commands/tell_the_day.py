"""Put the coordinators' overview of the day into the outbox."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bookings.jobs import tell_the_day


class Command(BaseCommand):
    """`manage.py digest`: the timed job of the same name, by hand. Doing it twice tells nobody twice."""

    help = "Put the coordinators' overview of the day into the outbox."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many messages there are."""
        self.stdout.write(f"{tell_the_day()} messages.")
