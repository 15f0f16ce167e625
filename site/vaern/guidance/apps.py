"""Guidance for those who worry; the preparedness plan comes here (domain.md §8: phone numbers, never forms)."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """Does not know courses, materials, charter or bookings."""

    name = "vaern.guidance"
    label = "guidance"
