"""The dates of the workshops that a search has found: as a list, and as a month."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate

from bookings.facts import bookable
from bookings.holidays import public_holiday
from bookings.models import Session
from bookings.open_dates import all_of, conditions, on_days
from bookings.queries import Dated
from courses.models import WorkshopPage
from courses.periods import Days
from courses.search import Found
from vaern.design.formats import COPENHAGEN, local

DATES_A_PAGE = 40
SHOWN_A_DAY = 4
MONTHS_AHEAD = 24
WORKSHOP_TEXTS = tuple(f"workshop__{name}" for name in WorkshopPage.LONG_TEXTS)


@dataclass(frozen=True)
class Listed:
    """A date with its workshop's page in the reader's language."""

    dated: Dated
    page: WorkshopPage

    @property
    def session(self) -> Session:
        """Return the date."""
        return self.dated.session


def sessions_of(found: Found, *, now: dt.datetime) -> QuerySet[Session]:
    """Return the coming public dates that were asked for, soonest first."""
    fits = all_of(conditions(found.wanted, now=now).values())
    coming = Session.objects.listed().upcoming(now).filter(fits).of_workshops(found.keys)
    return coming.select_related("workshop").defer(*WORKSHOP_TEXTS)


class CountedPaginator(Paginator):
    """A paginator that knows the number already."""

    def __init__(self, rows: QuerySet[Any, Any], number: int) -> None:
        super().__init__(rows, DATES_A_PAGE)
        self.number_of_rows = number

    @property
    def count(self) -> int:
        """Return the number of dates."""
        return self.number_of_rows


def dates_page(found: Found, number: str | None, *, now: dt.datetime) -> Page[Any]:
    """Return a page of dates. Three queries; two when the search has counted them."""
    rows = sessions_of(found, now=now)
    total = (
        sum(found.matches[key].number for key in found.keys if key in found.matches) if found.matches else rows.count()
    )
    page: Page[Any] = CountedPaginator(rows.values("pk"), total).get_page(number)
    # The database skips narrow rows, not whole ones: the last page costs little more than the first.
    shown = Session.objects.filter(pk__in=page.object_list).order_by("starts_at", "pk")
    page.object_list = listed(found, shown.select_related("workshop").defer(*WORKSHOP_TEXTS), now=now)
    return page


def listed(found: Found, sessions: Iterable[Session], *, now: dt.datetime) -> list[Listed]:
    """Return these dates with their workshops' pages in the reader's language. One query for the pages."""
    rows = list(sessions)
    page_of = {entry.key: entry.pk for entry in found.entries}
    wanted = {page_of[row.workshop.translation_key] for row in rows}
    pages: dict[uuid.UUID, WorkshopPage] = {
        page.translation_key: page for page in WorkshopPage.in_pages(sorted(wanted))
    }
    return [
        Listed(Dated(row, bookable(row, now=now)), pages[row.workshop.translation_key])
        for row in rows
        if row.workshop.translation_key in pages
    ]


@dataclass(frozen=True)
class Day:
    """One day of a month."""

    date: dt.date
    in_month: bool
    today: bool
    holiday: str
    dates: list[Listed]
    more: int

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to tell of it."""
        return not (self.dates or self.holiday)


@dataclass(frozen=True)
class Month:
    """A month's weeks, Monday first, with the months around it as they stand in an address (empty: none)."""

    first: dt.date
    weeks: list[list[Day]]
    previous: dt.date | None
    following: dt.date | None
    total: int


def month_of(found: Found, *, now: dt.datetime) -> Month:
    """Return the month that the address asks for, else the first with a date. Three queries.

    Dates before now and more than two years ahead are not shown, so neither are their months.
    """
    today = now.astimezone(COPENHAGEN).date()
    first, last = today.replace(day=1), _months_on(today.replace(day=1), MONTHS_AHEAD)
    if "month" in found.chosen:
        start = dt.date.fromisoformat(f"{found.chosen['month']}-01")
    else:
        start = _first_day(found, now=now) or first
    shown = max(first, min(start, last))
    by_day, totals = _dates_of_month(found, shown, now=now)
    weeks = [
        [
            Day(
                date=day,
                in_month=day.month == shown.month,
                today=day == today,
                holiday=public_holiday(day) if day.month == shown.month else "",
                dates=by_day.get(day, []),
                more=totals.get(day, 0) - len(by_day.get(day, [])),
            )
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(shown.year, shown.month)
    ]
    return Month(
        first=shown,
        weeks=weeks,
        previous=_months_on(shown, -1) if shown > first else None,
        following=_months_on(shown, 1) if shown < last else None,
        total=sum(totals.values()),
    )


def _first_day(found: Found, *, now: dt.datetime) -> dt.date | None:
    """Return the first day of the month in which there is something to see."""
    if found.matches:
        moments = [found.matches[key].next for key in found.keys if key in found.matches]
        moment = min((moment for moment in moments if moment), default=None)
    else:
        moment = sessions_of(found, now=now).values_list("starts_at", flat=True).first()
    return local(moment).date().replace(day=1) if moment else None


def _months_on(first: dt.date, months: int) -> dt.date:
    number = first.year * 12 + first.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def _dates_of_month(
    found: Found, first: dt.date, *, now: dt.datetime
) -> tuple[dict[dt.date, list[Listed]], dict[dt.date, int]]:
    """Return the first dates of each day of the month, and how many each day has; the database cuts them off."""
    whole = Days(first, _months_on(first, 1) - dt.timedelta(days=1))
    day = TruncDate("starts_at", tzinfo=COPENHAGEN)
    numbered = (
        sessions_of(found, now=now)
        .filter(on_days(whole))
        .annotate(
            day=day,
            place_in_day=Window(RowNumber(), partition_by=[F("day")], order_by=["starts_at", "pk"]),
            of_day=Window(Count("pk"), partition_by=[F("day")]),
        )
    )
    rows = list(numbered.filter(place_in_day__lte=SHOWN_A_DAY).order_by("starts_at", "pk"))
    by_day: dict[dt.date, list[Listed]] = {}
    for row in listed(found, rows, now=now):
        by_day.setdefault(local(row.session.starts_at).date(), []).append(row)
    return by_day, {local(row.starts_at).date(): row.of_day for row in rows}
