"""The same walk-in and the same arrival, sent twenty times at once (domain.md §4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from bookings.domain.attendance import PersonReport, report_attendance
from bookings.domain.walkins import WalkInPersons, add_walk_in, check_in
from bookings.models import AttendanceRecord, Session, WalkIn
from tests.concurrency.visitors import at_once
from tests.factories.bookings import make_session, make_staff
from tests.factories.courses import make_workshop

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]


@pytest.fixture
def session() -> Session:
    session = make_session(workshop=make_workshop(audience="staff"), starts_in=dt.timedelta(days=1))
    make_staff(session)
    start = session.starts_at - dt.timedelta(days=1, minutes=30)
    Session.objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    return session


def closing(verb: partial[object], ready: Callable[[], object]) -> object:
    """Run a verb in a thread of its own when all are ready, and give its connection back."""
    try:
        ready()
        return verb()
    finally:
        connection.close()


def test_twenty_times_at_once_is_once(session: Session) -> None:
    key = uuid.uuid4()
    person = session.people.get()
    for verb in (
        partial(add_walk_in, session_id=session.pk, came=WalkInPersons(3), client_key=key, actor_id=None),
        partial(check_in, session_id=session.pk, email="gaest@example.dk"),
        partial(
            report_attendance,
            session_id=session.pk,
            reports=[PersonReport(person.pk, True)],
            client_key=key,
            actor_id=None,
        ),
    ):
        at_once([partial(closing, verb)] * 20)
    assert sorted(WalkIn.objects.values_list("email", flat=True)) == ["", "gaest@example.dk"]
    assert sorted(AttendanceRecord.objects.values_list("persons_present", flat=True)) == [1, 1, 3]
