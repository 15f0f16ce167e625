"""A query whose SQL is made once, for the few places where many wait for it.

Django makes the SQL of a query anew each time it is asked. For a row with its workshop that is a millisecond and more:
longer than PostgreSQL takes to answer. See docs/decisions/0028-a-short-lock.md.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)


class KeptQuery(Generic[M]):
    """The rows of a query that is the same each time but for its values.

    `make(*values)` returns the query set, and is asked once in each thread for each number of values; its SQL must have
    just these values, in this order. Instances are made as Django makes them, with `select_related` and `only`.
    """

    def __init__(self, make: Callable[..., QuerySet[M]]) -> None:
        self._make = make
        self._kept = threading.local()  # a compiler belongs to its connection, and that to its thread

    def __call__(self, *values: Any) -> list[M]:
        """Run the query with these values: numbers, texts and UUIDs."""
        kept = self._made_for(values)
        with connection.cursor() as cursor:
            cursor.execute(kept.sql, [_prepared(value) for value in values])
            found = cursor.fetchall()
        converted = kept.compiler.apply_converters(found, kept.converters) if kept.converters else found
        rows = []
        for columns in converted:
            row = kept.model.from_db(connection.alias, kept.names, columns[kept.own])
            for populator in kept.related:
                populator.populate(columns, row)
            rows.append(row)
        return rows

    def _made_for(self, values: tuple[Any, ...]) -> _Made:
        made: dict[Any, _Made] = vars(self._kept)
        if len(values) not in made:
            made[len(values)] = _make(self._make(*values), values)
        return made[len(values)]


class _Made(NamedTuple):
    """The SQL, and what makes instances of its rows."""

    sql: str
    compiler: SQLCompiler
    model: type[Any]
    names: list[str]
    own: slice
    related: list[Any]
    converters: dict[int, Any]


def _make(rows: QuerySet[Any], values: tuple[Any, ...]) -> _Made:
    """Let Django make the SQL, and remember of it what `django.db.models.query.ModelIterable` works with."""
    compiler = rows.query.get_compiler(using=rows.db)
    sql, params = compiler.as_sql()
    if list(params) != [_prepared(value) for value in values]:
        raise ValueError("a kept query has its values and no others, in their order")
    about: dict[str, Any] = compiler.klass_info or {}
    own = slice(about["select_fields"][0], about["select_fields"][-1] + 1)
    names = [column.target.attname for column, _sql, _alias in compiler.select[own]]
    related = get_related_populators(about, compiler.select, rows.db)  # type: ignore[call-arg]  # stubs of Django 6
    converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
    return _Made(sql, compiler, about["model"], names, own, related, converters)


def _prepared(value: Any) -> Any:
    """Return a value as the database takes it."""
    native = connection.features.has_native_uuid_field
    return value.hex if isinstance(value, uuid.UUID) and not native else value
