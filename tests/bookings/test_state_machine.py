"""Whatever is done in whatever order: the invariants hold after each step (domain.md I1-I10).

VAERN_RACES=full tries more.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bookings.domain.approval import approve, reject
from bookings.domain.booking import BookingSchool, ClassGroup, Refused, book_class, cancel
from bookings.domain.changes import Numbers, change_numbers, move_booking
from bookings.domain.line import is_due
from bookings.domain.offers import accept_offer, decline_offer, expire_offers, move_lines
from bookings.domain.session import CapacityBelowTaken, cancel_session, change_session
from bookings.facts import group_limits, session_facts
from bookings.models import Booking, Overtaking, Session
from bookings.rules import Group, answer
from courses.models import WorkshopPage
from tests.bookings.oracle import assert_ended_are_as_they_were, assert_invariants, ended
from tests.conftest import NOW
from tests.factories.bookings import CONTACT
from tests.factories.courses import make_workshop
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = pytest.mark.usefixtures("site")

FULL = os.environ.get("VAERN_RACES") == "full"
RULES = st.sampled_from(["bounded", "strict", "none"])
_labels = itertools.count(1)
Fingerprint = dict[int, tuple[str, int, int]]


class Engine(RuleBasedStateMachine):
    """Two dates of one workshop, their bookings, and a clock."""

    workshop: WorkshopPage

    def __init__(self) -> None:
        super().__init__()
        self.travel = time_machine.travel(NOW, tick=False)
        self.clock = self.travel.start()
        self.keys: list[tuple[int, str, int, uuid.UUID]] = []
        self.ended: Fingerprint = {}

    def teardown(self) -> None:
        self.travel.stop()

    @initialize(rule_of_one=RULES, rule_of_other=RULES, days=st.integers(5, 20))
    def plan(self, rule_of_one: str, rule_of_other: str, days: int) -> None:
        """Plan the two dates."""
        start = timezone.now() + dt.timedelta(days=days + 2)
        self.sessions = [
            Session.objects.create(
                workshop=self.workshop,
                starts_at=start,
                ends_at=start + dt.timedelta(hours=1),
                closes_at=timezone.now() + dt.timedelta(days=days),
                capacity=8,
                waiting_rule=waiting_rule,
            )
            for waiting_rule in (rule_of_one, rule_of_other)
        ]
        # A class that many smaller ones can go past, so that the line has something to decide from the first step.
        for session in self.sessions:
            self.do(self._book, session.pk, f"K{next(_labels)}", 5, uuid.uuid4())
            self.do(self._book, session.pk, f"K{next(_labels)}", 7, uuid.uuid4(), wait=True)

    # -- what can be done -----------------------------------------------------------------------------

    @rule(which=st.integers(0, 1), pupils=st.integers(1, 9), wait=st.booleans(), at_once=st.booleans())
    def book(self, which: int, pupils: int, wait: bool, at_once: bool) -> None:
        """Book, and get what `answer` promised (I10)."""
        session = Session.objects.select_related("workshop", "series").get(pk=self.sessions[which].pk)
        settled = not is_due(session, now=timezone.now())
        promised = answer(
            session_facts(session),
            now=timezone.now(),
            seats=pupils,
            groups=(Group(pupils),),
            limits=group_limits(session),
            wait=wait,
        )
        label, key = f"K{next(_labels)}", uuid.uuid4()
        booking = self.do(self._book, session.pk, label, pupils, key, wait=wait, confirm_at_once=at_once)
        if settled and isinstance(booking, Booking):
            assert booking.state == promised.state, "I10"
        elif settled:
            assert isinstance(booking, Refused)
            assert (booking.why, booking.may_wait) == (promised.refusal, promised.may_wait), "I10"
        if isinstance(booking, Booking):
            self.keys.append((session.pk, label, pupils, key))

    @rule(which=st.integers(0, 1), pupils=st.integers(1, 3), at_once=st.booleans())
    def book_a_few(self, which: int, pupils: int, at_once: bool) -> None:
        """A small class that will wait: what most bookings are, and what goes past the larger ones."""
        self.book(which=which, pupils=pupils, wait=True, at_once=at_once)

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def send_again(self, data: Any) -> None:
        """The same form sent again is the same booking and writes nothing (I4)."""
        session, label, pupils, key = data.draw(st.sampled_from(self.keys))
        booking = Booking.objects.get(idempotency_key=key)
        if booking.lines.get().pupils != pupils or any(is_due(each, now=timezone.now()) for each in self.fresh()):
            return
        before = self.written()
        assert self._book(session, label, pupils, key) == booking
        assert self.written() == before, "I4"

    @rule(data=st.data(), verb=st.sampled_from([accept_offer, decline_offer, cancel]))
    def answer_or_cancel(self, data: Any, verb: Any) -> None:
        """Accept, say no thanks, or cancel."""
        if booking := self.some(data):
            self.do(verb, booking_id=booking.pk)

    @rule(data=st.data())
    def cancel_by_staff(self, data: Any) -> None:
        """Staff cancel, whatever the deadline."""
        if booking := self.some(data):
            self.do(cancel, booking_id=booking.pk, by_staff=True, reason="Nej")

    @rule(data=st.data(), pupils=st.integers(1, 9), by_staff=st.booleans())
    def change(self, data: Any, pupils: int, by_staff: bool) -> None:
        """Other numbers."""
        if booking := self.some(data):
            line = booking.lines.get()
            self.do(change_numbers, booking_id=booking.pk, numbers={line.pk: Numbers(pupils, 1)}, by_staff=by_staff)

    @rule(data=st.data(), which=st.integers(0, 1), wait=st.booleans(), by_staff=st.booleans())
    def move(self, data: Any, which: int, wait: bool, by_staff: bool) -> None:
        """Another date; reference and link stay."""
        if booking := self.some(data):
            target = self.sessions[which].pk
            moved = self.do(move_booking, booking_id=booking.pk, to_session_id=target, wait=wait, by_staff=by_staff)
            if isinstance(moved, Booking):
                assert (moved.reference, moved.token_hash) == (booking.reference, booking.token_hash)

    @rule(which=st.integers(0, 1), seats=st.one_of(st.none(), st.integers(0, 14)))
    def capacity(self, which: int, seats: int | None) -> None:
        """More or less room, or no limit; never below what is taken (I7)."""
        taken = Session.objects.get(pk=self.sessions[which].pk).seats_taken
        done = self.do(change_session, session_id=self.sessions[which].pk, changes={"capacity": seats}, actor_id=None)
        if seats is not None and seats < taken and isinstance(done, Session):
            done.refresh_from_db()
            assert done.seats_taken <= seats, "I7"

    @rule(
        which=st.integers(0, 1),
        changes=st.one_of(
            st.fixed_dictionaries({"waiting_rule": RULES}), st.fixed_dictionaries({"approval_needed": st.booleans()})
        ),
    )
    def rules_of_the_date(self, which: int, changes: dict[str, Any]) -> None:
        """Another waiting rule; approval or not."""
        self.do(change_session, session_id=self.sessions[which].pk, changes=changes, actor_id=None)

    @rule(which=st.integers(0, 1), hours=st.integers(1, 200))
    def close_earlier_or_later(self, which: int, hours: int) -> None:
        """Registration closes at another time."""
        changes = {"closes_at": timezone.now() + dt.timedelta(hours=hours)}
        self.do(change_session, session_id=self.sessions[which].pk, changes=changes, actor_id=None)

    @rule(data=st.data(), number=st.integers(1, 3), wait=st.booleans(), yes=st.booleans())
    def approve_or_reject(self, data: Any, number: int, wait: bool, yes: bool) -> None:
        """Answer requests, several at once."""
        keys = [booking.pk for booking in self.bookings() if booking.state == "requested"][:number]
        if keys and yes:
            self.do(approve, booking_ids=keys, wait=wait, actor_id=None)
        elif keys:
            self.do(reject, booking_ids=keys, reason="Nej", actor_id=None)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        """Hours go by, and the minute job has run."""
        self.clock.shift(dt.timedelta(hours=hours))
        self.do(expire_offers, now=timezone.now())
        self.do(move_lines, now=timezone.now())

    @precondition(lambda self: len(self.keys) > 6)
    @rule(which=st.integers(0, 1))
    def call_off(self, which: int) -> None:
        """A date is cancelled; twice is as good as once."""
        self.do(cancel_session, session_id=self.sessions[which].pk, reason="Storm", actor_id=None)
        before = self.written()
        assert cancel_session(session_id=self.sessions[which].pk, reason="Storm", actor_id=None) == []
        assert self.written() == before

    # -- what always holds ----------------------------------------------------------------------------

    @invariant()
    def invariants_hold(self) -> None:
        """I1, I2, I3, I5 and I6 on both dates."""
        if not hasattr(self, "sessions"):
            return
        for session in self.sessions:
            assert_invariants(session)
        assert_ended_are_as_they_were(self.ended)
        self.ended = ended()

    def do(self, verb: Any, *args: Any, **fields: Any) -> Any:
        """Call a verb; return its answer or refusal. What changed was written down and told, and nothing else (I8)."""
        before, told = self.fingerprints(), self.written()
        try:
            result = verb(*args, **fields)
        except (Refused, CapacityBelowTaken) as refused:
            result = refused
        after = self.fingerprints()
        changed = {key for key in after if after[key] != before.get(key)}
        events, messages = self.written()
        if changed:
            assert events > told[0], "I8"
            assert messages > told[1], "I8"
        for key in changed:
            booking = Booking.objects.get(pk=key)
            assert Message.objects.filter(thread=f"booking:{booking.uuid}", version=booking.version).exists(), "I8"
        if not changed and isinstance(result, Refused | CapacityBelowTaken):
            assert self.written() == told, "I8: a refusal writes nothing"
        return result

    def _book(self, session: int, label: str, pupils: int, key: uuid.UUID, **fields: Any) -> Booking:
        return book_class(
            session_id=session,
            school=BookingSchool(unlisted_name="Skolen"),
            groups=[ClassGroup(label, 7, pupils, 1)],
            contact=CONTACT,
            language="da",
            idempotency_key=key,
            **fields,
        )

    def fresh(self) -> list[Session]:
        """Return both dates as they are in the database."""
        keys = [session.pk for session in self.sessions]
        return list(Session.objects.select_related("workshop", "series").filter(pk__in=keys))

    def bookings(self) -> list[Booking]:
        """Return the bookings of both dates."""
        return list(Booking.objects.filter(session__in=self.sessions).order_by("pk"))

    def some(self, data: Any) -> Booking | None:
        """Return one of the bookings, ended ones among them."""
        found = self.bookings()
        return data.draw(st.sampled_from(found)) if found else None

    def fingerprints(self) -> Fingerprint:
        """Return {key: (state, session, seats)}."""
        rows = Booking.objects.filter(session__in=self.sessions).values_list("pk", "state", "session_id", "seats")
        return {row[0]: row[1:] for row in rows}

    def written(self) -> tuple[int, int]:
        """Return how many events and messages there are."""
        return AuditEvent.objects.count(), Message.objects.count()


def test_the_invariants_hold_whatever_is_done() -> None:
    Engine.workshop = make_workshop()
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=200 if FULL else 12,
            stateful_step_count=50 if FULL else 25,
            deadline=None,
            derandomize=not FULL,
            suppress_health_check=list(HealthCheck),
            database=None,
            # A failure is told as it was met: shrinking one takes minutes of a shared machine.
            phases=[Phase.generate],
        ),
    )
    done = set(AuditEvent.objects.filter(subject_type="booking").values_list("action", flat=True))
    assert {"booking.waitlisted", "booking.offered", "booking.expired", "booking.cancelled"} <= done
    assert not FULL or Overtaking.objects.exists()
