"""Put due reminders, notes of the day before and thanks into the outbox."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bookings.jobs import remind_bookers


class Command(BaseCommand):
    """`manage.py remind`: the timed job of the same name, by hand. Doing it twice tells nobody twice."""

    help = "Put due reminders, notes of the day before and thanks into the outbox."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say how many messages there are."""
        self.stdout.write(f"{remind_bookers()} messages.")
