"""What was changed, by whom and when; one event a change (domain.md I8)."""

from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The ground: knows nobody above it."""

    name = "vaern.audit"
    label = "audit"

    def ready(self) -> None:
        """Follow what is done on Wagtail's own screens."""
        import_module("vaern.audit.watch").connect()
