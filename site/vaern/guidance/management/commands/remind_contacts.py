"""Remind those who keep telephone numbers that are to be checked."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from vaern.guidance.jobs import remind_contacts


class Command(BaseCommand):
    """`manage.py remind_contacts`: the timed job of the same name, by hand."""

    help = "Write a mail to those responsible for contacts that were not checked for six months; once a week each."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remind, and say how many were told."""
        self.stdout.write(f"{remind_contacts()} reminded.")
