"""Editors keep the questions; each change is a version, and recorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories.evaluation import make_question
from tests.factories.people import make_user
from tests.factories.texts import escaped, page, said
from vaern.audit.models import AuditEvent
from vaern.evaluation.domain import ASKS, retire_question, write_question
from vaern.evaluation.models import EvaluationSettings, Question
from vaern.setup.starter.evaluation import load_evaluation

pytestmark = pytest.mark.usefixtures("site", "clock")
ADMIN = "/admin/evaluation/questions/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("editor"))
    return client


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "variant": "staff", "order": 20, "kind": "choice", "required": "on", "text_da": "Hvordan var længden?",
        "text_en": "How was the length?", "choices_da": "Kort\nPassende\n\nLang ", "choices_en": "Short\nRight\nLong",
    } | changes  # fmt: skip


def actions() -> list[str]:
    found = AuditEvent.objects.filter(action__startswith="evaluation.").order_by("pk")
    return [event.action for event in found if event.actor_id]


def test_an_editor_writes_a_question(editor: Client) -> None:
    page(editor, ADMIN + "new/")
    assert editor.post(ADMIN + "new/", sent()).status_code == 302
    question = Question.objects.get()
    assert (question.choices_da, question.choices_en) == (["Kort", "Passende", "Lang"], ["Short", "Right", "Long"])
    assert actions() == ["evaluation.question.added"]
    assert question.text_da in page(editor, ADMIN)


def test_another_wording_is_another_version(editor: Client) -> None:
    editor.post(ADMIN + "new/", sent())
    old = Question.objects.get()
    page(editor, f"{ADMIN}edit/{old.pk}/")
    assert editor.post(f"{ADMIN}edit/{old.pk}/", sent(text_da="Var den for lang?")).status_code == 302
    new = Question.objects.get(current=True)
    old.refresh_from_db()
    assert (new.key, new.number, old.current, old.text_da) == (old.key, 2, False, "Hvordan var længden?")
    page(editor, f"{ADMIN}edit/{old.pk}/", status=404)  # what has been replaced is not changed
    assert editor.post(f"{ADMIN}edit/{old.pk}/", sent(text_da="Omskrevet")).status_code == 404
    assert actions() == ["evaluation.question.added", "evaluation.question.changed"]


def test_another_place_is_no_version_and_nothing_new_writes_nothing(editor: Client) -> None:
    editor.post(ADMIN + "new/", sent())
    row = Question.objects.get()
    editor.post(f"{ADMIN}edit/{row.pk}/", sent())
    editor.post(f"{ADMIN}edit/{row.pk}/", sent(order=30))
    row.refresh_from_db()
    assert (Question.objects.count(), row.number, row.order) == (1, 1, 30)
    assert actions() == ["evaluation.question.added", "evaluation.question.moved"]


@pytest.mark.parametrize(
    "changes",
    [
        {"choices_da": "Kort"},
        {"choices_da": "Kort\nKort", "choices_en": "A\nB"},
        {"choices_en": "Short"},
        {"choices_da": "K" * 81 + "\nLang", "choices_en": "A\nB"},
        {"text_en": ""},
    ],
)
def test_what_cannot_be_asked_is_refused(editor: Client, changes: dict[str, str]) -> None:
    assert editor.post(ADMIN + "new/", sent(**changes)).status_code == 200
    assert Question.objects.count() == 0


def test_a_question_is_retired_by_post_and_stays(editor: Client) -> None:
    row = make_question("scale")
    html = page(editor, f"{ADMIN}retire/{row.pk}/")
    assert row.text_da in html
    row.refresh_from_db()
    assert row.current
    for _ in range(2):
        assert editor.post(f"{ADMIN}retire/{row.pk}/").status_code == 302
    assert not Question.objects.get().current
    assert actions() == ["evaluation.question.retired"]
    assert escaped(row.text_da) not in page(editor, ADMIN)


@pytest.mark.parametrize("role", ["facilitator", "approver", ""])
def test_others_do_not(client: Client, role: str) -> None:
    row = make_question("scale")
    client.force_login(make_user(role))
    for path in (ADMIN, f"{ADMIN}new/", f"{ADMIN}edit/{row.pk}/", f"{ADMIN}retire/{row.pk}/"):
        assert client.get(path).status_code == 302
        assert client.post(path, sent()).status_code in {302, 405}
    assert Question.objects.get().current


def test_a_version_never_changes_by_itself() -> None:
    row = make_question("scale")
    row.text_da = "Andet"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    retire_question(key=row.key, actor_id=None)
    facts = {name: getattr(row, name) for name in ASKS}
    with pytest.raises(Question.DoesNotExist):
        write_question(facts=facts, variant="staff", order=1, actor_id=None, key=row.key)


def test_the_coordinator_changes_the_settings_and_it_is_recorded(client: Client) -> None:
    load_evaluation()
    client.force_login(make_user("coordinator"))
    page(client, "/admin/evaluation/settings/")
    path = "/admin/evaluation/settings/edit/1/"
    assert (
        said("The reminder must come before the evaluation closes.")
        in client.post(path, {"open_days": 5, "remind_after_days": 5, "note": ""}).content.decode()
    )
    assert client.post(path, {"open_days": 20, "remind_after_days": 5, "note": ""}).status_code == 302
    row = EvaluationSettings.objects.get()
    assert (row.open_days, row.remind_after_days) == (20, 5)
    assert AuditEvent.objects.filter(action="evaluationsettings.changed").count() == 1


def test_the_starter_questions_are_there_once_and_an_editors_change_stays() -> None:
    load_evaluation()
    by_variant = {variant: Question.objects.filter(variant=variant).count() for variant in Question.Variant.values}
    assert by_variant == {"teacher": 6, "parent": 4, "staff": 5}
    assert all(row.text_en and len(row.choices_da) == len(row.choices_en) for row in Question.objects.all())
    retire_question(key=Question.objects.all()[0].key, actor_id=None)
    load_evaluation()
    assert Question.objects.filter(current=True).count() == 14
