"""Teaching materials."""

from __future__ import annotations

from django.apps import AppConfig


class MaterialsConfig(AppConfig):
    """Teaching materials and their versions."""

    name = "materials"
