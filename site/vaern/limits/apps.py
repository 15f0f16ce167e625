"""How often one network or one address may knock at a door, counted in the database so that all processes share it."""

from importlib import import_module

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """The ground: knows nobody above it."""

    name = "vaern.limits"
    label = "limits"

    def ready(self) -> None:
        """Check the settings when the site starts."""
        import_module("vaern.limits.checks")
