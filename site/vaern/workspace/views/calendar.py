"""The calendar: month, week, by facilitator, and as a list; conflicts and holidays stand in words.

One markup, which a wide window shows as a grid and a narrow one as a list of days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.answers import facilitators
from bookings.models import Session
from vaern.design.formats import COPENHAGEN, format_date
from vaern.people.models import User
from vaern.workspace.agenda import Day, Entry, by_day, entries
from vaern.workspace.flags import DAY
from vaern.workspace.permissions import coordinates, sees_sessions, sessions_of
from vaern.workspace.views.base import WorkspaceView
from vaern.workspace.views.today import monday_of

MONTH, WEEK, PEOPLE, LIST = "month", "week", "people", "list"
SHOWN = (
    (MONTH, gettext_lazy("Month")),
    (WEEK, gettext_lazy("Week")),
    (PEOPLE, gettext_lazy("By facilitator")),
    (LIST, gettext_lazy("List")),
)
SEVEN = 7 * DAY


@dataclass(frozen=True)
class Person:
    """A facilitator's week."""

    name: str
    days: list[Day]
    count: int


class CalendarView(WorkspaceView):
    """The user's sessions in a month or a week."""

    template_name = "workspace/admin/calendar.html"
    page_title = gettext_lazy("Calendar")
    header_icon = "calendar-alt"
    trail: ClassVar = []

    def allowed(self, user: Any) -> bool:
        """Let in whoever has sessions to look at."""
        return sees_sessions(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the days with their sessions."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = self.request.GET.get("view", MONTH)
        shown = shown if shown in dict(SHOWN) else MONTH
        day = _day(self.request.GET.get("day", ""))
        first, last = span(shown, day)
        everybody = coordinates(self.request.user)
        people = list(facilitators()) if everybody else []
        person = next((one for one in people if str(one.pk) == self.request.GET.get("person")), None)
        rows = _rows(sessions_of(self.request.user), first, last, person)
        found = entries(rows, now=timezone.now())
        days = by_day(found, _days(first, last)) if shown != LIST else by_day(found)
        return {
            **context,
            "shown": shown,
            "views": [(key, label, self._to(key, day, person)) for key, label in SHOWN if everybody or key != PEOPLE],
            "title": _title(shown, day, first, last),
            "before": self._to(shown, _step(shown, day, -1), person),
            "after": self._to(shown, _step(shown, day, 1), person),
            "now": self._to(shown, timezone.localdate(), person),
            "day": day,
            "today": timezone.localdate(),
            "month": day.month if shown == MONTH else 0,
            "days": days,
            "names": [format_date(first + number * DAY).split(" ")[0] for number in range(7)],
            "people": people,
            "person": person,
            "rows": _by_person(found, people, first, last) if shown == PEOPLE else [],
            "count": len(found),
            "coordinates": everybody,
        }

    def _to(self, shown: str, day: dt.date, person: User | None) -> str:
        query = {"view": shown, "day": day.isoformat(), **({"person": person.pk} if person else {})}
        return f"{reverse('workspace_calendar')}?{urlencode(query)}"


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 2000 <= day.year <= 2100 else timezone.localdate()


def span(shown: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that a view shows: whole weeks for the month, the month itself for the list."""
    if shown in {WEEK, PEOPLE}:
        return monday_of(day), monday_of(day) + 6 * DAY
    first = day.replace(day=1)
    last = _next_month(first) - DAY
    if shown == LIST:
        return first, last
    return monday_of(first), monday_of(last) + 6 * DAY


def _next_month(first: dt.date) -> dt.date:
    return (first + 31 * DAY).replace(day=1)


def _step(shown: str, day: dt.date, steps: int) -> dt.date:
    if shown in {WEEK, PEOPLE}:
        return day + steps * SEVEN
    first = day.replace(day=1)
    return _next_month(first) if steps > 0 else (first - DAY).replace(day=1)


def _title(shown: str, day: dt.date, first: dt.date, last: dt.date) -> str:
    if shown in {WEEK, PEOPLE}:
        return _("Week %(number)s: %(first)s to %(last)s") % {
            "number": day.isocalendar().week,
            "first": format_date(first, "plain"),
            "last": format_date(last, "plain"),
        }
    return format_date(day, "month").capitalize()


def _rows(sessions: Any, first: dt.date, last: dt.date, person: User | None) -> Any:
    begins, ends = (dt.datetime.combine(one, dt.time(), tzinfo=COPENHAGEN) for one in (first, last + DAY))
    rows = sessions.exclude(status=Session.Status.CANCELLED).filter(starts_at__gte=begins, starts_at__lt=ends)
    if person:
        rows = rows.filter(pk__in=Session.facilitators.through.objects.filter(user=person).values("session_id"))
    return rows.order_by("starts_at", "pk")


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


def _by_person(found: list[Entry], people: Iterable[User], first: dt.date, last: dt.date) -> list[Person]:
    """Return each facilitator's week, and the sessions that nobody holds, which come first."""
    closed = {day.day: day.closed for day in by_day([], _days(first, last))}
    rows = []
    for name, held in [
        (_("Nobody yet"), [one for one in found if not one.session.facilitators.all()]),
        *((str(person), [one for one in found if person in one.session.facilitators.all()]) for person in people),
    ]:
        days = {day: Day(day, closed[day]) for day in closed}
        for one in held:
            days[one.session.starts_at.astimezone(COPENHAGEN).date()].entries.append(one)
        rows.append(Person(name, list(days.values()), len(held)))
    return rows if rows[0].count else rows[1:]
