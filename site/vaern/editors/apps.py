"""What keeps the site right without a developer: reviews, approvals, remarks, urgent messages, the editors' home."""

from importlib import import_module

from django.apps import AppConfig


class EditorsConfig(AppConfig):
    """Above pages, below the products."""

    name = "vaern.editors"
    label = "editors"

    def ready(self) -> None:
        """Make mails, jobs, panels and the answers to workflows known."""
        for module in ("mails", "jobs", "dashboard", "receivers"):
            import_module(f"vaern.editors.{module}")
