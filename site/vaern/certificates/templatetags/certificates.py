"""The certificates' place on the own page of a booking, which does not know them (architecture.md)."""

from __future__ import annotations

from typing import Any

from django import template

from bookings.models import Booking
from vaern.certificates.queries import is_expected, offers_of

register = template.Library()


@register.inclusion_tag("certificates/place.html", takes_context=True)
def certificate_place(context: template.Context, booking: Booking) -> dict[str, Any]:
    """Show a certificate for each who came, or that it comes when attendance is reported."""
    offers = offers_of(booking)
    return {
        "offers": offers,
        "expected": not offers and is_expected(booking),
        "token": context["token"],
        "csrf_token": context.get("csrf_token"),
    }
