"""Events can be added and read, and nothing else."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.people import make_user
from vaern.audit.domain import record
from vaern.audit.models import AuditEvent

pytestmark = pytest.mark.usefixtures("site", "clock")


def test_an_event_says_what_was_done_to_what_by_whom_and_when() -> None:
    user = make_user("coordinator")
    event = record(action="x.done", subject_type="x", subject_key="1", actor_id=user.pk, seats=3)
    event.refresh_from_db()
    assert (event.action, event.subject_type, event.subject_key, event.actor, event.at, event.facts) == (
        "x.done", "x", "1", user, timezone.now(), {"seats": 3},
    )  # fmt: skip
    assert str(event) == "x.done x 1"


def test_an_event_without_an_account_has_no_actor() -> None:
    assert record(action="x", subject_type="x", subject_key="").actor is None


def test_events_outlive_the_user() -> None:
    user = make_user()
    event = record(action="x", subject_type="x", subject_key="1", actor_id=user.pk)
    user.delete()
    event.refresh_from_db()
    assert event.actor is None


def test_events_do_not_change_in_bulk() -> None:
    record(action="x", subject_type="x", subject_key="1")
    with pytest.raises(TypeError, match="append-only"):
        AuditEvent.objects.update(action="y")
    with pytest.raises(TypeError, match="append-only"):
        AuditEvent.objects.filter(action="x").update(action="y")
    assert AuditEvent.objects.get().action == "x"


def test_events_do_not_go_away_in_bulk() -> None:
    record(action="x", subject_type="x", subject_key="1")
    for events in (AuditEvent.objects.all(), AuditEvent.objects.filter(action="x")):
        with pytest.raises(TypeError, match="append-only"):
            events.delete()
    assert AuditEvent.objects.count() == 1


def test_an_event_is_written_once_and_stays() -> None:
    written = record(action="x", subject_type="x", subject_key="1")
    for event in (written, AuditEvent.objects.get()):
        event.action = "y"
        with pytest.raises(TypeError, match="append-only"):
            event.save()
        with pytest.raises(TypeError, match="append-only"):
            event.delete()
    assert AuditEvent.objects.get().action == "x"


def test_the_newest_event_is_read_first() -> None:
    for key in "123":
        record(action="x", subject_type="x", subject_key=key)
    assert list(AuditEvent.objects.values_list("subject_key", flat=True)) == ["3", "2", "1"]
