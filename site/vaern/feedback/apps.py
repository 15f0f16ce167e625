""" "Was this page useful?": answers of readers, without anything about the reader."""

from importlib import import_module

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Above pages, below the products."""

    name = "vaern.feedback"
    label = "feedback"

    def ready(self) -> None:
        """Make the timed job and the panel known."""
        for module in ("jobs", "dashboard"):
            import_module(f"vaern.feedback.{module}")
