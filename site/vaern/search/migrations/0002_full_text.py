"""Full text on both databases: a generated, stemmed vector on PostgreSQL; a table of folded words on SQLite."""

from django.db import migrations

POSTGRES = """
ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
  CASE WHEN language = 'en' THEN
    setweight(to_tsvector('english'::regconfig, title), 'A') || setweight(to_tsvector('english'::regconfig, intro), 'B')
    || setweight(to_tsvector('english'::regconfig, body), 'C')
  ELSE
    setweight(to_tsvector('danish'::regconfig, title), 'A') || setweight(to_tsvector('danish'::regconfig, intro), 'B')
    || setweight(to_tsvector('danish'::regconfig, body), 'C')
  END
) STORED;
CREATE INDEX search_entry_vector ON search_entry USING gin (vector);
"""
SQLITE = "CREATE VIRTUAL TABLE search_entry_fts USING fts5(title, intro, body, tokenize='unicode61')"


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES)
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_entry DROP COLUMN vector")
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_entry_fts")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
