"""The coming four months: dates of every workshop that takes bookings, some of them with something to show."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from django.utils import timezone

from bookings.models import Session
from courses.models import WorkshopPage
from vaern.demo.content import venues
from vaern.demo.days import school_days
from vaern.demo.people import facilitators
from vaern.demo.roster import EVENING, Draft, Roster, session_of, slots_for, write_sessions
from vaern.demo.workshops import workshops

SEED = 20260823
AHEAD = dt.timedelta(days=120)
# Long enough ahead that a date is open when it is written.
NOT_BEFORE = dt.timedelta(days=8)
CLOSES = dt.timedelta(days=3)
CANCEL_UNTIL = dt.timedelta(days=5)
CLASS_DATES = 8
OTHER_DATES = 3
ONE_CLASS = 28
FRIDAY = 4
STAFF_SLOTS = ((9, 0), (13, 0))
OTHER_SLOTS = {
    WorkshopPage.Audience.PARENTS.value: (EVENING,),
    WorkshopPage.Audience.STAFF.value: STAFF_SLOTS,
    WorkshopPage.Audience.ADULTS.value: ((17, 0), EVENING),
}


@dataclass
class Planner:
    """What the planning of one date needs: the days to choose from, who is free, where, and the dice."""

    today: dt.date
    roster: Roster
    places: list[str]
    rng: random.Random

    def find(
        self,
        days: list[dt.date],
        number: int,
        count: int,
        slots: list[tuple[int, int]],
        workshop: WorkshopPage,
    ) -> Draft | None:
        """Return a draft on the `number`th of `count` evenly spread days, or on the next one with people free."""
        start = int((number + self.rng.random() * 0.6) * len(days) / count)
        for day in days[start:] + days[:start]:
            slot = self.rng.choice(slots)
            session = session_of(workshop, day, slot, self.rng.choice(self.places))
            people = self.roster.assign(session.starts_at, workshop.facilitator_count)
            if people:
                return Draft(session, people)
        return None


def load_sessions() -> None:
    """Write the coming dates; a day's date is never on a public holiday, nor in the school holidays."""
    today = timezone.localdate()
    planner = Planner(
        today,
        Roster.with_known_sessions(facilitators()),
        venues(),
        random.Random(SEED),  # noqa: S311 - invented
    )
    taking = [page for page in workshops() if page.takes_sessions]
    for_classes = [page for page in taking if page.audience == WorkshopPage.Audience.CLASS]
    class_drafts = _class_drafts(planner, for_classes)
    _make_special(class_drafts, today)
    write_sessions([*class_drafts, *_other_drafts(planner, [page for page in taking if page not in for_classes])])


def _class_drafts(planner: Planner, pages: list[WorkshopPage]) -> list[Draft]:
    days = school_days(planner.today + NOT_BEFORE, planner.today + AHEAD)
    drafts = []
    for number in range(CLASS_DATES):
        for place, page in enumerate(pages):
            draft = planner.find(days, number, CLASS_DATES, slots_for(page.duration_minutes), page)
            if draft is None:
                continue
            _set_capacity(draft.session, number, place, page.group_max or ONE_CLASS)
            if _has_room_for_two(draft.session):
                # Two schools cannot meet "at the school that books".
                draft.session.place = draft.session.place or planner.rng.choice(planner.places)
            _set_deadlines(draft.session)
            draft.session.language = "en" if number == 3 and "en" in page.languages else "da"
            drafts.append(draft)
    return drafts


def _set_capacity(session: Session, number: int, place: int, largest: int) -> None:
    """Most dates are for one class; some have room for two, counted in pupils or in classes."""
    one = min(ONE_CLASS, largest)
    if number == 3 and place % 3 != 2:
        session.capacity, session.capacity_unit = 2, Session.Unit.GROUPS
    else:
        session.capacity = 2 * one if number in {1, 5} else one


def _has_room_for_two(session: Session) -> bool:
    return session.capacity_unit == Session.Unit.GROUPS or (session.capacity or 0) > ONE_CLASS


def _set_deadlines(session: Session) -> None:
    session.closes_at = session.starts_at - CLOSES
    session.cancel_until = session.starts_at - CANCEL_UNTIL


def _make_special(drafts: list[Draft], today: dt.date) -> None:
    """Let one date not be open yet, one have closed, and one be found by link only."""
    by_start = sorted((draft.session for draft in drafts), key=lambda session: session.starts_at)
    if len(by_start) < CLASS_DATES:
        return
    now = timezone.now()
    by_start[0].closes_at = now - dt.timedelta(hours=18)
    by_start[-1].opens_at = now + dt.timedelta(days=14)
    by_start[-2].visibility = Session.Visibility.LINK


def _other_drafts(planner: Planner, pages: list[WorkshopPage]) -> list[Draft]:
    """Return dates for parents, staff and adults, on Mondays to Thursdays."""
    days = [day for day in school_days(planner.today + NOT_BEFORE, planner.today + AHEAD) if day.weekday() < FRIDAY]
    drafts = []
    for page in pages:
        for number in range(OTHER_DATES):
            slots = list(OTHER_SLOTS[page.audience])
            draft = planner.find(days, number, OTHER_DATES, slots, page)
            if draft is None:
                continue
            draft.session.capacity = page.group_max
            draft.session.closes_at = draft.session.starts_at - dt.timedelta(days=1)
            draft.session.cancel_until = draft.session.starts_at - dt.timedelta(days=2)
            drafts.append(draft)
    return drafts
