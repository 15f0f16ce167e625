"""The preparedness plan (beredskabsplan) and its chapters."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField

from vaern.pages.blocks.text import BodyBlock
from vaern.pages.models import BasePage


class PlanPage(BasePage):
    """The plan: its chapters are the pages below it, in their order."""

    needs_two_approvals = True
    asks_feedback = True
    max_count_per_parent = 1
    page_description = _("The preparedness plan. Its chapters are the pages below it. Published by two approvals.")

    template = "guidance/plan.html"
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["guidance.ChapterPage"]
    content_panels: ClassVar = [
        HelpPanel(template="guidance/admin/plan_panel.html", heading=_("Versions and adoption")),
        *BasePage.content_panels,
    ]

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Find the chapter by one query instead of Wagtail's three."""
        if path_components:
            slug, *rest = path_components
            chapter = ChapterPage.objects.child_of(self).filter(slug=slug).select_related("locale").first()
            if chapter is not None:
                chapter._cached_parent_obj = self
                return chapter.route(request, rest)
        return super().route(request, path_components)

    class Meta:
        verbose_name = _("preparedness plan")
        verbose_name_plural = _("preparedness plans")


class ChapterPage(BasePage):
    """A chapter of the plan: sections with addresses of their own, and action cards below it."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    needs_two_approvals = True
    asks_feedback = True
    page_description = _("A chapter of the preparedness plan. Published by two approvals.")

    template = "guidance/chapter.html"
    parent_page_types: ClassVar = ["guidance.PlanPage"]
    subpage_types: ClassVar = ["guidance.ActionCardPage"]
    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
