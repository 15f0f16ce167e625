"""Home, sections and articles; navigation and the frame of every page."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The ground of publishing: knows nobody above it."""

    name = "vaern.pages"
    label = "pages"
