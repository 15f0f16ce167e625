"""The evaluation's place on pages of bookings, which does not know it (architecture.md)."""

from __future__ import annotations

from typing import Any

from django import template

from bookings.models import Booking
from vaern.evaluation.permissions import may_see_some
from vaern.evaluation.queries import place_of

register = template.Library()


@register.inclusion_tag("evaluation/place.html")
def evaluation_place(booking: Booking) -> dict[str, Any]:
    """Show the way to the form, or that it has been answered; nothing when nobody is asked."""
    return {"place": place_of(booking)}


@register.inclusion_tag("evaluation/results_link.html", takes_context=True)
def results_link(context: template.Context) -> dict[str, Any]:
    """Show the way to the results to those who see any."""
    request = context.get("request")
    return {"may_see": request is not None and may_see_some(request.user)}
