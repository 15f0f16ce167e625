"""What must never change does not, whoever writes: the model, a bulk call, or SQL of the application's role."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from charter.models import CharterText, Event, Receipt, Signature, Term
from tests.conftest import frozen
from tests.factories.charter import make_partner, propose, publish, signed

pytestmark = pytest.mark.usefixtures("site", "clock")


@pytest.fixture
def rows(db: None) -> list[Model]:
    """One row of each kind that stands, with the triggers as a real installation has them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in frozen.sqlite_kept():
                cursor.execute(statement)
    text = publish()
    done = signed(make_partner())
    assert done.term is not None
    receipt = Receipt.objects.create(
        term=done.term, path="x", sha256="0" * 64, size=1, made_at=timezone.now(), certificate="0" * 64
    )
    event = Event.objects.get(kind=Event.Kind.SIGNED)
    return [text, done.signature, event, receipt, done.term]


def refused(sql: str, key: int) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [key])
    except IntegrityError:
        return True
    return False


COLUMN = {CharterText: "body_da", Signature: "statement", Event: "subject", Receipt: "sha256", Term: "code"}


def test_sql_is_refused(rows: list[Model]) -> None:
    for row in rows:
        table = row._meta.db_table
        assert refused(f"UPDATE {table} SET {COLUMN[type(row)]} = 'x' WHERE id = %s", row.pk), table  # noqa: S608
        assert refused(f"DELETE FROM {table} WHERE id = %s", row.pk), table  # noqa: S608
    assert not refused("UPDATE charter_partner SET cvr = '' WHERE id = %s", rows[1].partner_id)  # type: ignore[attr-defined]


def test_models_and_bulk_calls_are_refused(rows: list[Any]) -> None:
    for row in rows[:4]:
        manager = type(row).objects
        column = COLUMN[type(row)]
        for attempt in (
            lambda manager=manager, column=column: manager.update(**{column: "x"}),
            lambda manager=manager, row=row, column=column: manager.bulk_update([row], [column]),
            lambda manager=manager: manager.all().delete(),
            lambda row=row: row.save(),
            lambda row=row: row.delete(),
        ):
            with pytest.raises(TypeError):
                attempt()
    assert [type(row).objects.get(pk=row.pk) for row in rows] == rows


def test_a_base_manager_does_not_get_past_the_triggers(rows: list[Any]) -> None:
    for row in rows[:4]:
        for attempt in ({COLUMN[type(row)]: "x"}, None):
            found = type(row)._base_manager.filter(pk=row.pk)
            verb = partial(found.update, **attempt) if attempt else partial(found._raw_delete, using="default")
            with pytest.raises(IntegrityError), transaction.atomic():
                verb()


def test_a_proposal_can_be_decided_on_but_not_rewritten() -> None:
    text = propose()
    assert refused("UPDATE charter_chartertext SET body_da = 'x' WHERE id = %s", text.pk)
    assert not refused("UPDATE charter_chartertext SET note = 'x' WHERE id = %s", text.pk)


@pytest.mark.parametrize(
    ("begins", "fits"),
    [(-366, True), (-365, True), (-364, False), (0, False), (364, False), (365, True), (400, True)],
)
def test_terms_never_overlap(begins: int, fits: bool) -> None:
    publish()
    done = signed(make_partner())
    assert done.term is not None
    term = Term.objects.get(pk=done.term.pk)
    assert (term.valid_until - term.valid_from).days == 365
    other = Term(
        partner=term.partner, text=term.text, organisation_name="x", signed_at=timezone.now(), code="x",
        request_uuid="00000000-0000-0000-0000-000000000001",
        valid_from=term.valid_from + dt.timedelta(days=begins),
        valid_until=term.valid_from + dt.timedelta(days=begins + 365),
    )  # fmt: skip
    try:
        with transaction.atomic():
            other.save()
    except IntegrityError:
        assert not fits
    else:
        assert fits
