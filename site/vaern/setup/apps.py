"""What a new installation needs before anybody can work: roles, reference data, the first pages."""

from django.apps import AppConfig


class SetupConfig(AppConfig):
    """Above the products, since it writes the first rows of each."""

    name = "vaern.setup"
    label = "setup"
