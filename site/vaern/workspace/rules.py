"""Pure decisions: which dates a rule gives, and what overlaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

MOST_DATES = 60
NEARLY_FULL = 90
WEEK = 7


@dataclass(frozen=True)
class Slot:
    """A session as a calendar knows it: when, who, and where (empty: nowhere that somebody else could be)."""

    pk: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    people: frozenset[int] = frozenset()
    place: str = ""


@dataclass(frozen=True)
class Clash:
    """Another session at the same time with the same people, or at the same place."""

    other: int
    people: frozenset[int]
    place: bool


def clashes(slots: Iterable[Slot]) -> dict[int, list[Clash]]:
    """Return what each session meets; sessions that meet nothing are left out. One that ends when another starts is
    no clash."""
    found: dict[int, list[Clash]] = {}
    open_slots: list[Slot] = []
    for slot in sorted(slots, key=lambda one: (one.starts_at, one.pk)):
        open_slots = [one for one in open_slots if one.ends_at > slot.starts_at]
        for other in open_slots:
            people, place = other.people & slot.people, bool(slot.place) and other.place == slot.place
            if people or place:
                found.setdefault(slot.pk, []).append(Clash(other.pk, people, place))
                found.setdefault(other.pk, []).append(Clash(slot.pk, people, place))
        open_slots.append(slot)
    return found


def place_key(place: str, online_link: str) -> str:
    """Return what makes two places the same; nothing for online and for the school that books."""
    key = " ".join(place.split()).casefold()
    return "" if online_link or key == "online" else key


def dates_by_rule(
    first: dt.date, last: dt.date, *, weekdays: Collection[int], every: int, most: int = MOST_DATES
) -> list[dt.date]:
    """Return the days from `first` to `last` on these weekdays (0 is Monday), every so many weeks, `most` at most.

    Weeks are counted from the Monday of the first day's week. Raises ValueError for a distance below one week.
    """
    if every < 1:
        raise ValueError("every week at least")
    monday = first - dt.timedelta(days=first.weekday())
    days: list[dt.date] = []
    day = first
    while day <= last and len(days) < most:
        if day.weekday() in weekdays and (day - monday).days // WEEK % every == 0:
            days.append(day)
        day += dt.timedelta(days=1)
    return days


def percent_full(taken: int, capacity: int | None) -> int | None:
    """Return how full it is in whole per cent, rounded down; None where there is no limit or no place at all."""
    return taken * 100 // capacity if capacity else None
