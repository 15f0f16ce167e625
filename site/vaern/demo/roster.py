"""Who holds which session, and the writing of invented sessions to the database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bookings.models import Session
from courses.models import WorkshopPage
from vaern.demo.content import district_of
from vaern.demo.days import COPENHAGEN, at
from vaern.people.models import User

# When class sessions begin; they end by 14.00.
SLOTS = ((8, 30), (10, 30), (12, 15))
EVENING = (19, 0)
LAST_END = 14 * 60


@dataclass
class Draft:
    """A session that is to be written, with who holds it."""

    session: Session
    facilitators: list[User] = field(default_factory=list)


@dataclass
class Roster:
    """Shares the sessions among the facilitators: nobody has two on one morning, or two on one evening."""

    people: list[User]
    _busy: set[tuple[dt.date, bool, int]] = field(default_factory=set)
    _held: Counter[int] = field(default_factory=Counter)

    @classmethod
    def with_known_sessions(cls, people: list[User]) -> Roster:
        """Return a roster that knows the sessions which are in the database already."""
        roster = cls(people)
        rows = Session.facilitators.through.objects.filter(user__in=people)
        for user_id, starts_at in rows.values_list("user_id", "session__starts_at"):
            roster._note(starts_at, user_id)
        return roster

    def assign(self, starts_at: dt.datetime, number: int) -> list[User]:
        """Return `number` free facilitators, those with the fewest sessions first, or nobody when too few are free."""
        free = sorted(
            (user for user in self.people if self.is_free(starts_at, user)),
            key=lambda user: self._held[user.pk],
        )
        if len(free) < number:
            return []
        for user in free[:number]:
            self._note(starts_at, user.pk)
        return free[:number]

    def is_free(self, starts_at: dt.datetime, user: User) -> bool:
        """Say whether the facilitator has no session in that part of the day."""
        return (*_part_of_day(starts_at), user.pk) not in self._busy

    def take(self, starts_at: dt.datetime, user: User) -> None:
        """Remember that this one holds a session then."""
        self._note(starts_at, user.pk)

    def _note(self, starts_at: dt.datetime, user_id: int) -> None:
        self._busy.add((*_part_of_day(starts_at), user_id))
        self._held[user_id] += 1


def _part_of_day(starts_at: dt.datetime) -> tuple[dt.date, bool]:
    local = starts_at.astimezone(COPENHAGEN)
    return local.date(), local.hour >= 16


def slots_for(minutes: int) -> list[tuple[int, int]]:
    """Return when a class session of this length can begin."""
    return [(hour, minute) for hour, minute in SLOTS if hour * 60 + minute + minutes <= LAST_END]


def session_of(workshop: WorkshopPage, day: dt.date, slot: tuple[int, int], place: str, **fields: Any) -> Session:
    """Return an unsaved session of the workshop; empty place means at the school that books."""
    starts_at = at(day, *slot)
    online = workshop.place == WorkshopPage.Place.ONLINE
    places = {WorkshopPage.Place.SCHOOL.value: "", WorkshopPage.Place.ONLINE.value: "Online"}
    return Session(
        workshop=workshop,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=workshop.duration_minutes),
        place=places.get(workshop.place, place),
        online_link="https://www.example.org/moede" if online else "",
        **fields,
    )


def write_sessions(drafts: Iterable[Draft]) -> None:
    """Write the sessions and who holds them."""
    listed = list(drafts)
    for draft in listed:
        draft.session.district = district_of(draft.session.place)
    Session.objects.bulk_create([draft.session for draft in listed])
    through = Session.facilitators.through
    through.objects.bulk_create(
        [through(session_id=draft.session.pk, user_id=user.pk) for draft in listed for user in draft.facilitators]
    )
