from django.db import migrations, models


def without_write_ahead_log(apps, schema_editor):
    """PostgreSQL: counting must not wait for the disk. After a crash of the database the counts begin anew."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE limits_tally SET UNLOGGED")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("resets_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunPython(without_write_ahead_log, migrations.RunPython.noop, elidable=False),
    ]
