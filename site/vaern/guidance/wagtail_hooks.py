"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from vaern.cms.staff import KeepingPolicy
from vaern.guidance.admin import GuidanceGroup
from vaern.guidance.models import ActionCardPage, Contact, PlanPage, PlanVersion, Situation
from vaern.guidance.permissions import PROPOSE, VIEW
from vaern.guidance.plans.admin import PlanVersionViewSet, VersionPolicy
from vaern.guidance.rules import CHARACTERS_A_SHEET

for model in (Contact, Situation):
    register_permission_policy(model, KeepingPolicy(model))
register_snippet(GuidanceGroup)
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


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def one_sheet_of_paper(request: HttpRequest, page: Page) -> None:
    """Warn an editor whose card runs over its sheet; it is saved all the same."""
    if isinstance(page, ActionCardPage) and page.length > CHARACTERS_A_SHEET:
        text = _("The card is long (%(length)s characters) and may not fit on one sheet of paper. Look at it in print.")
        messages.warning(request, text % {"length": page.length})
