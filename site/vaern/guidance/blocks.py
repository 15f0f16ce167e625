"""Blocks of guidance pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, DateBlock, ListBlock, RegexBlock, StreamBlock, StructBlock, TextBlock

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


class ContactBlock(StructBlock):
    """Whom to call: number, hours, what happens then, and whether one can be anonymous."""

    name = CharBlock(label=_("Name"), max_length=120)
    phone = RegexBlock(
        regex=r"^[0-9 +]{3,20}$",
        label=_("Phone number"),
        error_messages={"invalid": _("Only digits and spaces.")},
    )
    hours = CharBlock(label=_("Opening hours"), max_length=120, required=False)
    what_happens = TextBlock(label=_("What happens when you call"), max_length=400, required=False)
    anonymous = CharBlock(label=_("Can I be anonymous?"), max_length=200, required=False)
    checked_on = DateBlock(label=_("Last checked"), required=False)

    class Meta:
        template = "guidance/blocks/contact.html"
        icon = "mobile-alt"
        label = _("Contact")


class GuidanceBlock(StreamBlock):
    """What a guidance page consists of."""

    advice = AdviceBlock()
    contact = ContactBlock()
    section = SectionBlock()
