"""What was reported stays, whoever writes SQL: triggers on both engines (domain.md §4).

Only a deleted user is taken out of a record, and a forgotten address out of a walk-in.

SQLite loses a table's triggers when a later migration rebuilds the table: such a migration must call `install` again
(tests/bookings/test_append_only.py fails if it does not). Deletion is refused on PostgreSQL only, since emptying a SQLite
database in tests deletes row by row; there the model refuses.
"""

from django.db import migrations

MESSAGE = "attendance is append-only"
RECORD = "bookings_attendancerecord"
WALK_IN = "bookings_walkin"
RECORD_COLUMNS = (
    "id, line_id, person_id, walk_in_id, took_place, reason, pupils_present, adults_present, persons_present, "
    "client_key, recorded_with_id, recorded_at, supersedes_id"
)
WALK_IN_COLUMNS = (
    "id, uuid, session_id, kind, school_id, school_name, school_key, institution_type, label, label_key, grade, "
    "administration_id, client_key, created_at"
)
# Name of a trigger, its table, what it guards, and when.
CHANGES = [
    ("attendance_record_kept", RECORD, f"UPDATE OF {RECORD_COLUMNS}", ""),
    ("attendance_reporter_kept", RECORD, "UPDATE OF recorded_by_id", "WHEN (NEW.recorded_by_id IS NOT NULL)"),
    ("attendance_walk_in_kept", WALK_IN, f"UPDATE OF {WALK_IN_COLUMNS}", ""),
    ("attendance_walk_in_email_kept", WALK_IN, "UPDATE OF email", "WHEN (NEW.email <> '')"),
]
DELETIONS = [
    ("attendance_record_stays", RECORD, "DELETE", ""),
    ("attendance_walk_in_stays", WALK_IN, "DELETE", ""),
]
FUNCTION = f"""CREATE OR REPLACE FUNCTION bookings_attendance_kept() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, table, event, when in CHANGES:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        return
    schema_editor.execute(FUNCTION)
    for name, table, event, when in CHANGES + DELETIONS:
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when} "
            "EXECUTE FUNCTION bookings_attendance_kept()"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, _table, _event, _when in CHANGES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        return
    for name, table, _event, _when in CHANGES + DELETIONS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    schema_editor.execute("DROP FUNCTION IF EXISTS bookings_attendance_kept")


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0050_attendance_complete'),
    ]

    operations = [migrations.RunPython(install, remove)]
