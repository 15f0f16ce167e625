"""Action cards: what to do now, and whom to call."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from vaern.guidance.blocks import GuidanceBlock
from vaern.pages.models import BasePage


class ActionCardPage(BasePage):
    """One situation on one page; it is part of a chapter of the plan, and "Er du bekymret?" leads to it."""

    body = StreamField(GuidanceBlock(), verbose_name=_("content"), blank=True)

    needs_two_approvals = True
    page_description = _("What to do in one situation, on one page, and whom to call. Published by two approvals.")

    template = "guidance/card.html"
    parent_page_types: ClassVar = ["guidance.ChapterPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("action card")
        verbose_name_plural = _("action cards")
