"""What is written stands, and terms never overlap, whoever writes SQL: triggers and a constraint on both engines.

SQLite loses a table's triggers when a later migration rebuilds the table: such a migration must call `install` again
(tests/charter/test_frozen.py fails if it does not). A deletion of rows one by one, as a test's flush of SQLite makes it,
is refused as well, so tests/conftest.py takes the `_kept` triggers away and the test of them puts them back.
"""

from django.db import migrations

MESSAGE = "what the charter's evidence rests on never changes"
OVERLAP = "terms of a partner never overlap"
FROZEN = ("charter_event", "charter_signature", "charter_receipt")
TEXT_KEPT = "OLD.state <> 'proposed'"
TEXT_FIELDS = ("major", "minor", "title_da", "body_da", "title_en", "body_en", "sha256")
TEXT_FROZEN = " OR ".join([TEXT_KEPT, *(f"NEW.{name} <> OLD.{name}" for name in TEXT_FIELDS)])
TERM_FIELDS = ("partner_id", "request_uuid", "text_id", "valid_from", "valid_until", "signed_at", "code")
TERM_FROZEN = " OR ".join([*(f"NEW.{name} <> OLD.{name}" for name in TERM_FIELDS), "OLD.end_kind <> ''"])

UPDATES = {**dict.fromkeys(FROZEN, ""), "charter_chartertext": TEXT_FROZEN, "charter_term": TERM_FROZEN}
DELETIONS = {**dict.fromkeys(FROZEN, ""), "charter_chartertext": TEXT_KEPT, "charter_term": ""}


def sqlite():
    quoted = MESSAGE.replace("'", "''")
    for table, when in UPDATES.items():
        clause = f"WHEN {when}" if when else ""
        yield f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} {clause} BEGIN SELECT RAISE(ABORT, '{quoted}'); END"
    yield from sqlite_kept()
    # In SQLite dates are text that sorts as they do.
    for event in ("INSERT", "UPDATE"):
        yield f"""CREATE TRIGGER charter_term_overlap_{event.lower()} BEFORE {event} ON charter_term
        WHEN NEW.end_kind <> 'annulled' AND NEW.valid_from < COALESCE(NEW.ended_on, NEW.valid_until) AND EXISTS (
            SELECT 1 FROM charter_term t WHERE t.partner_id = NEW.partner_id AND t.id IS NOT NEW.id
            AND t.end_kind <> 'annulled' AND t.valid_from < COALESCE(NEW.ended_on, NEW.valid_until)
            AND NEW.valid_from < COALESCE(t.ended_on, t.valid_until)
            AND t.valid_from < COALESCE(t.ended_on, t.valid_until)
        ) BEGIN SELECT RAISE(ABORT, '{OVERLAP}'); END"""


def sqlite_kept():
    quoted = MESSAGE.replace("'", "''")
    for table, when in DELETIONS.items():
        clause = f"WHEN {when}" if when else ""
        yield f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {clause} BEGIN SELECT RAISE(ABORT, '{quoted}'); END"


def postgresql():
    quoted = MESSAGE.replace("'", "''")
    yield f"""CREATE OR REPLACE FUNCTION charter_frozen() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION '{quoted}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"""
    for name, event, tables in (("frozen", "UPDATE", UPDATES), ("kept", "DELETE", DELETIONS)):
        for table, when in tables.items():
            clause = f"WHEN ({when})" if when else ""
            yield (
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW {clause} "
                "EXECUTE FUNCTION charter_frozen()"
            )
    # A range of one number stands for the partner, so that no extension is needed.
    yield """ALTER TABLE charter_term ADD CONSTRAINT charter_term_no_overlap EXCLUDE USING gist (
        int8range(partner_id, partner_id, '[]') WITH &&,
        daterange(valid_from, COALESCE(ended_on, valid_until)) WITH &&
    ) WHERE (end_kind <> 'annulled')"""


def gone(vendor):
    if vendor == "sqlite":
        for table in UPDATES:
            yield f"DROP TRIGGER IF EXISTS {table}_frozen"
            yield f"DROP TRIGGER IF EXISTS {table}_kept"
        yield "DROP TRIGGER IF EXISTS charter_term_overlap_insert"
        yield "DROP TRIGGER IF EXISTS charter_term_overlap_update"
        return
    for table in UPDATES:
        yield f"DROP TRIGGER IF EXISTS {table}_frozen ON {table}"
        yield f"DROP TRIGGER IF EXISTS {table}_kept ON {table}"
    yield "ALTER TABLE charter_term DROP CONSTRAINT IF EXISTS charter_term_no_overlap"
    yield "DROP FUNCTION IF EXISTS charter_frozen"


def install(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in gone(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('charter', '0001_initial'),
    ]

    operations = [migrations.RunPython(install, remove)]
