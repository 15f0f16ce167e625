"""From a page's fields to the pieces that the rules look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Page

from vaern.pages.checks.pieces import Kind, Piece

OF_EVERY_PAGE = ("title", "seo_title", "search_description")


def pieces_of(model: type[models.Model], value_of: Callable[[str], Any]) -> list[Piece]:
    """Return the texts of a page in reading order; `value_of` gives a field's value (a form's or a page's)."""
    inherited = {field.name for field in Page._meta.get_fields()}
    own = [
        field
        for field in model._meta.concrete_fields
        if field.name not in inherited and field.editable and not field.is_relation
    ]
    fields = [model._meta.get_field(name) for name in OF_EVERY_PAGE] + own
    return [piece for field in fields for piece in _of_field(field, value_of(field.name))]


def _of_field(field: Any, value: Any) -> Iterator[Piece]:
    if not value:
        return
    where = capfirst(str(field.verbose_name))
    if isinstance(field, StreamField):
        for number, child in enumerate(value, start=1):
            place = _("%(label)s %(number)d") % {"label": capfirst(str(child.block.label)), "number": number}
            yield from _of_block(child.block, child.value, field.name, _named(place, child.value))
    elif isinstance(field, RichTextField):
        yield Piece(field.name, where, Kind.RICH, str(value))
    elif type(field) in {models.CharField, models.TextField} and not field.choices:
        yield Piece(field.name, where, Kind.PLAIN, str(value))


def _named(place: str, value: Any) -> str:
    """Return the place with the block's own heading, which is how an editor finds it."""
    heading = value.get("heading") if isinstance(value, dict) else None
    return f"{place} (“{heading}”)" if heading else place


def _of_block(block: Any, value: Any, field: str, where: str, name: str = "") -> Iterator[Piece]:
    if isinstance(block, blocks.StreamBlock):
        for child in value or ():
            yield from _of_block(child.block, child.value, field, where)
    elif isinstance(block, ImageBlock | ImageChooserBlock):
        yield from _of_image(block, value, field, where)
    elif isinstance(block, blocks.StructBlock):
        for key, child in block.child_blocks.items():
            yield from _of_block(child, (value or {}).get(key), field, where, key)
    elif isinstance(block, blocks.ListBlock):
        for item in value or ():
            yield from _of_block(block.child_block, item, field, where)
    else:
        yield from _of_leaf(block, value, field, where, name)


def _of_leaf(block: Any, value: Any, field: str, where: str, name: str) -> Iterator[Piece]:
    if name == "heading" and isinstance(block, blocks.CharBlock):
        yield Piece(field, where, Kind.HEADING, str(value or ""))
    elif not value:
        return
    elif isinstance(block, blocks.RichTextBlock):
        yield Piece(field, where, Kind.RICH, value.source if hasattr(value, "source") else str(value))
    elif isinstance(block, blocks.PageChooserBlock):
        yield Piece(field, where, Kind.PAGE, str(value.pk))
    elif isinstance(block, blocks.RegexBlock):
        yield Piece(field, where, Kind.PHONE, str(value))
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield Piece(field, where, Kind.PLAIN, str(value))


def _of_image(block: Any, value: Any, field: str, where: str) -> Iterator[Piece]:
    """Return a picture whose alternative text is to be looked up; an image block carries its own."""
    if value is None:
        return
    own_words = getattr(value, "contextual_alt_text", None)
    if isinstance(block, ImageBlock) and (own_words or getattr(value, "decorative", False)):
        return
    yield Piece(field, where, Kind.IMAGE, str(value.pk))
