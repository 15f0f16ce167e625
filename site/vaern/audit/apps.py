"""What was changed, by whom and when; one event a change (domain.md I8)."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The ground: knows nobody above it."""

    name = "vaern.audit"
    label = "audit"
