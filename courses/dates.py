"""What the catalogue asks of dates, and of whom. The catalogue does not know bookings: who knows dates says so here.

`bookings` gives its answers in its AppConfig (`provide`); without it no workshop has a date (docs/decisions/0014).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

from courses.periods import ALWAYS, Days


class Part(Enum):
    """The three things one can ask of a date; each can be let go of by itself."""

    DAYS = "days"
    FREE = "free"
    DISTRICT = "district"


@dataclass(frozen=True)
class Wanted:
    """The dates a reader asks for: on which days, with free places, in which district (empty: wherever)."""

    days: Days = ALWAYS
    free: bool = False
    district: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return what is asked for."""
        asked = ((Part.DAYS, bool(self.days)), (Part.FREE, self.free), (Part.DISTRICT, bool(self.district)))
        return tuple(part for part, is_asked in asked if is_asked)


class Match(NamedTuple):
    """How a workshop's coming public dates are what is wanted."""

    number: int
    """Dates that are all of it."""
    next: dt.datetime | None
    """The first of them that can be booked, else the first of them."""
    bookable: bool
    """Whether `next` can be booked."""


class DateFacts(Protocol):
    """What an app that knows dates can be asked. Each answer is by the workshop's translation key, in one query."""

    def matches(self, wanted: Wanted, *, now: dt.datetime) -> Mapping[uuid.UUID, Match]:
        """Return the workshops with a coming public date that is all that is wanted."""

    def near_matches(self, wanted: Wanted, *, now: dt.datetime) -> Mapping[uuid.UUID, frozenset[Part]]:
        """Return the parts each of which, let go of alone, leaves the workshop a date that is all the rest."""


class NoDates:
    """The answer where no app knows dates."""

    def matches(self, wanted: Wanted, *, now: dt.datetime) -> Mapping[uuid.UUID, Match]:
        """Return nothing."""
        return {}

    def near_matches(self, wanted: Wanted, *, now: dt.datetime) -> Mapping[uuid.UUID, frozenset[Part]]:
        """Return nothing."""
        return {}


_known: list[DateFacts] = [NoDates()]


def provide(facts: DateFacts) -> None:
    """Let `facts` answer from now on; called once, when the app that knows dates is ready."""
    _known[:] = [facts]


def date_facts() -> DateFacts:
    """Return who knows dates."""
    return _known[0]
