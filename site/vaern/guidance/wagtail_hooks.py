"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from vaern.cms.staff import KeepingPolicy
from vaern.guidance.admin import GuidanceGroup
from vaern.guidance.models import ActionCardPage, Contact, Situation
from vaern.guidance.rules import CHARACTERS_A_SHEET

for model in (Contact, Situation):
    register_permission_policy(model, KeepingPolicy(model))
register_snippet(GuidanceGroup)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def one_sheet_of_paper(request: HttpRequest, page: Page) -> None:
    """Warn an editor whose card runs over its sheet; it is saved all the same."""
    if isinstance(page, ActionCardPage) and page.length > CHARACTERS_A_SHEET:
        text = _("The card is long (%(length)s characters) and may not fit on one sheet of paper. Look at it in print.")
        messages.warning(request, text % {"length": page.length})
