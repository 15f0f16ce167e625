"""How a workshop's dates get to the pages of the catalogue, which does not know bookings (architecture.md)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Session
from bookings.queries import Dated, dates_of
from bookings.rules import Refusal
from bookings.texts import short
from vaern.design.formats import format_date

register = template.Library()


@register.simple_tag
def workshop_dates(workshop: Any) -> list[Dated]:
    """Return the coming public dates of one workshop, soonest first; one query."""
    return dates_of([workshop.translation_key], now=timezone.now()).get(workshop.translation_key, [])


@register.simple_tag
def catalogue_dates(workshops: Any) -> dict[Any, list[Dated]]:
    """Return {translation key: coming dates} for all the workshops of a list; one query."""
    return dates_of([workshop.translation_key for workshop in workshops], now=timezone.now())


@register.filter
def for_workshop(dates: dict[Any, list[Dated]], workshop: Any) -> dict[str, Any]:
    """Return what a card says of its dates: `count` that can be booked, the `next` of them, the `first` of all."""
    coming = dates.get(workshop.translation_key, [])
    free = [dated.session for dated in coming if dated.bookable]
    return {
        "count": len(free),
        "next": free[0] if free else None,
        "first": coming[0] if coming else None,
    }


@register.filter
def refusal_text(dated: Dated) -> str:
    """Return in a few words why a date cannot be booked, and from when it can."""
    if dated.refusal is Refusal.NOT_OPEN_YET and dated.session.opens_at:
        return _("Opens %(when)s") % {"when": format_date(dated.session.opens_at)}
    return short(dated.refusal) if dated.refusal else ""


@register.simple_tag
def free_text(session: Session) -> str:
    """Return how much room there is, in the session's own unit: "Room for 12 pupils", "Room for 1 class"."""
    if session.approval_needed:
        # What is free is not promised before a coordinator has looked at the request.
        return _("By agreement")
    free = session.free
    if free is None:
        return _("Places free")
    if session.capacity_unit == Session.Unit.GROUPS:
        return ngettext("Room for %(count)s class", "Room for %(count)s classes", free) % {"count": free}
    return ngettext("Room for %(count)s pupil", "Room for %(count)s pupils", free) % {"count": free}


@register.simple_tag
def workshop_booking_note(workshop: Any, coming: dict[str, Any]) -> str:
    """Return a card's last line: the next date that can be booked, or how else one gets the workshop."""
    if workshop.way_of_booking == "external":
        return _("Booked on the provider's website")
    if not workshop.takes_sessions:
        return _("No fixed dates")
    first = coming["first"]
    if first and first.refusal is Refusal.NOT_BOOKED_HERE:
        return _("Next date: %(when)s") % {"when": format_date(first.session.starts_at)}
    if not coming["next"]:
        return _("No free dates right now")
    when = format_date(coming["next"].starts_at)
    return ngettext("%(count)s free date: %(when)s", "%(count)s free dates, the first %(when)s", coming["count"]) % {
        "count": coming["count"],
        "when": when,
    }
