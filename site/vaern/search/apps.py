"""Search."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Keeps the index at hand: a page that is saved is indexed in the same transaction."""

    name = "vaern.search"
    verbose_name = _("search")

    def ready(self) -> None:
        """Watch pages being saved, and make the timed jobs and the panel known."""
        import_module("vaern.search.jobs")
        import_module("vaern.search.dashboard")
        import_module("vaern.search.watch").connect()
