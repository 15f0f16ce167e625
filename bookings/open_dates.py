"""Which dates can be booked, in SQL: the same answer as `bookings.facts.bookable`, for thousands of dates at once.

The decision is `bookings.rules.availability` (domain.md I10). A list of 10,000 dates cannot ask it row by row, so the
facts it decides on (`bookings.facts.session_facts`) are written here once more as conditions. A property test holds the
two against each other over generated sessions (tests/bookings/test_open_dates.py): whoever changes one changes both.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest

from bookings.models import Session, SessionSeries
from bookings.rules import BYPASS_FREE, WaitingRule
from courses.dates import Match, Part, Wanted
from courses.models import WorkshopPage
from courses.periods import Days
from vaern.design.formats import COPENHAGEN

# Whose dates are booked on this site so far (`bookings.facts.session_facts`).
BOOKED_HERE = (WorkshopPage.Audience.CLASS,)


def bookable_at(now: dt.datetime) -> Q:
    """Return the condition on a session that holds exactly when `bookable` refuses nothing at `now`."""
    smallest = Coalesce(F("workshop__group_min"), Value(1))
    needed = Case(
        When(capacity_unit=Session.Unit.PEOPLE, then=Greatest(smallest, Value(1))),
        default=Value(1),
        output_field=IntegerField(),
    )
    window = (
        ~Q(status=Session.Status.CANCELLED)
        & Q(starts_at__gt=now)
        & (Q(opens_at__isnull=True) | Q(opens_at__lte=now))
        & (Q(closes_at__isnull=True) | Q(closes_at__gt=now))
    )
    booked_here = Q(
        workshop__live=True,
        workshop__audience__in=BOOKED_HERE,
        workshop__way_of_booking__in=[WorkshopPage.Way.SESSIONS, WorkshopPage.Way.BOTH],
    )
    room = Q(capacity__isnull=True) | Q(capacity__gte=F("seats_taken") + needed)
    # Seats that are kept for those who wait (rules.answers.no_room), until bypassing is free.
    not_kept = Q(waiting=0) | ~Q(waiting_rule=WaitingRule.STRICT)
    soon = now + BYPASS_FREE
    not_kept &= Q(waiting=0) | Q(line_blocked=False) | Q(closes_at__lte=soon) | Q(starts_at__lte=soon)
    alone = Q(series__isnull=True) | ~Q(series__mode=SessionSeries.Mode.ALL)
    return window & booked_here & room & not_kept & alone


def on_days(days: Days) -> Q:
    """Return the condition that a session starts on one of these days in Copenhagen."""
    condition = Q()
    if days.first:
        condition &= Q(starts_at__gte=dt.datetime.combine(days.first, dt.time(), COPENHAGEN))
    if days.last:
        condition &= Q(starts_at__lt=dt.datetime.combine(days.last + dt.timedelta(days=1), dt.time(), COPENHAGEN))
    return condition


def in_district(district: str) -> Q:
    """Return the condition that a session takes place in the district: its place is there, or it is at the school.

    At the school that books is in every district. Online is in none.
    """
    at_school = Q(district="") & (
        Q(workshop__place=WorkshopPage.Place.SCHOOL)
        | (Q(place="", online_link="") & ~Q(workshop__place=WorkshopPage.Place.ONLINE))
    )
    return Q(district=district) | at_school


def conditions(wanted: Wanted, *, now: dt.datetime) -> dict[Part, Q]:
    """Return the condition of each part that is asked for."""
    made = {
        Part.DAYS: lambda: on_days(wanted.days),
        Part.FREE: lambda: bookable_at(now),
        Part.DISTRICT: lambda: in_district(wanted.district),
    }
    return {part: made[part]() for part in wanted.parts}


def all_of(parts: Iterable[Q]) -> Q:
    """Return all conditions as one; without any, one that always holds."""
    condition = Q()
    for part in parts:
        condition &= part
    return condition


class OpenCount(NamedTuple):
    """What a card says of a workshop's dates."""

    number: int
    next: dt.datetime | None
    first: dt.datetime | None


class OpenDates:
    """What bookings knows of dates, for the catalogue (`courses.dates.DateFacts`)."""

    def matches(
        self, wanted: Wanted, *, now: dt.datetime, among: Iterable[uuid.UUID] | None = None
    ) -> Mapping[uuid.UUID, Match]:
        """Return the workshops with a coming public date that is all that is wanted. One grouped query."""
        asked = conditions(wanted, now=now)
        rows = _by_workshop(now, among).filter(all_of(asked.values()))
        first_open = Min("starts_at") if Part.FREE in asked else Min("starts_at", filter=bookable_at(now))
        counted = rows.annotate(count=Count("pk"), first=Min("starts_at"), first_open=first_open)
        return {
            row["workshop__translation_key"]: Match(
                number=row["count"], next=row["first_open"] or row["first"], bookable=row["first_open"] is not None
            )
            for row in counted
        }

    def near_matches(self, wanted: Wanted, *, now: dt.datetime) -> Mapping[uuid.UUID, frozenset[Part]]:
        """Return, for each workshop with coming public dates, the parts each of which alone stands in the way."""
        asked = conditions(wanted, now=now)
        others = {part: all_of(other for name, other in asked.items() if name is not part) for part in asked}
        counts = {f"without_{part.value}": _counted(condition) for part, condition in others.items()}
        return {
            row["workshop__translation_key"]: frozenset(part for part in asked if row[f"without_{part.value}"])
            for row in _by_workshop(now, None).annotate(**counts)
        }

    def open_counts(self, keys: Iterable[uuid.UUID], *, now: dt.datetime) -> Mapping[uuid.UUID, OpenCount]:
        """Return how many dates of these workshops can be booked, their first, and the first of all. One query."""
        open_ = bookable_at(now)
        counted = _by_workshop(now, keys).annotate(
            count=Count("pk", filter=open_), next=Min("starts_at", filter=open_), first=Min("starts_at")
        )
        return {row["workshop__translation_key"]: OpenCount(row["count"], row["next"], row["first"]) for row in counted}


def _by_workshop(now: dt.datetime, among: Iterable[uuid.UUID] | None) -> QuerySet[Session, Any]:
    sessions = Session.objects.listed().upcoming(now).order_by()
    if among is not None:
        sessions = sessions.of_workshops(list(among))
    return sessions.values("workshop__translation_key")


def _counted(condition: Q) -> Count:
    return Count("pk", filter=condition) if condition else Count("pk")
