"""The yearly goals: reads all, written to by none (domain.md §5)."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Above bookings; nobody below imports it."""

    name = "vaern.goals"
    label = "goals"
