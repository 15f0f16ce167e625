"""What those who took part think of a session: short, anonymous, after the day."""

from importlib import import_module

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Above bookings."""

    name = "vaern.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        """Make messages, the timed job and the way to the form known."""
        import_module("vaern.evaluation.mails")
        import_module("vaern.evaluation.jobs")
        import_module("bookings.afterwards").provide(import_module("vaern.evaluation.queries").path_of)
