"""Everybody at once, in several processes: the invariants hold, nobody deadlocks (domain.md I1-I9).

Each race has a twin without the lock, which must be lost. VAERN_RACES=full runs the full counts of the issue.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from bookings.models import Booking, Session
from bookings.rules import State
from courses.models import WorkshopPage
from tests.bookings.oracle import assert_invariants
from tests.concurrency.crew import Attempt, Crew, crew, rounds
from tests.concurrency.processes import ROOT, environment
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]
PROCESSES, THREADS = 3, 17  # 51 attempts at a time
RACES, CROWDED = rounds(3, 200), rounds(2, 20)
BOUNDED = Session.WaitingRule.BOUNDED_BYPASS
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def racers(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Fifty-one racers in three processes."""
    env = environment(DJANGO_SETTINGS_MODULE="vaern.settings.test", LOG_LEVEL="ERROR")
    log = tmp_path_factory.mktemp("crew") / "log"
    with crew(processes=PROCESSES, threads=THREADS, log=log, env=env, cwd=ROOT) as members:
        yield members


def make_date(workshop: WorkshopPage, capacity: int, waiting_rule: str = BOUNDED) -> Session:
    return make_session(workshop=workshop, capacity=capacity, waiting_rule=waiting_rule)


def label() -> str:
    return f"K{next(_numbers)}"


def held(session: Session, pupils: int, **fields: object) -> Booking:
    return make_booking(session, label=label(), pupils=pupils, **fields)  # type: ignore[arg-type]


def book(session: Session, pupils: int, **fields: object) -> Attempt:
    return "book", {"session": session.pk, "label": label(), "pupils": pupils, **fields}


def went_wrong(outcomes: list[str]) -> list[str]:
    """Return what no booker may ever see: an error, a deadlock, a lock that was not to be had."""
    return [outcome for outcome in outcomes if outcome.startswith(("error", "busy"))]


Round = tuple[list[Session], list[Attempt], Callable[[list[str]], None]]


def run(racers: Crew, make_round: Callable[[], Round], *, times: int) -> None:
    """Race so often with the lock; print what became of the attempts."""
    seen: Counter[str] = Counter()
    for _ in range(times):
        sessions, attempts, check = make_round()
        outcomes = racers.race(attempts)
        assert went_wrong(outcomes) == []
        check(outcomes)
        for session in sessions:
            assert_invariants(session)
        seen.update(outcomes)
    print(times, dict(seen))


def assert_lost_without_the_lock(racers: Crew, make_round: Callable[[], Round], tries: int = 60) -> None:
    """Race without the lock until something breaks, which it must: else the race above proves nothing."""
    for _ in range(tries):
        sessions, attempts, check = make_round()
        outcomes = racers.race(attempts, lock=False)
        try:
            assert went_wrong(outcomes) == []
            check(outcomes)
            for session in sessions:
                assert_invariants(session)
        except AssertionError as broken:
            print(repr(broken))
            return
    pytest.fail("nobody raced")


# -- one session, many bookers ----------------------------------------------------------------------------


def seats_for_one_each(workshop: WorkshopPage) -> Round:
    """Fifty-one want thirty seats, one each."""
    session = make_session(workshop=workshop, capacity=30)

    def check(outcomes: list[str]) -> None:
        assert Counter(outcomes) == {"confirmed": 30, "refused: full": 21}

    return [session], [book(session, 1) for _ in range(PROCESSES * THREADS)], check


def groups_of_one_to_five(workshop: WorkshopPage) -> Round:
    """Fifty-one groups of one to five want thirty seats, and wait when there is no room."""
    session = make_date(workshop, 30)
    rng = random.Random(next(_numbers))
    attempts = [
        book(session, rng.randint(1, 5), wait=True, confirm_at_once=rng.random() < 0.5)
        for _ in range(PROCESSES * THREADS)
    ]

    def check(outcomes: list[str]) -> None:
        assert set(outcomes) <= {"confirmed", "waitlisted"}
        session.refresh_from_db()
        assert session.seats_taken <= 30

    return [session], attempts, check


def cancel_and_book(workshop: WorkshopPage) -> Round:
    """Seats are freed while others want them and one waits."""
    session = make_date(workshop, 12)
    leaving = [held(session, pupils) for pupils in (5, 4, 3)]
    held(session, 5, wait=True, confirm_at_once=True)
    attempts = [("cancel", {"booking": booking.pk}) for booking in leaving]
    attempts += [book(session, pupils, wait=pupils < 4) for pupils in (1, 2, 3, 4, 5, 1, 2, 3)]

    def check(outcomes: list[str]) -> None:
        assert outcomes[:3] == ["cancelled"] * 3

    return [session], attempts, check


def accept_and_expire(workshop: WorkshopPage) -> Round:
    """An offer is taken at the moment that it runs out, while others want the seats."""
    session = make_date(workshop, 5)
    first = held(session, 5)
    waiting = [held(session, 5, wait=True) for _ in range(2)]
    racers_start = timezone.now() + dt.timedelta(milliseconds=random.randint(20, 120))
    Booking.objects.filter(pk=first.pk).update(state=State.OFFERED, offer_expires_at=racers_start, queued_at=None)
    Session.objects.filter(pk=session.pk).update(offers_end_at=racers_start)
    attempts: list[Attempt] = [("accept", {"booking": first.pk}), ("expire", {})] * 3
    attempts += [book(session, 5), book(session, 5)]

    def check(outcomes: list[str]) -> None:
        first.refresh_from_db()
        taken = {outcome for attempt, outcome in zip(attempts, outcomes, strict=True) if attempt[0] == "accept"}
        assert first.state in {State.CONFIRMED, State.EXPIRED}
        if first.state == State.CONFIRMED:
            assert taken == {"confirmed"}
        else:
            assert taken == {"refused: offer_lapsed"}
            waiting[0].refresh_from_db()
            assert waiting[0].state == State.OFFERED

    return [session], attempts, check


def capacity_cut_and_book(workshop: WorkshopPage) -> Round:
    """The room turns out to be smaller while it is being booked."""
    session = make_date(workshop, 10)
    held(session, 2)
    attempts = [book(session, pupils) for pupils in (4, 4, 3, 2)]
    attempts += [("capacity", {"session": session.pk, "seats": seats}) for seats in (6, 5, 9)]

    def check(outcomes: list[str]) -> None:
        session.refresh_from_db()
        assert session.capacity is not None
        assert session.seats_taken <= session.capacity

    return [session], attempts, check


def swap_between_two(workshop: WorkshopPage) -> Round:
    """Four change places between two dates, each way, and each has room for one of them at a time."""
    one, other = make_date(workshop, 11), make_date(workshop, 11)
    here, there = [held(one, 5) for _ in range(2)], [held(other, 5) for _ in range(2)]
    Session.objects.filter(pk__in=[one.pk, other.pk]).update(capacity=15)
    attempts: list[Attempt] = [("move", {"booking": booking.pk, "session": other.pk}) for booking in here]
    attempts += [("move", {"booking": booking.pk, "session": one.pk}) for booking in there]
    attempts += [("cancel", {"booking": here[0].pk}), book(one, 5, wait=True), book(other, 5, wait=True)]

    def check(outcomes: list[str]) -> None:
        bookings = Booking.objects.filter(pk__in=[booking.pk for booking in [*here, *there]])
        for booking in bookings:
            lines = set(booking.lines.values_list("session_id", flat=True))
            assert lines == {booking.session_id}

    return [one, other], attempts, check


def numbers_and_book(workshop: WorkshopPage) -> Round:
    """Classes grow and shrink while others want the seats."""
    session = make_date(workshop, 12)
    grown = [held(session, 3) for _ in range(3)]
    attempts: list[Attempt] = [
        ("change", {"booking": booking.pk, "line": booking.lines.get().pk, "pupils": pupils})
        for booking, pupils in zip(grown * 2, (5, 5, 5, 1, 2, 4), strict=True)
    ]
    attempts += [book(session, pupils, wait=True) for pupils in (3, 2, 4)]
    return [session], attempts, lambda outcomes: None


CROWDS = {seats_for_one_each, groups_of_one_to_five}
RACED = [
    seats_for_one_each,
    groups_of_one_to_five,
    cancel_and_book,
    accept_and_expire,
    capacity_cut_and_book,
    swap_between_two,
    numbers_and_book,
]


@pytest.mark.parametrize("race", RACED, ids=lambda race: race.__name__)
def test_a_race_keeps_the_invariants(racers: Crew, race: Callable[[WorkshopPage], Round]) -> None:
    make_school()
    workshop = make_workshop()
    run(racers, lambda: race(workshop), times=CROWDED if race in CROWDS else RACES)


@pytest.mark.parametrize("race", RACED, ids=lambda race: race.__name__)
def test_without_the_lock_the_same_race_is_lost(racers: Crew, race: Callable[[WorkshopPage], Round]) -> None:
    workshop = make_workshop()
    assert_lost_without_the_lock(racers, lambda: race(workshop))
