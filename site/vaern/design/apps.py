"""The app that holds the design layer; it has no models."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "vaern.design"
    label = "design"
    verbose_name = "Design"
