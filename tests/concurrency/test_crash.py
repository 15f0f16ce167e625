"""A web process that is killed while it books: everything or nothing, and no lock stays (domain.md I8)."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bookings.models import Booking, GroupLine
from tests.concurrency.processes import Process, environment
from tests.factories.bookings import make_booking, make_session
from tests.factories.people import make_school
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]

PROGRAM = """
import os, signal, sys
import django
django.setup()
from bookings import messages
from bookings.models import Session
from tests.factories.bookings import make_booking
from vaern.people.models import Organisation

def killed(*args):
    os.kill(os.getpid(), signal.SIGKILL)

moment, session = sys.argv[1:]
if moment == "before the commit":
    enqueue = messages.enqueue
    messages.enqueue = lambda **facts: (enqueue(**facts), killed())
make_booking(Session.objects.get(pk=session), school=Organisation.objects.schools().get())
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
