"""``{% load guidance %}``: what the templates of guidance need."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
from django import template
from django.conf import settings
from django.utils import timezone

from vaern.guidance.models import Contact

register = template.Library()

# Not public holidays by law, but offices keep them (Constitution Day, Christmas Eve, New Year's Eve).
CLOSED_DAYS = {(6, 5), (12, 24), (12, 31)}


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("DK", years=year))


@register.filter
def open_state(contact: Contact) -> str:
    """``{{ contact|open_state }}`` → "open", "closed" or nothing; for pages that no cache keeps."""
    today = timezone.localdate()
    is_holiday = today in _public_holidays(today.year) or (today.month, today.day) in CLOSED_DAYS
    found = contact.is_open(timezone.now(), is_holiday=is_holiday)
    return "" if found is None else ("open" if found else "closed")


@register.filter
def deeper(level: int | None) -> int:
    """``{{ level|deeper }}`` → the level of the headings below those of `level`, at most 6."""
    return min(int(level or 2) + 1, 6)


@register.simple_tag
def leave_url() -> str:
    """``{% leave_url %}`` → the neutral page to which "Leave this page" leads."""
    return str(settings.VAERN_LEAVE_URL)
