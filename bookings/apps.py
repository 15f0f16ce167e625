"""Sessions, bookings, attendance, calendar (domain.md §3, §4)."""

from importlib import import_module

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """Above courses, below goals."""

    name = "bookings"

    def ready(self) -> None:
        """Make this app's messages and timed jobs known to the worker, and its dates to the catalogue."""
        import_module("bookings.mails")
        import_module("bookings.jobs")
        import_module("courses.dates").provide(import_module("bookings.open_dates").OpenDates())
