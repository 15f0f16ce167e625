"""Guidance for those who worry, and the preparedness plan (domain.md §8: phone numbers, never forms)."""

from importlib import import_module

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """Does not know courses, materials, charter or bookings."""

    name = "vaern.guidance"
    label = "guidance"

    def ready(self) -> None:
        """Register the messages, the timed jobs and the panels."""
        import_module("vaern.guidance.plans.mails")
        import_module("vaern.guidance.plans.jobs")
        import_module("vaern.guidance.mails")
        import_module("vaern.guidance.jobs")
        import_module("vaern.guidance.dashboard")
