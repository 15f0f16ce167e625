"""A web process that is killed while it books: everything or nothing, and no lock stays (domain.md I8)."""

from __future__ import annotations

import datetime as dt
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from bookings.domain.booking import cancel
from bookings.models import Booking, GroupLine, Session
from tests.bookings.oracle import assert_all_invariants
from tests.concurrency.crew import crew
from tests.concurrency.processes import ROOT, Process, environment, until
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.people import make_school
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]

# Killed by what is sent to the database, whatever of ours sends it: right after a message is first written.
BEGINNING = """
import os, re, signal, sys
import django
django.setup()
from django.db import connection

WRITES_A_MESSAGE = re.compile(r'(INSERT INTO|UPDATE) "?outbox_message')

def killed(*args):
    os.kill(os.getpid(), signal.SIGKILL)

def killed_after_a_message(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if WRITES_A_MESSAGE.search(sql):
        killed()
    return result
"""

PROGRAM = f"""{BEGINNING}
from contextlib import nullcontext
from bookings.models import Session
from tests.factories.bookings import make_booking
from vaern.people.models import Organisation

moment, session = sys.argv[1:]
with connection.execute_wrapper(killed_after_a_message) if moment == "before the commit" else nullcontext():
    make_booking(Session.objects.get(pk=session), school=Organisation.objects.schools().get())
if moment == "after the commit":
    killed()
"""


def test_a_process_killed_while_booking_leaves_all_or_nothing(tmp_path: Path) -> None:
    school, session, other = make_school(), make_session(capacity=60), make_session(capacity=60)
    env = environment(DJANGO_SETTINGS_MODULE="vaern.settings.test")
    before, after = (
        Process(["-c", PROGRAM, moment, str(row.pk)], log=tmp_path / moment, env=env)
        for moment, row in (("before the commit", session), ("after the commit", other))
    )
    assert before.wait() == -signal.SIGKILL, before.tail()
    assert after.wait() == -signal.SIGKILL, after.tail()

    session.refresh_from_db()
    other.refresh_from_db()
    assert (session.seats_taken, other.seats_taken) == (0, 24)
    assert Booking.objects.get().session == other
    assert [model.objects.count() for model in (GroupLine, Message, AuditEvent)] == [1, 1, 1]
    assert make_booking(session, school=school, label="7.A").seats == 24  # no lock was left behind


VERBS = f"""{BEGINNING}
from bookings.domain.booking import cancel
from bookings.domain.changes import Numbers, change_numbers, move_booking
from bookings.models import Booking

verb, reference, other = sys.argv[1:]
booking = Booking.objects.get(reference=reference)
line = booking.lines.get().pk
with connection.execute_wrapper(killed_after_a_message):
    if verb == "cancel":
        cancel(booking_id=booking.pk)
    elif verb == "move":
        move_booking(booking_id=booking.pk, to_session_id=int(other))
    else:
        change_numbers(booking_id=booking.pk, numbers=dict([(line, Numbers(10, 1))]))
"""


def state_of_all() -> list[object]:
    """Return all that a verb changes."""
    return [
        *Session.objects.order_by("pk").values_list("pk", "seats_taken", "waiting", "line_blocked"),
        *Booking.objects.order_by("pk").values_list("pk", "state", "session_id", "seats", "version", "passed_over"),
        *(model.objects.count() for model in (GroupLine, Message, AuditEvent)),
    ]


def test_a_process_killed_in_the_middle_of_any_verb_changes_nothing(tmp_path: Path) -> None:
    """Each booking has one waiting behind it, who would have had the seats in the same transaction (I5)."""
    school, env = make_school(), environment(DJANGO_SETTINGS_MODULE="vaern.settings.test")
    workshop = make_workshop()
    other = make_session(workshop=workshop, capacity=60)
    held = []
    for _verb in ("cancel", "move", "numbers"):
        session = make_session(workshop=workshop, capacity=28, waiting_rule=Session.WaitingRule.STRICT)
        held.append(make_booking(session, school=school))
        make_booking(session, school=school, label="7.C", pupils=14, wait=True)
    before = state_of_all()
    children = [
        Process(["-c", VERBS, verb, booking.reference, str(other.pk)], log=tmp_path / verb, env=env)
        for verb, booking in zip(("cancel", "move", "numbers"), held, strict=True)
    ]
    assert [child.wait(60) for child in children] == [-signal.SIGKILL] * 3, [child.tail() for child in children]
    assert state_of_all() == before
    assert_all_invariants()
    cancel(booking_id=held[0].pk)  # the twin: no lock was left, and the one behind is told of the seats
    assert state_of_all() != before
    assert_all_invariants()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to cut")
def test_all_connections_cut_in_mid_load_leave_the_invariants(tmp_path: Path) -> None:
    session = make_session(capacity=200, starts_in=dt.timedelta(days=30))
    env = environment(DJANGO_SETTINGS_MODULE="vaern.settings.test", LOG_LEVEL="CRITICAL")
    attempts = [("book", {"session": session.pk, "label": f"K{number}", "pupils": 2}) for number in range(60)]
    with (
        crew(processes=2, threads=30, log=tmp_path / "crew", env=env, cwd=ROOT) as racers,
        ThreadPoolExecutor(1) as pool,
    ):
        load = pool.submit(racers.race, attempts)
        until(Booking.objects.exists, "the first booking", patience=60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        outcomes = load.result()
    lost = [outcome for outcome in outcomes if outcome.startswith("error")]
    assert lost != []
    assert {outcome for outcome in outcomes if outcome not in lost} <= {"confirmed"}
    assert {outcome.split(":")[1].strip() for outcome in lost} <= {"OperationalError", "InterfaceError"}
    assert Booking.objects.count() >= len(outcomes) - len(lost)  # one may be committed whose answer was cut off
    assert_all_invariants()
    assert make_booking(session).seats == 24  # nothing is locked
