"""The race itself: with the lock it is won by one; without it, it is lost, so the other tests do race."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, connections

from bookings.domain.booking import Refused
from bookings.models import Booking, Session
from tests.concurrency.nolock import lock_taken_away
from tests.concurrency.visitors import Ready, at_once
from tests.factories.bookings import make_booking, make_session
from tests.factories.people import make_school
from vaern.people.models import Organisation

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]
RUNNERS = 12
ROUNDS = 3


def race(school: Organisation) -> Counter[str]:
    """Twelve threads want the one place of a new session; says how it went for them."""
    session = make_session(capacity=1, capacity_unit=Session.Unit.GROUPS)

    def runner(number: int) -> Callable[[Ready], str]:
        def run(ready: Ready) -> str:
            try:
                connection.ensure_connection()
                ready()
                make_booking(session, school=school, label=f"7.{number}")
            except Refused:
                return "refused"
            except IntegrityError:
                return "stopped by the constraint"
            finally:
                connections.close_all()
            return "booked"

        return run

    outcome = Counter(at_once([runner(number) for number in range(RUNNERS)]))
    outcome["held"] = Booking.objects.holding_seats().filter(session=session).count()
    return outcome


def test_one_place_is_won_by_one() -> None:
    school = make_school()
    for _ in range(ROUNDS):
        assert race(school) == {"booked": 1, "refused": RUNNERS - 1, "held": 1}


def test_without_the_lock_the_same_race_oversells() -> None:
    school = make_school()
    outcomes = []
    for _ in range(ROUNDS):
        with lock_taken_away():
            outcomes.append(race(school))
        if outcomes[-1]["held"] > 1 or outcomes[-1]["stopped by the constraint"]:
            print(outcomes)
            return
    pytest.fail(f"nobody raced: {outcomes}")
