"""Facilitators added to the same session at the same moment: nobody is lost."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from tests.concurrency.visitors import at_once
from tests.factories.bookings import make_session
from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.people.models import User
from vaern.workspace.domain.staffing import assign

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("site"),
]
MANY = 6


def test_all_who_are_added_at_once_are_there() -> None:
    session = make_session()
    people = [make_user("facilitator") for _one in range(MANY)]

    def add(person: User, ready: object) -> bool:
        try:
            ready()  # type: ignore[operator]
            return assign(session_id=session.pk, people=[person], replace=False, actor_id=None)
        finally:
            connection.close()

    at_once([partial(add, person) for person in people])
    assert set(session.facilitators.all()) == set(people)
    assert AuditEvent.objects.filter(action="session.changed").count() == MANY
