"""What a coordinator's morning has: sessions at hand, visits to answer, a clash, a message that came back."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from contextlib import suppress

from django.utils import timezone

from bookings.domain.booking import Refused, book_class
from bookings.domain.visits import request_visit
from bookings.models import Session
from courses.models import WorkshopPage
from vaern.demo.classes import PRIVATE, PUBLIC, Classes
from vaern.demo.content import venues
from vaern.demo.days import at, school_days
from vaern.demo.people import coordinator, facilitators
from vaern.demo.roster import SLOTS, Draft, session_of, slots_for, write_sessions
from vaern.demo.workshops import workshops
from vaern.outbox.models import Message
from vaern.people.models import User
from vaern.workspace.domain.views import save_view
from vaern.workspace.models import SavedView

SEED = 815
DAYS_AHEAD = dt.timedelta(days=8)
CAPACITY = 28
EVERY_FOURTH_EMPTY = 4
VISITS = 3
VIEWS = (
    (SavedView.List.SESSIONS, "For få tilmeldte", "need=below_minimum"),
    (SavedView.List.SESSIONS, "Mangler fremmøde", "need=unreported"),
    (SavedView.List.BOOKINGS, "Venter på svar", "state=requested"),
    (SavedView.List.ORGANISATIONS, "Skoler uden booking i år", "booked=no&kind=school"),
)


def load_desk() -> None:
    """Write the days at hand. Each booking is a verb of its own; keys made of the session write nothing twice."""
    rng = random.Random(SEED)  # noqa: S311 - invented, not secret
    pages = [page for page in workshops() if page.takes_sessions and page.audience == WorkshopPage.Audience.CLASS]
    people, classes = facilitators(), Classes.of_register()
    if not pages or not people:
        return
    drafts = _drafts(pages, people, rng)
    write_sessions(drafts)
    for number, draft in enumerate(drafts):
        if number % EVERY_FOURTH_EMPTY:
            _book(draft.session, classes, rng)
    _ask_for_visits(classes, rng)
    _let_one_come_back()
    _save_views()


def _drafts(pages: list[WorkshopPage], people: list[User], rng: random.Random) -> list[Draft]:
    """Return two sessions of each school day until next week; at the end one person is at two places at once."""
    today, now = timezone.localdate(), timezone.now()
    drafts: list[Draft] = []
    for day in school_days(today, today + DAYS_AHEAD):
        for place, slot in enumerate(SLOTS[:2]):
            page = pages[len(drafts) % len(pages)]
            if at(day, *slot) <= now or slot not in slots_for(page.duration_minutes):
                continue
            session = session_of(
                page, day, slot, rng.choice(venues()), capacity=min(CAPACITY, page.group_max or CAPACITY)
            )
            drafts.append(Draft(session, [people[(len(drafts) + place) % len(people)]]))
    if len(drafts) > EVERY_FOURTH_EMPTY:
        last = drafts[-1]
        twin = session_of(
            pages[0], timezone.localdate(last.session.starts_at), SLOTS[1], venues()[0], capacity=CAPACITY
        )
        twin.starts_at = last.session.starts_at + dt.timedelta(minutes=30)
        twin.ends_at = twin.starts_at + dt.timedelta(minutes=pages[0].duration_minutes)
        drafts.append(Draft(twin, last.facilitators))
    return drafts


def _book(session: Session, classes: Classes, rng: random.Random) -> None:
    kind = PRIVATE if rng.random() < 0.2 else PUBLIC
    school = classes.pick(kind, rng)
    with suppress(Refused):
        book_class(
            session_id=session.pk,
            school=school,
            groups=[classes.group(school, kind, session.workshop, rng)],
            contact=classes.contact(school, rng),
            language="da",
            idempotency_key=uuid.uuid5(session.uuid, "demo desk"),
        )


def _ask_for_visits(classes: Classes, rng: random.Random) -> None:
    ways = (WorkshopPage.Way.REQUEST, WorkshopPage.Way.BOTH)
    pages = [page for page in workshops() if page.way_of_booking in ways]
    days = school_days(timezone.localdate() + dt.timedelta(days=21), timezone.localdate() + dt.timedelta(days=90))
    for number, page in enumerate((pages * VISITS)[:VISITS]):
        school = classes.pick(PUBLIC, rng)
        wishes = [at(days[(number * 5 + one * 3) % len(days)], 9 + one) for one in range(2)]
        with suppress(Refused):
            request_visit(
                workshop_id=page.pk,
                school=school,
                groups=[classes.group(school, PUBLIC, page, rng)],
                contact=classes.contact(school, rng),
                wishes=wishes,
                language="da",
                idempotency_key=uuid.uuid5(page.translation_key, f"demo visit {number}"),
            )


def _let_one_come_back() -> None:
    """Let the newest confirmation have come back from the recipient's mail server."""
    message = Message.objects.filter(kind="bookings.confirmed").order_by("-pk").first()
    if message:
        message.state, message.sent_at, message.last_error = Message.State.BOUNCED, timezone.now(), "bounced 5.1.1"
        message.save(update_fields=["state", "sent_at", "last_error"])


def _save_views() -> None:
    user = coordinator()
    for of_list, name, query in VIEWS if user else ():
        save_view(user_id=user.pk, of_list=of_list, name=name, query=query)  # type: ignore[union-attr]
