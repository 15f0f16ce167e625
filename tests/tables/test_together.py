"""Rows of several tables are written at once: all or none, with their keys, and pointing at each other."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bookings.models import Booking, GroupLine, Session
from tests.factories.bookings import make_session
from vaern.audit.models import AuditEvent
from vaern.outbox.models import Message
from vaern.pagecache.watch import written_by
from vaern.tables.kept import KeptQuery
from vaern.tables.together import write_together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def new_rows(session: Session, *, labels: tuple[str, ...] = ("7.A", "7.B")) -> list[Any]:
    booking = Booking(
        reference=uuid.uuid4().hex[:12],
        session=session,
        audience="class",
        state="confirmed",
        seats=2,
        contact_name="Åse 'Ø' %s",
        school_name="Skolen",
        school_unlisted=True,
        idempotency_key=uuid.uuid4(),
        token_hash=uuid.uuid4().hex,
        created_at=timezone.now(),
        confirmed_at=timezone.now(),
    )
    lines = [
        GroupLine(
            booking=booking,
            session=session,
            label=label,
            label_key=label,
            grade=7,
            pupils=1,
            adults=0,
            needs=["step_free"],
        )
        for label in labels
    ]
    event = AuditEvent(action="test", subject_type="booking", subject_key="x", facts={"æ": [1, None]})
    return [booking, *lines, event]


def as_stored(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_what_is_read_back_is_what_was_written(django_assert_num_queries: Any) -> None:
    session = make_session()
    session.seats_taken = 2
    rows = new_rows(session)
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 4):
        write_together(rows, [(session, ["seats_taken"])])
    for row in rows:
        assert as_stored(type(row).objects.get(pk=row.pk)) == as_stored(row)
        assert (row._state.adding, row._state.db) == (False, "default")
    booking = rows[0]
    assert [line.booking_id for line in rows[1:3]] == [booking.pk] * 2
    assert [line.label for line in booking.lines.order_by("pk")] == ["7.A", "7.B"]
    assert Session.objects.get(pk=session.pk).seats_taken == 2


def test_one_that_cannot_be_written_takes_all_back() -> None:
    session = make_session()
    session.seats_taken = 2
    rows = new_rows(session, labels=("7.A", "7.A"))
    with pytest.raises(IntegrityError), transaction.atomic():
        write_together(rows, [(session, ["seats_taken"])])
    assert (Booking.objects.count(), GroupLine.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)
    assert Session.objects.get(pk=session.pk).seats_taken == 0


def test_a_write_within_a_with_is_known_to_the_page_cache() -> None:
    one = 'WITH new_0 AS (INSERT INTO "outbox_message" ("a") VALUES (%s) RETURNING "id"), '
    two = 'changed_0 AS (UPDATE "bookings_session" SET "a" = %s WHERE "id" = %s) SELECT ARRAY(SELECT * FROM new_0)'
    assert written_by(one + two) == ["outbox_message", "bookings_session"]
    assert written_by("WITH RECURSIVE covered AS (SELECT 1) SELECT * FROM covered") == []
    assert Message.objects.count() == 0


def test_a_kept_query_answers_as_the_query_does(django_assert_num_queries: Any) -> None:
    first, second = make_session(place="Rådhuset"), make_session()
    rows = Session.objects.select_related("workshop", "series")
    kept = KeptQuery(lambda *keys: rows.filter(pk__in=keys).order_by("pk"))
    assert [as_stored(row) for row in kept(first.pk)] == [as_stored(row) for row in rows.filter(pk=first.pk)]
    assert kept(first.pk, second.pk) == [first, second]
    assert kept(first.pk + 1000) == []
    Session.objects.filter(pk=first.pk).update(place="Hjemme")
    with django_assert_num_queries(1):
        (again,) = kept(first.pk)
        assert (again.place, again.workshop.title, again.series) == ("Hjemme", first.workshop.title, None)


def test_a_kept_query_by_uuid_and_with_deferred_columns() -> None:
    session = make_session()
    kept = KeptQuery(lambda key: Session.objects.only("uuid").filter(uuid=key))
    (row,) = kept(session.uuid)
    assert (row.uuid, "place" in row.get_deferred_fields()) == (session.uuid, True)
    assert kept(uuid.uuid4()) == []


def test_a_kept_query_has_its_own_values_only() -> None:
    with pytest.raises(ValueError, match="no others"):
        KeptQuery(lambda key: Session.objects.filter(pk=key, place="Rådhuset"))(1)
