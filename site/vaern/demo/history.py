"""Past sessions: the two calendar years before this one and this year so far, with attendance, for the goals' pages.

A year is invented as a whole, from its own seed, and then cut off at today: so last year's figures are the same on
whatever day the demo is loaded, and this year's follow the school calendar.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace

from django.utils import timezone

from bookings.domain.booking import ClassGroup
from bookings.models import Booking, Session
from courses.models import WorkshopPage
from vaern.demo.classes import PRIVATE, PUBLIC, SPECIAL, Classes
from vaern.demo.content import venues
from vaern.demo.days import at, days_between, is_workday, school_days
from vaern.demo.past import PastSession, Visit, attendance_of, new_reference
from vaern.demo.pastwriter import write_past
from vaern.demo.people import facilitators
from vaern.demo.roster import EVENING, SLOTS, Roster, session_of, slots_for
from vaern.demo.workshops import workshops

SEED = 1989
YEARS_BEFORE = 2
# Pupils attending in a whole year by institution type. Last year meets the goal for public schools and is a little
# below it for private ones; this year is on the way to both.
WHOLE_YEAR = {PUBLIC: 4040, PRIVATE: 745, SPECIAL: 60}
THIS_YEAR = {PUBLIC: 4250, PRIVATE: 850, SPECIAL: 60}
ALONE, TWO_CLASSES = 28, 56
WITH_ANOTHER, ENDED = 0.9, 0.05
# Sessions a workshop for parents, staff or adults; their bookings are not on the platform yet.
OTHERS_A_YEAR = 4
UNREPORTED_OWN, UNREPORTED_OTHERS = 3, 2
LOOK_BACK = 8
BEGAN_AN_HOUR_AGO = dt.timedelta(hours=1)


@dataclass
class Historian:
    """What the invention of the past needs."""

    now: dt.datetime
    today: dt.date
    pages: list[WorkshopPage]
    classes: Classes
    roster: Roster
    places: list[str]
    references: set[str]

    def draft(
        self, visit: Visit, days: list[dt.date], first: int, rng: random.Random, capacity: int
    ) -> PastSession | None:
        """Return an empty session for a visit on the first day from `first` on that has people free."""
        for day in days[first:] + days[:first]:
            slot = rng.choice(slots_for(visit.workshop.duration_minutes))
            session = session_of(visit.workshop, day, slot, rng.choice(self.places), capacity=capacity)
            if capacity == TWO_CLASSES:
                # Two schools cannot meet "at the school that books".
                session.place = session.place or rng.choice(self.places)
            session.closes_at = session.starts_at - dt.timedelta(days=3)
            session.cancel_until = session.starts_at - dt.timedelta(days=5)
            people = self.roster.assign(session.starts_at, visit.workshop.facilitator_count)
            if people:
                return PastSession(session, people)
        return None

    def visit(self, kind: str, rng: random.Random, page: WorkshopPage | None = None) -> Visit:
        """Return a class that came, of a school of this type."""
        workshop = page or rng.choice([page for page in self.pages if _suits(page, kind)])
        school = self.classes.pick(kind, rng)
        group = self.classes.group(school, kind, workshop, rng)
        contact = self.classes.contact(school, rng)
        return Visit(workshop, school, group, contact, attendance_of(group.pupils, rng))


def load_history() -> None:
    """Write what is past: first the sessions that nobody has reported yet, then the years before and this one."""
    now, today, pages = timezone.now(), timezone.localdate(), workshops()
    historian = Historian(
        now=now,
        today=today,
        pages=[page for page in pages if page.takes_sessions and page.audience == WorkshopPage.Audience.CLASS],
        classes=Classes.of_register(),
        roster=Roster.with_known_sessions(facilitators()),
        places=venues(),
        references=set(Booking.objects.values_list("reference", flat=True)),
    )
    if not historian.pages or not historian.roster.people:
        return
    drafts = _unreported(historian)
    for year in range(today.year - YEARS_BEFORE, today.year + 1):
        drafts += _year(historian, year)
        drafts += _others(historian, year, [page for page in pages if page.audience in _OTHER_SLOTS])
    write_past(drafts)


def _suits(page: WorkshopPage, kind: str) -> bool:
    """Small special classes come only to workshops for small groups."""
    return kind != SPECIAL or (page.group_min or 0) <= 10


def _year(historian: Historian, year: int) -> list[PastSession]:
    """Return a year's sessions until yesterday, with every class reported."""
    rng = random.Random(f"{SEED} {year}")  # noqa: S311 - invented, not secret
    days = school_days(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    visits = _visits(historian, THIS_YEAR if year == historian.today.year else WHOLE_YEAR, rng)
    drafts: list[PastSession] = []
    for number, visit in enumerate(visits):
        if drafts and rng.random() < WITH_ANOTHER and _join(historian, drafts[-1], visit, rng):
            continue
        draft = historian.draft(visit, days, number * len(days) // len(visits), rng, rng.choice((ALONE, TWO_CLASSES)))
        if draft is None:
            continue
        draft.book(visit, rng, new_reference(historian.references, rng))
        draft.report(visit, rng, historian.now)
        drafts.append(draft)
        if rng.random() < ENDED:
            ended = historian.visit(PUBLIC, rng, visit.workshop)
            reference = new_reference(historian.references, rng)
            draft.book(ended, rng, reference, cancelled=True)
    return [draft for draft in drafts if draft.session.starts_at < at(historian.today, 0)]


def _visits(historian: Historian, wanted: dict[str, int], rng: random.Random) -> list[Visit]:
    """Return as many visits as bring the wanted number of pupils of each type, each type spread over the whole year."""
    placed: list[tuple[float, Visit]] = []
    for kind, target in wanted.items():
        visits: list[Visit] = []
        while sum(visit.present or 0 for visit in visits) < target:
            visits.append(historian.visit(kind, rng))
        placed += [((number + rng.random()) / len(visits), visit) for number, visit in enumerate(visits)]
    return [visit for _when, visit in sorted(placed, key=lambda pair: pair[0])]


def _join(historian: Historian, draft: PastSession, visit: Visit, rng: random.Random) -> bool:
    """Let a class share the session before, when its workshop is for that class too and there is room."""
    page = draft.session.workshop
    if draft.session.capacity != TWO_CLASSES or not _is_for(page, visit.group):
        return False
    visit = replace(visit, workshop=page)
    joined = draft.book(visit, rng, new_reference(historian.references, rng))
    if joined:
        draft.report(visit, rng, historian.now)
    return joined


def _is_for(page: WorkshopPage, group: ClassGroup) -> bool:
    """Say whether a class is of the workshop's grades and size."""
    grades = range(page.grade_from or 0, (page.grade_to or 0) + 1)
    return group.grade in grades and (page.group_min or 0) <= group.pupils <= (page.group_max or group.pupils)


_OTHER_SLOTS = {
    WorkshopPage.Audience.PARENTS.value: EVENING,
    WorkshopPage.Audience.STAFF.value: (9, 0),
    WorkshopPage.Audience.ADULTS.value: EVENING,
}


def _others(historian: Historian, year: int, pages: list[WorkshopPage]) -> list[PastSession]:
    """Return a few evenings and talks that were held; who came to them is not on the platform yet."""
    rng = random.Random(f"{SEED} others {year}")  # noqa: S311 - invented, not secret
    days = [day for day in school_days(dt.date(year, 1, 1), dt.date(year + 1, 1, 1)) if day.weekday() < 4]
    drafts = []
    for page in pages:
        for day in sorted(rng.sample(days, OTHERS_A_YEAR)):
            session = session_of(page, day, _OTHER_SLOTS[page.audience], rng.choice(historian.places))
            session.capacity, session.status = page.group_max, Session.Status.HELD
            people = historian.roster.assign(session.starts_at, page.facilitator_count)
            if people and day < historian.today:
                drafts.append(PastSession(session, people))
    return drafts


def _unreported(historian: Historian) -> list[PastSession]:
    """Return sessions of the last days that nobody has reported: three of the first facilitator's, two of others'."""
    rng = random.Random(f"{SEED} unreported")  # noqa: S311 - invented, not secret
    first, *others = historian.roster.people
    recent = _recent_starts(historian)
    plan = [(first, start) for start in recent[:UNREPORTED_OWN]]
    plan += list(zip(others, recent[1:], strict=False))[:UNREPORTED_OTHERS]
    alone = [page for page in historian.pages if page.facilitator_count == 1] or historian.pages
    drafts = []
    for number, (user, start) in enumerate(plan):
        page = alone[number % len(alone)]
        session = session_of(page, start.date(), (start.hour, start.minute), historian.places[0], capacity=ALONE)
        historian.roster.take(session.starts_at, user)
        draft = PastSession(session, [user])
        visit = historian.visit(PRIVATE if number == 1 else PUBLIC, rng, page)
        draft.book(visit, rng, new_reference(historian.references, rng))
        drafts.append(draft)
    return drafts


def _recent_starts(historian: Historian) -> list[dt.datetime]:
    """Return when recent sessions began, the latest first: today if one can have begun an hour ago, and days before.

    Workdays and not only school days, so that there is something to report in the school holidays too.
    """
    begun = [
        at(historian.today, *slot)
        for slot in SLOTS
        if is_workday(historian.today) and at(historian.today, *slot) <= historian.now - BEGAN_AN_HOUR_AGO
    ]
    days = days_between(historian.today - dt.timedelta(days=LOOK_BACK), historian.today)
    before = [at(day, *SLOTS[0]) for day in days if is_workday(day)]
    return [*begun[-1:], *reversed(before)]
