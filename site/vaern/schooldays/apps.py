"""When schools and offices are closed: Danish public holidays, and the city's school holidays as rows."""

from django.apps import AppConfig


class SchooldaysConfig(AppConfig):
    """The ground: knows nobody above it."""

    name = "vaern.schooldays"
    label = "schooldays"
