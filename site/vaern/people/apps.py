"""Organisations, users, roles and sign-in (domain.md §1)."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The ground: knows nobody above it."""

    name = "vaern.people"
    label = "people"

    def ready(self) -> None:
        """Make the messages of sign-in known to the outbox."""
        import_module("vaern.people.mails")
