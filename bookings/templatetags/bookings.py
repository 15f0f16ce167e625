"""How a workshop's dates get to the pages of the catalogue, which does not know bookings (architecture.md)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Session
from bookings.queries import Dated
from bookings.rules import Refusal
from bookings.texts import short
from vaern.design.formats import format_date, in_danish
from vaern.schooldays.models import SchoolHoliday
from vaern.schooldays.rules import public_holidays

register = template.Library()
A_YEAR = dt.timedelta(days=365)
SATURDAY = 5


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
    if session.workshop.audience != "class":
        return ngettext("Room for %(count)s person", "Room for %(count)s people", free) % {"count": free}
    if session.capacity_unit == Session.Unit.GROUPS:
        return ngettext("Room for %(count)s class", "Room for %(count)s classes", free) % {"count": free}
    return ngettext("Room for %(count)s pupil", "Room for %(count)s pupils", free) % {"count": free}


@register.inclusion_tag("bookings/visit_button.html")
def visit_button(workshop: Any) -> dict[str, Any]:
    """Show the way to ask for a visit, for workshops that are visits to classes."""
    asks = workshop.audience == "class" and workshop.way_of_booking in {"request", "both"}
    return {"key": workshop.translation_key if asks else None, "both": workshop.way_of_booking == "both"}


@register.simple_tag
def closed_days(first: dt.date) -> list[str]:
    """Return the days from `first` on, within a year, on which no class has school: holidays of schools and of all."""
    last = first + A_YEAR
    public = [
        (day, f"{format_date(day)}: {name}")
        for year in (first.year, last.year)
        for day, name in public_holidays(year, "da" if in_danish() else "en_US").items()
        if first <= day < last and day.weekday() < SATURDAY
    ]
    schools = [
        (holiday.first_day, f"{format_date(holiday.first_day)} – {format_date(holiday.last_day)}: {holiday.name}")
        for holiday in SchoolHoliday.objects.within(first, last)
    ]
    return [text for _day, text in sorted({*public, *schools})]
