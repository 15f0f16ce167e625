"""What only a demo has: its content and a mailbox that shows what was sent. Not installed in production."""

from importlib import import_module

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """At the top: may import everything, and nothing imports it."""

    name = "vaern.demo"
    label = "demo"

    def ready(self) -> None:
        """Load the system check that keeps the demo out of production."""
        import_module("vaern.demo.checks")
