"""The open dates of a search: those that can be booked now, by the same rule as booking itself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import NamedTuple

from django.db.models import Max, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bookings.models import Session
from bookings.open_dates import bookable_at
from bookings.programme import sessions_of
from courses.models import WorkshopPage
from courses.queries import page_urls
from courses.search import Found
from vaern.pagecache.models import Change


class OpenDate(NamedTuple):
    """One date as a feed tells of it. It holds no link for taking part: that is for those who have booked."""

    uuid: uuid.UUID
    title: str
    summary: str
    url: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    sequence: int
    announced_at: dt.datetime


COLUMNS = (
    "uuid",
    "workshop__translation_key",
    "starts_at",
    "ends_at",
    "place",
    "online_link",
    "calendar_sequence",
    "announced_at",
)


def open_dates(found: Found, request: HttpRequest, *, now: dt.datetime) -> list[OpenDate]:
    """Return the dates of what was found that can be booked at `now`, soonest first. Two queries."""
    rows = list(sessions_of(found, now=now).filter(bookable_at(now)).values_list(*COLUMNS))
    open_keys = {row[1] for row in rows}
    listed = WorkshopPage.in_pages([entry.pk for entry in found.entries if entry.key in open_keys])
    urls = page_urls(listed, request)
    pages = {page.translation_key: page for page in listed}
    return [
        OpenDate(
            uuid=number,
            title=pages[key].title,
            summary=pages[key].intro,
            url=f"{urls[pages[key].pk]}#datoer",
            starts_at=starts_at,
            ends_at=ends_at,
            place=_place(pages[key], place, online=bool(online_link)),
            sequence=sequence,
            announced_at=announced_at,
        )
        for number, key, starts_at, ends_at, place, online_link, sequence, announced_at in rows
        if key in pages
    ]


def _place(page: WorkshopPage, place: str, *, online: bool) -> str:
    if place:
        return place
    if online or page.place == WorkshopPage.Place.ONLINE:
        return _("Online")
    return _("At the school that books")


def last_change(now: dt.datetime) -> dt.datetime | None:
    """Return when a feed was last another: the last public change, or the last moment at which a date opened or closed.

    Two queries. None where nothing is known to have changed lately.
    """
    coming = Session.objects.listed().filter(starts_at__gt=now - dt.timedelta(days=400))
    passed = coming.aggregate(
        opened=Max("opens_at", filter=Q(opens_at__lte=now)),
        closed=Max("closes_at", filter=Q(closes_at__lte=now)),
        started=Max("starts_at", filter=Q(starts_at__lte=now)),
    )
    newest = Change.objects.aggregate(at=Max("at"))["at"]
    moments = [moment for moment in (*passed.values(), newest) if moment is not None]
    return max(moments).replace(microsecond=0) if moments else None
