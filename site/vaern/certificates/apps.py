"""Certificates of attendance: made once, kept as they were made, and verified by anyone who has the code."""

from importlib import import_module

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Above bookings."""

    name = "vaern.certificates"
    label = "certificates"

    def ready(self) -> None:
        """Make the timed jobs known."""
        import_module("vaern.certificates.jobs")
