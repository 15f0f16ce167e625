"""The coordinator's workspace."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    """Above bookings and guidance, which it shows; nobody imports it."""

    name = "vaern.workspace"
    verbose_name = _("Workspace")

    def ready(self) -> None:
        """Make the message by hand known to the worker, and the panels to the admin's home page."""
        import_module("vaern.workspace.mails")
        import_module("vaern.workspace.dashboard")
