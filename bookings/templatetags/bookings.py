"""How a workshop's dates get to the pages of the catalogue, which does not know bookings (architecture.md)."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Session
from bookings.queries import Dated
from bookings.rules import Refusal
from bookings.texts import short
from vaern.design.formats import format_date

register = template.Library()


@register.filter
def refusal_text(dated: Dated) -> str:
    """Return in a few words why a date cannot be booked, and from when it can."""
    if dated.refusal is Refusal.NOT_OPEN_YET and dated.session.opens_at:
        return _("Opens %(when)s") % {"when": format_date(dated.session.opens_at)}
    return short(dated.refusal) if dated.refusal else ""


@register.simple_tag
def free_text(session: Session) -> str:
    """Return how much room there is, in the session's own unit: "Room for 12 pupils", "Room for 1 class"."""
    free = session.free
    if free is None:
        return _("Places free")
    if session.capacity_unit == Session.Unit.GROUPS:
        return ngettext("Room for %(count)s class", "Room for %(count)s classes", free) % {"count": free}
    return ngettext("Room for %(count)s pupil", "Room for %(count)s pupils", free) % {"count": free}
