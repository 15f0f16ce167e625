"""Bookings of coming dates, made by the verbs that every booking goes through: seats, audit and messages are real."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace

from django.utils import timezone

from bookings.domain.booking import Refused, book_class, cancel
from bookings.domain.session import cancel_session
from bookings.models import Booking, Session
from courses.models import WorkshopPage
from vaern.demo.classes import PRIVATE, PUBLIC, Classes
from vaern.demo.people import coordinator
from vaern.demo.sessions import ONE_CLASS
from vaern.demo.workshops import workshops

SEED = 4711
# How many dates of each shape get bookings, soonest first: (classes in separate bookings, how many dates).
GROUPS_FULL, GROUPS_HALF, FULL, ONE_BOOKED, HALF_BOOKED, TOGETHER = 2, 2, 3, 7, 9, 2
CANCELLED = 3
SESSION_CANCEL_REASON = "Underviseren er forhindret, og vi kunne ikke finde en anden"
EVERY_THIRD_FREE = 3
# The last three dates: one is cancelled as a whole, one is by link only, one is not open yet.
SET_ASIDE = 3


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
    called_off, actor = sessions[-SET_ASIDE], coordinator()
    _book(called_off, Wish(), classes, rng)
    cancel_session(session_id=called_off.pk, reason=SESSION_CANCEL_REASON, actor_id=actor.pk if actor else None)


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
