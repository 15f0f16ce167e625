"""What was reported stays, whoever writes SQL (domain.md §4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bookings.models import AttendanceRecord, WalkIn
from tests.bookings.test_roll import HOUR, report_line, staff_session, walk_in_persons
from tests.factories.bookings import make_past_booking, make_session
from tests.factories.people import make_user

pytestmark = pytest.mark.usefixtures("site", "clock")
YEARS_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
RECORD, WALK_IN = "bookings_attendancerecord", "bookings_walkin"


CHANGE = {
    "pupils_present": "UPDATE {record} SET pupils_present = %s WHERE id = %s",
    "adults_present": "UPDATE {record} SET adults_present = %s WHERE id = %s",
    "reason": "UPDATE {record} SET reason = %s WHERE id = %s",
    "recorded_at": "UPDATE {record} SET recorded_at = %s WHERE id = %s",
}


@pytest.fixture
def rows() -> tuple[AttendanceRecord, WalkIn]:
    line = make_past_booking(make_session(starts_in=-HOUR)).lines.get()
    record = report_line(line, 20, actor_id=make_user("facilitator").pk)
    walk_in_persons(staff_session(), 3)
    return record, WalkIn.objects.get()


def refused(sql: str, values: list[Any]) -> None:
    with (
        pytest.raises(DatabaseError, match="attendance is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(record=RECORD, walk_in=WALK_IN), values)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("pupils_present", 21),
        ("adults_present", 9),
        ("reason", "x"),
        ("recorded_at", dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
    ],
)
def test_no_sql_changes_a_record(rows: tuple[AttendanceRecord, WalkIn], column: str, value: Any) -> None:
    refused(CHANGE[column], [value, rows[0].pk])


def test_nobody_else_is_written_into_a_record_and_a_deleted_user_is_taken_out(
    rows: tuple[AttendanceRecord, WalkIn],
) -> None:
    record = rows[0]
    refused("UPDATE {record} SET recorded_by_id = %s WHERE id = %s", [make_user("facilitator").pk, record.pk])
    assert record.recorded_by is not None
    record.recorded_by.delete()
    record.refresh_from_db()
    assert (record.recorded_by, record.pupils_present) == (None, 20)


def test_a_walk_in_stays_and_only_its_address_is_forgotten(rows: tuple[AttendanceRecord, WalkIn]) -> None:
    walk_in = rows[1]
    refused("UPDATE {walk_in} SET kind = 'class' WHERE id = %s", [walk_in.pk])
    refused("UPDATE {walk_in} SET email = 'new@example.dk' WHERE id = %s", [walk_in.pk])
    assert WalkIn.objects.filter(pk=walk_in.pk).update(email="") == 1


def test_deletion_is_refused(rows: tuple[AttendanceRecord, WalkIn]) -> None:
    if connection.vendor == "postgresql":
        refused("DELETE FROM {record} WHERE id = %s", [rows[0].pk])
        refused("DELETE FROM {walk_in} WHERE id = %s", [rows[1].pk])
    for change in (
        rows[0].delete,
        rows[0].save,
        AttendanceRecord.objects.all().delete,
        lambda: AttendanceRecord.objects.update(pupils_present=1),
    ):
        with pytest.raises(TypeError, match="append-only"):
            change()
    assert AttendanceRecord.objects.count() == 2
