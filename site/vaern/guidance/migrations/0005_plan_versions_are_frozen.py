"""What is decided on stays, whoever writes SQL: triggers on both engines.

SQLite loses a table's triggers when a later migration rebuilds the table: such a migration must call `install` again
(tests/guidance/test_versions.py fails if it does not). Deletion is refused on PostgreSQL only, since emptying a SQLite
database in tests deletes row by row; there the model refuses.
"""

from django.db import migrations

MESSAGE = "a version of the plan that is decided on never changes"

SQLITE = [
    f"""CREATE TRIGGER guidance_planversion_frozen BEFORE UPDATE ON guidance_planversion
    WHEN OLD.state <> 'proposed' OR NEW.content <> OLD.content OR NEW.sha256 <> OLD.sha256
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER guidance_planfile_frozen BEFORE UPDATE ON guidance_planfile
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION guidance_plan_frozen() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER guidance_planversion_frozen BEFORE UPDATE ON guidance_planversion FOR EACH ROW
    WHEN (OLD.state <> 'proposed' OR NEW.content <> OLD.content OR NEW.sha256 <> OLD.sha256)
    EXECUTE FUNCTION guidance_plan_frozen()""",
    """CREATE TRIGGER guidance_planversion_kept BEFORE DELETE ON guidance_planversion FOR EACH ROW
    WHEN (OLD.state = 'adopted') EXECUTE FUNCTION guidance_plan_frozen()""",
    """CREATE TRIGGER guidance_planfile_frozen BEFORE UPDATE ON guidance_planfile FOR EACH ROW
    EXECUTE FUNCTION guidance_plan_frozen()""",
]
GONE = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS guidance_planversion_frozen",
        "DROP TRIGGER IF EXISTS guidance_planfile_frozen",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS guidance_planversion_frozen ON guidance_planversion",
        "DROP TRIGGER IF EXISTS guidance_planversion_kept ON guidance_planversion",
        "DROP TRIGGER IF EXISTS guidance_planfile_frozen ON guidance_planfile",
        "DROP FUNCTION IF EXISTS guidance_plan_frozen",
    ],
}


def install(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in GONE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('guidance', '0004_plan_versions'),
    ]

    operations = [migrations.RunPython(install, remove)]
