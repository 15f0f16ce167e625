"""The charter: texts, partners, signatures, terms (domain.md §6)."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CharterConfig(AppConfig):
    """Beside courses and materials, below bookings."""

    name = "charter"
    verbose_name = _("The charter")

    def ready(self) -> None:
        """Make this app's messages and timed jobs known to the worker."""
        import_module("charter.mails")
        import_module("charter.mailsamples").register()
        import_module("charter.jobs")
