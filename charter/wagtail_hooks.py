"""Hooks into the Wagtail admin."""

from __future__ import annotations

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from charter.admin.policies import PartnerPolicy, TextPolicy
from charter.admin.viewsets import CharterGroup
from charter.models import Agreement, CharterText, Partner, Signatory
from vaern.cms.staff import KeepingPolicy

register_permission_policy(Partner, PartnerPolicy(Partner))
register_permission_policy(Signatory, KeepingPolicy(Signatory))
register_permission_policy(Agreement, KeepingPolicy(Agreement))
register_permission_policy(CharterText, TextPolicy(CharterText))


@hooks.register("register_admin_viewset")
def charter_screens() -> CharterGroup:
    """Put the charter into the menu."""
    return CharterGroup()
