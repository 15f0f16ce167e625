"""The evaluation's place on pages of bookings, which does not know it (architecture.md)."""

from __future__ import annotations

from typing import Any

from django import template

from bookings.models import Booking
from vaern.evaluation.queries import place_of

register = template.Library()


@register.inclusion_tag("evaluation/place.html")
def evaluation_place(booking: Booking) -> dict[str, Any]:
    """Show the way to the form, or that it has been answered; nothing when nobody is asked."""
    return {"place": place_of(booking)}
