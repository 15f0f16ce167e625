"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from typing import ClassVar

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from vaern.certificates.admin import CertificatePolicy, CertificatesGroup
from vaern.certificates.models import Certificate, CertificateSettings
from vaern.cms.staff import KeepingPolicy


class SettingsPolicy(KeepingPolicy):
    """There is one row for good."""

    denied: ClassVar = frozenset({"add", "delete"})


register_permission_policy(Certificate, CertificatePolicy(Certificate))
register_permission_policy(CertificateSettings, SettingsPolicy(CertificateSettings))


@hooks.register("register_admin_viewset")
def certificates() -> CertificatesGroup:
    """Put certificates into the menu."""
    return CertificatesGroup()
