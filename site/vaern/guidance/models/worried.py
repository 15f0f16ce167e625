"""The page "Er du bekymret?": numbers to call and what to do now. It has no form and asks for nothing."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from vaern.guidance.blocks import GuidanceBlock
from vaern.pages.models import BasePage


class WorriedPage(BasePage):
    """The constant link in the header leads here; the navigation finds it by this type."""

    body = StreamField(GuidanceBlock(), verbose_name=_("content"), blank=True)

    max_count_per_parent = 1
    page_description = _("“Are you worried?”: whom to call and what to do now. The link in the header leads here.")

    template = "guidance/worried.html"
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("worried page")
        verbose_name_plural = _("worried pages")
