"""Blocks of guidance pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StreamBlock, StructBlock, TextBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from vaern.pages.blocks.text import SectionBlock


class AdviceBlock(StructBlock):
    """A short list under a heading: what to do, or what not to do."""

    heading = CharBlock(label=_("Heading"), max_length=120)
    # Not "items": a template would get the dictionary method of that name.
    points = ListBlock(CharBlock(max_length=300), label=_("Points"))

    class Meta:
        template = "guidance/blocks/advice.html"
        icon = "list-ul"
        label = _("Advice")


class SignsBlock(StructBlock):
    """Signs of concern. The template always says that they are no checklist; there is no way to leave it out."""

    points = ListBlock(CharBlock(max_length=300), label=_("Points"))

    class Meta:
        template = "guidance/blocks/signs.html"
        icon = "view"
        label = _("Signs of concern")


class ContactBlock(SnippetChooserBlock):
    """Whom to call: one of the contacts, whose number is kept and checked in one place."""

    class Meta:
        template = "guidance/blocks/contact.html"
        icon = "mobile-alt"
        label = _("Contact")

    def __init__(self, **kwargs: object) -> None:
        super().__init__("guidance.Contact", **kwargs)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        """Say to migrations what the block is, without naming this class."""
        return "wagtail.snippets.blocks.SnippetChooserBlock", ["guidance.Contact"], {}


class GuidanceSectionBlock(SectionBlock):
    """A section whose heading fits in where a card is part of a longer page."""

    class Meta:
        template = "guidance/blocks/section.html"
        icon = "title"
        label = _("Section")


class GuidanceBlock(StreamBlock):
    """What a guidance page consists of."""

    advice = AdviceBlock()
    contact = ContactBlock()
    signs = SignsBlock()
    section = GuidanceSectionBlock()


class PointsBlock(StreamBlock):
    """Short sentences, in order."""

    point = CharBlock(label=_("Point"), max_length=300, icon="list-ul")


class ContactsBlock(StreamBlock):
    """Whom to call, in order."""

    contact = ContactBlock()


class SituationBlock(StructBlock):
    """A situation from the daily work, and the card that helps."""

    heading = CharBlock(label=_("Heading"), max_length=120)
    text = TextBlock(label=_("What you can do"), max_length=800)
    card = PageChooserBlock(page_type="guidance.ActionCardPage", required=False, label=_("Action card"))

    class Meta:
        icon = "help"
        label = _("Situation")


class SituationsBlock(StreamBlock):
    """Situations, in order."""

    situation = SituationBlock()
