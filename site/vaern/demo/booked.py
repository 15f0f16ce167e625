"""Bookings of coming dates, made by the verbs that every booking goes through: seats, audit and messages are real."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace

from django.utils import timezone

from bookings.domain.booking import Contact, Person, Refused, book_class, book_parents, book_staff, cancel
from bookings.domain.session import cancel_session, change_session
from bookings.models import Booking, Session
from bookings.rules import State
from courses.models import WorkshopPage
from vaern.demo.classes import PRIVATE, PUBLIC, Classes
from vaern.demo.people import coordinator
from vaern.demo.sessions import ONE_CLASS
from vaern.demo.workshops import workshops
from vaern.people.models import Administration

SEED = 4711
# How many dates of each shape get bookings, soonest first: (classes in separate bookings, how many dates).
GROUPS_FULL, GROUPS_HALF, FULL, ONE_BOOKED, HALF_BOOKED, TOGETHER = 2, 2, 3, 7, 9, 2
CANCELLED = 3
SESSION_CANCEL_REASON = "Underviseren er forhindret, og vi kunne ikke finde en anden"
EVERY_THIRD_FREE = 3
# The last three dates: one is cancelled as a whole, one is by link only, one is not open yet.
SET_ASIDE = 3
NAMES = [("Mona", "Vest"), ("Ali", "Sund"), ("Karin", "Lund"), ("Peter", "Holt"), ("Sara", "Bak"), ("Omar", "Dahl")]


@dataclass(frozen=True)
class Wish:
    """What to book onto a date: so many bookings, of so many classes each, and perhaps every seat."""

    bookings: int = 1
    classes: int = 1
    fill: bool = False


def load_bookings() -> None:
    """Book and cancel. What cannot be booked any more, when an interrupted load goes on later, is left out.

    Not one transaction: each verb is its own. Keys made of the session make running it again write nothing.
    """
    sessions = _class_sessions()
    if len(sessions) < SET_ASIDE:
        return
    rng = random.Random(SEED)  # noqa: S311 - invented, not secret
    classes = Classes.of_register()
    wishes = _wishes(sessions[:-SET_ASIDE])
    booked = [booking for session, wish in wishes for booking in _book(session, wish, classes, rng)]
    for booking in booked[5 : 5 + 4 * CANCELLED : 4]:
        with suppress(Refused):
            cancel(booking_id=booking.pk)
    _book_in_line([session for session, wish in wishes if wish.fill], classes, rng)
    _request(sessions[:-SET_ASIDE], classes, rng)
    _book_people(rng)
    called_off, actor = sessions[-SET_ASIDE], coordinator()
    _book(called_off, Wish(), classes, rng)
    cancel_session(session_id=called_off.pk, reason=SESSION_CANCEL_REASON, actor_id=actor.pk if actor else None)


def _book_in_line(full: list[Session], classes: Classes, rng: random.Random) -> None:
    """Let two dates that are full have a waiting list: on one somebody waits, on the other somebody is offered it."""
    for place, session in enumerate(full[:2]):
        change_session(
            session_id=session.pk, changes={"waiting_rule": Session.WaitingRule.BOUNDED_BYPASS}, actor_id=None
        )
        for number in range(2):
            school = classes.pick(PUBLIC, rng)
            with suppress(Refused):
                book_class(
                    session_id=session.pk,
                    school=school,
                    groups=[classes.group(school, PUBLIC, session.workshop, rng)],
                    contact=classes.contact(school, rng),
                    language="da",
                    idempotency_key=uuid.uuid5(session.uuid, f"demo line {number}"),
                    wait=True,
                )
        holding = session.bookings.filter(state=State.CONFIRMED).order_by("pk").first()
        if place and holding and session.waiting_rule == Session.WaitingRule.NONE:
            with suppress(Refused):
                cancel(booking_id=holding.pk)


def _request(sessions: list[Session], classes: Classes, rng: random.Random) -> None:
    """Let one free date be approved by a coordinator, who has a request to answer."""
    free = next((session for session in reversed(sessions) if not session.bookings.exists()), None)
    if free is None:
        return
    change_session(session_id=free.pk, changes={"approval_needed": True}, actor_id=None)
    _book(free, Wish(), classes, rng)


def _book_people(rng: random.Random) -> None:
    """Book parents, alone and in pairs, and staff, alone and as a team, onto the first dates for them."""
    coming = Session.objects.filter(workshop__in=workshops(), starts_at__gt=timezone.now() + dt.timedelta(days=1))
    administrations = list(Administration.objects.on(timezone.localdate()).order_by("pk"))
    for audience in (WorkshopPage.Audience.PARENTS, WorkshopPage.Audience.STAFF):
        for session in coming.filter(workshop__audience=audience).order_by("starts_at", "pk")[:3]:
            for number in range(rng.randint(2, 5)):
                key = uuid.uuid5(session.uuid, f"demo person {number}")
                with suppress(Refused):
                    if audience == WorkshopPage.Audience.PARENTS:
                        _book_parents(session, number, key)
                    elif administrations:
                        _book_staff(session, number, key, administrations[number % len(administrations)])


def _person(number: int) -> Contact:
    first, last = NAMES[number % len(NAMES)]
    return Contact(f"{first} {last}", f"{first}.{last}{number}@example.dk".lower(), f"3100 00{10 + number}")


def _book_parents(session: Session, number: int, key: uuid.UUID) -> None:
    second = Person(_person(number + 1).name) if number % 2 else None
    book_parents(
        session_id=session.pk, contact=_person(number), second_adult=second, language="da", idempotency_key=key
    )


def _book_staff(session: Session, number: int, key: uuid.UUID, administration: Administration) -> None:
    team = [Person(_person(number).name, _person(number).email), Person(), Person()] if number % 3 == 1 else None
    book_staff(
        session_id=session.pk,
        contact=_person(number),
        administration_id=administration.pk,
        workplace="Borgerservice",
        role="Medarbejder",
        team=team,
        language="da",
        idempotency_key=key,
    )


def _class_sessions() -> list[Session]:
    """Return the coming dates for classes in order, but the first, which has closed."""
    coming = Session.objects.filter(
        workshop__in=workshops(),
        workshop__audience=WorkshopPage.Audience.CLASS,
        starts_at__gt=timezone.now() + dt.timedelta(days=1),
    )
    return list(coming.select_related("workshop").order_by("starts_at", "pk"))[1:]


def _wishes(sessions: list[Session]) -> list[tuple[Session, Wish]]:
    """Share the wishes among the dates by their shape, soonest first; every third date stays free."""
    quota = Counter(
        groups_full=GROUPS_FULL,
        groups_half=GROUPS_HALF,
        together=TOGETHER,
        half=HALF_BOOKED,
        full=FULL,
        one=ONE_BOOKED,
    )
    wishes = {
        "groups_full": Wish(bookings=2),
        "groups_half": Wish(),
        "together": Wish(classes=2),
        "half": Wish(),
        "full": Wish(fill=True),
        "one": Wish(),
    }
    shared = []
    for number, session in enumerate(sessions):
        if number % EVERY_THIRD_FREE == EVERY_THIRD_FREE - 1:
            continue
        shape = next((shape for shape in _shapes(session) if quota[shape] > 0), None)
        if shape:
            quota[shape] -= 1
            shared.append((session, wishes[shape]))
    return shared


def _shapes(session: Session) -> tuple[str, ...]:
    """Return the wishes that suit the date, the rarer first."""
    if session.capacity_unit == Session.Unit.GROUPS:
        return ("groups_full", "groups_half")
    return ("together", "half") if (session.capacity or 0) > ONE_CLASS else ("full", "one")


def _book(session: Session, wish: Wish, classes: Classes, rng: random.Random) -> list[Booking]:
    """Book what is wished; a class that has booked this date already, and the like, is left out."""
    booked = []
    for number in range(wish.bookings):
        kind = PRIVATE if rng.random() < 0.2 else PUBLIC
        school = classes.pick(kind, rng)
        groups = [classes.group(school, kind, session.workshop, rng) for _class in range(wish.classes)]
        if wish.fill and session.capacity:
            groups = [replace(groups[0], pupils=session.capacity)]
        if wish.classes > 1:
            groups = [
                replace(group, label=f"{group.grade}.{letter}") for group, letter in zip(groups, "AB", strict=True)
            ]
        with suppress(Refused):
            booked.append(
                book_class(
                    session_id=session.pk,
                    school=school,
                    groups=groups,
                    contact=classes.contact(school, rng),
                    language="da",
                    idempotency_key=uuid.uuid5(session.uuid, f"demo {number}"),
                )
            )
    return booked
