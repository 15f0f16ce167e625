"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from vaern.audit.models import AuditEvent
from vaern.audit.screen import AuditViewSet
from vaern.cms.staff import ReadOnlyPolicy

register_permission_policy(AuditEvent, ReadOnlyPolicy(AuditEvent))


@hooks.register("register_admin_viewset")
def audit_log() -> AuditViewSet:
    """Put the log into the menu of those who may read it."""
    return AuditViewSet()
