"""Messages: written with the change they tell about, sent by the worker (domain.md §7)."""

from importlib import import_module

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The ground: knows nobody above it; kinds of messages are registered by the apps that write them."""

    name = "vaern.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Register the timed jobs of the ground."""
        import_module("vaern.outbox.jobs")
