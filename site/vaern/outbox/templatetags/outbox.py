"""What templates of apps above may ask the outbox."""

from __future__ import annotations

from django import template

from vaern.outbox.registry import name_of

register = template.Library()


@register.filter
def message_name(kind: str) -> str:
    """Return what staff call messages of this kind."""
    return name_of(kind)
