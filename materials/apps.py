"""Teaching materials."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MaterialsConfig(AppConfig):
    """Beside courses: a material names its workshops, and the workshop's page shows it by our template tag."""

    name = "materials"

    def ready(self) -> None:
        """Listen for published pages, and make the timed jobs known to the worker."""
        import_module("materials.publishing")
        import_module("materials.jobs")
