"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy

from vaern.guidance.models import PlanPage, PlanVersion
from vaern.guidance.permissions import PROPOSE, VIEW
from vaern.guidance.plans.admin import PlanVersionViewSet, VersionPolicy

register_permission_policy(PlanVersion, VersionPolicy(PlanVersion))


@hooks.register("register_admin_viewset")
def plan_versions() -> PlanVersionViewSet:
    """Put the plan's versions into the menu."""
    return PlanVersionViewSet()


@hooks.register("register_page_header_buttons")
def plan_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Lead from the plan's page to its versions and to a new proposal."""
    if not isinstance(page.specific_deferred, PlanPage):
        return
    if user.has_perm(VIEW):
        yield Button(_("Versions and adoption"), reverse("staff_plan_versions:index"), icon_name="history", priority=40)
    if user.has_perm(PROPOSE) and page.live:
        url = reverse("staff_plan_versions:propose", args=[page.translation_key])
        yield Button(_("Propose a new version"), url, icon_name="plus", priority=41)
