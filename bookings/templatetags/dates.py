"""How dates get to the catalogue's pages: notes on cards, the list of dates, the calendar, a workshop's own dates."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.open_dates import OpenCount, OpenDates
from bookings.programme import Month, dates_page, month_of
from bookings.queries import Dated, announced_dates
from bookings.structured import workshop_data
from courses.search import Found
from vaern.design.formats import format_date, local

register = template.Library()
NO_DATES = OpenCount(0, None, None)
# A workshop with more dates than this shows them a month at a time.
DATES_AT_ONCE = 12


@register.simple_tag
def catalogue_dates(workshops: Any) -> Mapping[uuid.UUID, OpenCount]:
    """Return {translation key: its dates that can be booked} for all the workshops of a list; one query."""
    return OpenDates().open_counts([workshop.translation_key for workshop in workshops], now=timezone.now())


@register.simple_tag
def card_note(workshop: Any, dates: Mapping[uuid.UUID, OpenCount]) -> str:
    """Return a card's last line: the next date that can be booked, or how else one gets the workshop."""
    if workshop.way_of_booking == "external":
        return _("Booked on the provider's website")
    if not workshop.takes_sessions:
        return _("Ask for a visit") if workshop.audience == "class" else _("No fixed dates")
    known = dates.get(workshop.translation_key, NO_DATES)
    if not known.number:
        return _("No free dates right now")
    return ngettext(
        "%(count)s free date: %(when)s", "%(count)s free dates, the first %(when)s", known.number
    ) % {"count": known.number, "when": format_date(known.next)}  # fmt: skip


@register.simple_tag(takes_context=True)
def found_dates(context: template.Context, found: Found) -> Page[Any]:
    """Return the page of dates that the address asks for."""
    return dates_page(found, context["request"].GET.get("page"), now=timezone.now())


@register.simple_tag
def found_month(found: Found) -> Month:
    """Return the month that the address asks for."""
    return month_of(found, now=timezone.now())


@register.simple_tag
def month_query(found: Found, day: dt.date) -> str:
    """Return the address's query for the month of `day`."""
    return found.query(month=f"{day:%Y-%m}")


@register.simple_tag
def day_query(found: Found, day: dt.date) -> str:
    """Return the address's query for the list of all dates of one day."""
    written = day.isoformat()
    return found.query(view="dates", without=["month", "period"], **{"from": written, "to": written})


@dataclass(frozen=True)
class MonthLink:
    """A month of a workshop's dates."""

    name: str
    value: str
    count: int
    current: bool


@dataclass(frozen=True)
class WorkshopDates:
    """The dates of one workshop that its page shows now."""

    total: int
    shown: list[Dated]
    next: Dated | None
    """The first that can be booked."""
    months: list[MonthLink]
    """The months to choose from, where there are many dates."""
    month: str


@register.simple_tag(takes_context=True)
def dates_of_workshop(context: template.Context, workshop: Any) -> WorkshopDates:
    """Return the coming public dates of a workshop, cancelled ones too; a month at a time when many. One query."""
    dates = announced_dates(workshop.translation_key, now=timezone.now())
    by_month = Counter(_month(dated) for dated in dates)
    asked = context["request"].GET.get("month", "") if "request" in context else ""
    many = len(dates) > DATES_AT_ONCE
    month = asked if many and asked in by_month else ""
    shown = [dated for dated in dates if _month(dated) == month] if month else dates[:DATES_AT_ONCE]
    links = [
        MonthLink(format_date(dt.date.fromisoformat(f"{value}-01"), "month"), value, count, value == month)
        for value, count in by_month.items()
    ]
    return WorkshopDates(
        total=len(dates),
        shown=shown,
        next=next((dated for dated in dates if dated.bookable), None),
        months=links if many else [],
        month=month,
    )


def _month(dated: Dated) -> str:
    return f"{local(dated.session.starts_at):%Y-%m}"


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context, workshop: Any, dates: WorkshopDates) -> SafeString:
    """Return the workshop and the dates its page shows as schema.org data (JSON-LD)."""
    return workshop_data(workshop, dates.shown, context["request"])
