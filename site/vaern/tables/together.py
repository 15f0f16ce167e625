"""Write new rows of several tables, and the changed columns of others, in one statement.

For the one place where everybody waits: the rows of a booking are written while its session is locked, and each
statement is a round trip more, with a millisecond of waiting for all behind. See docs/decisions/0028-a-short-lock.md.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

# A column's field; Django's types know less of it than Django does (foreign keys).
AnyField = Any
# What of a row is changed: the row, and the names of its columns' fields.
Changed = tuple[Model, Sequence[str]]


class _Table(NamedTuple):
    """Rows of one table that are inserted: the model, how many, and which foreign keys point at which table before."""

    model: type[Model]
    rows: int
    links: tuple[tuple[str, int], ...]


def write_together(new: Sequence[Model], changed: Sequence[Changed] = ()) -> None:
    """Insert `new` rows, which get their keys, and write the `changed` columns of rows that exist.

    A new row may point at one that stands before it, alone of its kind, and has no key yet. Rows of one table stand
    side by side. PostgreSQL does it all in one statement; any other database in one a table. Like `bulk_create` it
    calls neither `save()` nor signals. Call it in a transaction. Raises IntegrityError as any insert does.
    """
    groups = [list(rows) for _model, rows in itertools.groupby(new, key=type)]
    if connection.vendor == "postgresql":
        _in_one_statement(groups, changed)
        return
    for rows in groups:
        type(rows[0])._default_manager.bulk_create(rows)
    for row, names in changed:
        row.save(update_fields=names)


def _in_one_statement(groups: Sequence[list[Model]], changed: Sequence[Changed]) -> None:
    tables = tuple(_Table(type(rows[0]), len(rows), _links(rows[0], groups)) for rows in groups)
    sentence = _sentence(tables, tuple((type(row), tuple(names)) for row, names in changed))
    values: list[Any] = []
    for table, rows in zip(tables, groups, strict=True):
        linked = dict(table.links)
        fields = [field for field in _fields(table.model) if field.name not in linked]
        for row in rows:
            values += _values(row, fields, add=True)
    for row, names in changed:
        values += [*_values(row, [_field(row, name) for name in names], add=False), row.pk]
    with connection.cursor() as cursor:
        cursor.execute(sentence, values)
        keys = cursor.fetchone()
    for rows, found in zip(groups, keys, strict=True):
        for row, key in zip(rows, found, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    for table, rows in zip(tables, groups, strict=True):
        for name, number in table.links:
            for row in rows:
                setattr(row, name, groups[number][0])  # sets the column's own attribute too, now that there is a key


def _field(row: Model | type[Model], name: str) -> AnyField:
    field: AnyField = row._meta.get_field(name)
    return field


def _values(row: Model, fields: Iterable[AnyField], *, add: bool) -> list[Any]:
    """Return what goes into the columns, as the database takes it."""
    database = connections[DEFAULT_DB_ALIAS]  # once: `connection` looks it up each time it is touched
    return [field.get_db_prep_save(field.pre_save(row, add=add), database) for field in fields]


@functools.cache
def _fields(model: type[Model]) -> tuple[AnyField, ...]:
    """Return the fields of a new row's columns; the database gives the key."""
    return tuple(field for field in model._meta.local_concrete_fields if not field.primary_key)


def _links(row: Model, groups: Sequence[list[Model]]) -> tuple[tuple[str, int], ...]:
    """Return which foreign keys of `row` point at a row that is being inserted: (field's name, number of its table)."""
    inserted = {id(rows[0]): number for number, rows in enumerate(groups) if len(rows) == 1}
    cached = [field.name for field in _fields(type(row)) if field.is_relation and field.is_cached(row)]
    found = ((name, inserted.get(id(getattr(row, name)))) for name in cached)
    return tuple((name, number) for name, number in found if number is not None)


@functools.lru_cache(maxsize=256)
def _sentence(tables: tuple[_Table, ...], changed: tuple[tuple[type[Model], tuple[str, ...]], ...]) -> str:
    """Return the statement: an insert for each table, an update for each changed row, and at last the new keys.

    The updates are read by nobody and done all the same: PostgreSQL runs every part that writes, once. That tables are
    written by a WITH is known to `vaern.pagecache.watch`.
    """
    parts = [f"new_{number} AS ({_insert(table)})" for number, table in enumerate(tables)]
    parts += [f"changed_{number} AS ({_update(*one)})" for number, one in enumerate(changed)]
    keys = ", ".join(f"ARRAY(SELECT * FROM new_{number})" for number in range(len(tables)))  # noqa: S608 - our own names
    return f"WITH {', '.join(parts)} SELECT {keys}"


def _insert(table: _Table) -> str:
    meta, linked = table.model._meta, dict(table.links)
    fields = _fields(table.model)
    columns = ", ".join(_quoted(field.column) for field in fields)
    marks = ", ".join(f"(SELECT * FROM new_{linked[f.name]})" if f.name in linked else "%s" for f in fields)  # noqa: S608
    rows = ", ".join([f"({marks})"] * table.rows)
    return f"INSERT INTO {_quoted(meta.db_table)} ({columns}) VALUES {rows} RETURNING {_quoted(meta.pk.column)}"  # noqa: S608


def _update(model: type[Model], names: Sequence[str]) -> str:
    meta = model._meta
    to = ", ".join(f"{_quoted(_field(model, name).column)} = %s" for name in names)
    return f"UPDATE {_quoted(meta.db_table)} SET {to} WHERE {_quoted(meta.pk.column)} = %s"  # noqa: S608


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")
