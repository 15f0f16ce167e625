"""Translations."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    """Which translations are behind."""

    name = "vaern.translations"
    verbose_name = _("translations")

    def ready(self) -> None:
        """Make the panel known."""
        import_module("vaern.translations.dashboard")
