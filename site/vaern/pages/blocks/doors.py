"""The doors of the home page: one for each audience."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, PageChooserBlock, StreamBlock, StructBlock


class DoorBlock(StructBlock):
    """Who it is for, what they find, and the page it leads to."""

    title = CharBlock(label=_("Title"), max_length=60)
    text = CharBlock(label=_("Text"), max_length=200)
    link_text = CharBlock(label=_("Link text"), max_length=60)
    page = PageChooserBlock(label=_("Page"))

    class Meta:
        template = "pages/blocks/door.html"
        icon = "user"
        label = _("Door")


class DoorsBlock(StreamBlock):
    """Three doors: schools, parents, professionals."""

    door = DoorBlock()

    class Meta:
        max_num = 3
