"""What comes in by files and what goes out as files."""

from importlib import import_module

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Above bookings and goals, whose verbs it calls and whose rows it reads."""

    name = "vaern.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Make this app's timed jobs known to the worker."""
        import_module("vaern.exchange.jobs")
