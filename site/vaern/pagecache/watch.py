"""Sees each statement that writes, and stamps the transaction it belongs to.

It stands at the database connection and not at the verbs: publishing, importing, a booking, a bulk update in a shell
and the worker's scheduled pages all pass here, and none of them can forget it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

WRITES = re.compile(r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+[\"`]?(\w+)", re.IGNORECASE)
# Writes within a WITH (vaern.tables.together).
PARTS = re.compile(r"\(\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
TABLE = "pagecache_change"
STAMP = f"INSERT INTO {TABLE} DEFAULT VALUES"
# Written often and never shown on a public page. Whatever is not named here counts as shown: a table of a new app
# makes pages fresh too often rather than too seldom.
NEVER_SHOWN = frozenset(
    {
        TABLE,
        "vaern_cache",
        "django_session",
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "audit_auditevent",
        "outbox_message",
        "outbox_jobrun",
        "outbox_told",
        "outbox_textversion",
        "limits_tally",
        "materials_downloadcount",
        "demo_demomail",
        "editors_reviewnotice",
        "feedback_feedback",
        "wagtailcore_modellogentry",
        "wagtailcore_pagelogentry",
        "wagtailcore_revision",
        "wagtailcore_editingsession",
        "wagtailadmin_editingsession",
        "wagtailusers_userprofile",
        "wagtailcore_uploadedfile",
        "wagtailcore_referenceindex",
        "search_entry",
        "search_entry_fts",
        "search_miss",
        "wagtailsearch_indexentry",
        "wagtailsearch_indexentry_fts",
        "people_user",
        "account_emailaddress",
    }
)
Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def watch_connection(*, connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Let `stamp_writes` see what this connection executes, once."""
    if stamp_writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(stamp_writes)


def stamp_writes(execute: Execute, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute the statement, and when it wrote public content add one `Change` in the same transaction.

    Once a transaction: that it is stamped already is remembered as a callback of its commit, which Django forgets
    together with the stamp itself when the transaction, or the savepoint, is rolled back. A WITH takes the stamp along
    as one more of its parts, which saves a round trip where many wait (vaern.tables.together).
    """
    if not isinstance(sql, str) or all(table in NEVER_SHOWN for table in written_by(sql)):
        return execute(sql, params, many, context)
    connection = context["connection"]
    if sql.startswith("WITH ") and _wants_stamp(connection):
        result = execute(f"WITH stamped AS ({STAMP}), {sql.removeprefix('WITH ')}", params, many, context)
        _remember(connection)
        return result
    result = execute(sql, params, many, context)
    if _wants_stamp(connection):
        with connection.cursor() as cursor:
            cursor.execute(STAMP)
        _remember(connection)
    return result


def written_by(sql: str) -> list[str]:
    """Return the tables that a statement writes."""
    if sql.startswith("WITH "):
        return PARTS.findall(sql)
    written = WRITES.match(sql)
    return [written[1]] if written else []


def _wants_stamp(connection: BaseDatabaseWrapper) -> bool:
    return (
        not any(callback[1] is _stamped for callback in connection.run_on_commit)
        and not connection.needs_rollback
        and _has_table(connection)
    )


def _remember(connection: BaseDatabaseWrapper) -> None:
    if connection.in_atomic_block:
        connection.on_commit(_stamped)


def _has_table(connection: Any) -> bool:
    """Say whether the stamp's table is there: while the first migrations run, it is not, and nothing is kept either."""
    if not getattr(connection, "vaern_has_stamps", False):
        connection.vaern_has_stamps = TABLE in connection.introspection.table_names()
    return bool(connection.vaern_has_stamps)


def _stamped() -> None:
    """Do nothing: standing among a transaction's callbacks is what it is for."""
