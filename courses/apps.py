"""The workshop catalogue (domain.md §2)."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Does not know bookings: a workshop's dates come to its page by a template tag of theirs."""

    name = "courses"
