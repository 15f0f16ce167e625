"""Blocks of running text."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock, StructBlock

RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class SectionBlock(StructBlock):
    """A heading with text below it."""

    heading = CharBlock(label=_("Heading"), max_length=120)
    text = RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES)

    class Meta:
        template = "pages/blocks/section.html"
        icon = "title"
        label = _("Section")


class BodyBlock(StreamBlock):
    """What an article consists of."""

    section = SectionBlock()
