"""The staff screens for goals and their targets."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.goals.models import Goal, GoalYear, TargetChange
from vaern.people.models import User

pytestmark = pytest.mark.usefixtures("site", "clock")

ROLES = ["coordinator", "editor", "approver", "facilitator", "administrator"]
IN, HOME, DOOR = (200, ""), (302, "/admin/"), (302, "/log-ind/medarbejder/")
TARGETS = {"coordinator": HOME, "editor": HOME, "approver": IN, "facilitator": DOOR, "administrator": IN}
TEXTS = TARGETS | {"approver": HOME}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def approver() -> User:
    return make_user("approver", first_name="Gerda", last_name="Godkender")


@pytest.fixture
def client(approver: User) -> Client:
    return client_of(approver)


@pytest.fixture
def target() -> GoalYear:
    return GoalYear.objects.select_related("goal").get(goal__key="elever-folkeskole", year=2026)


def answer(client: Client, url: str) -> tuple[int, str]:
    response = client.get(url)
    return response.status_code, response.headers.get("Location", "").split("?")[0]


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def edit(target: GoalYear) -> str:
    return reverse("staff_goal_years:edit", args=[target.pk])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("staff_goal_years:index", TARGETS),
        ("staff_goal_years:add", TARGETS),
        ("staff_goal_years:edit", TARGETS),
        ("staff_goal_years:inspect", TARGETS),
        ("staff_goals:index", TEXTS),
        ("staff_goals:edit", TEXTS),
        ("staff_goals:inspect", TEXTS),
    ],
)
def test_who_opens_what(role: str, name: str, expected: dict[str, tuple[int, str]], target: GoalYear) -> None:
    key = target.pk if "goal_years" in name else target.goal_id
    args = [key] if name.endswith(("edit", "inspect")) else []
    assert answer(client_of(make_user(role)), reverse(name, args=args)) == expected[role]


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_shows_goals_to_those_who_may(role: str) -> None:
    page = client_of(make_user(role)).get("/admin/").content.decode()
    assert ('"/admin/goal-years/"' in page) == (role in {"approver", "administrator"})


@pytest.mark.parametrize("name", ["staff_goals:add", "staff_goals:delete", "staff_goal_years:delete"])
def test_there_is_no_address_for_what_nobody_may_do(name: str) -> None:
    for args in ([], [1]):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=args)


def test_a_target_is_changed_with_a_reason_that_is_kept(client: Client, approver: User, target: GoalYear) -> None:
    data = {"low": "4500", "high": "5000", "reason": "Vedtaget i november"}
    assert client.post(edit(target), data).headers["Location"] == "/admin/goal-years/"
    target.refresh_from_db()
    assert (target.low, target.high) == (4500, 5000)
    assert list(
        TargetChange.objects.values_list("old_low", "old_high", "new_low", "new_high", "reason", "changed_by")
    ) == [(4000, None, 4500, 5000, "Vedtaget i november", approver.pk)]
    assert list(AuditEvent.objects.values_list("action", "actor")) == [("goal.target_changed", approver.pk)]
    page = client.get(edit(target)).content.decode()
    shown = [text for text in ("Vedtaget i november", "4.500–5.000", "Gerda Godkender") if text in page]
    assert shown == ["Vedtaget i november", "4.500–5.000", "Gerda Godkender"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "Se sag om 010101-1234"}, "reason"),
        ({"low": ""}, "low"),
        ({"low": "-1"}, "low"),
        ({"high": "4499"}, "__all__"),
    ],
)
def test_a_form_with_a_mistake_changes_nothing(
    client: Client, target: GoalYear, changes: dict[str, str], field: str
) -> None:
    response = client.post(edit(target), {"low": "4500", "high": "", "reason": "Vedtaget"} | changes)
    assert (response.status_code, list(errors(response))) == (200, [field])
    assert "goal_year_range" not in response.content.decode()
    target.refresh_from_db()
    assert (target.low, TargetChange.objects.count(), AuditEvent.objects.count()) == (4000, 0, 0)


def test_a_closed_year_is_shown_and_not_edited(client: Client, target: GoalYear) -> None:
    GoalYear.objects.filter(pk=target.pk).update(state=GoalYear.State.CLOSED)
    inspect = reverse("staff_goal_years:inspect", args=[target.pk])
    assert answer(client, edit(target)) == (302, inspect)
    assert client.post(edit(target), {"low": "1", "reason": "Fejl"}).headers["Location"] == inspect
    target.refresh_from_db()
    assert (target.low, TargetChange.objects.count()) == (4000, 0)
    assert edit(target) not in client.get(inspect).content.decode()


def test_a_year_closed_in_the_meantime_is_words_at_the_form(
    client: Client, target: GoalYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaern.goals.admin.GoalYearEditView.refusal", lambda self, instance: None)
    GoalYear.objects.filter(pk=target.pk).update(state=GoalYear.State.CLOSED)
    response = client.post(edit(target), {"low": "1", "reason": "Fejl"})
    assert (response.status_code, list(errors(response))) == (200, ["__all__"])


def test_a_new_year_is_added_once(client: Client, approver: User, target: GoalYear) -> None:
    data = {"goal": str(target.goal_id), "year": "2027", "low": "4200", "high": ""}
    first = client.post(reverse("staff_goal_years:add"), data)
    again = client.post(reverse("staff_goal_years:add"), data)
    assert (first.status_code, again.status_code) == (302, 200)
    assert GoalYear.objects.filter(year=2027).values_list("low", flat=True).get() == 4200
    assert list(AuditEvent.objects.values_list("action", "actor")) == [("goalyear.added", approver.pk)]


@pytest.mark.parametrize("year", ["1999", "2101", "-1"])
def test_a_year_is_of_our_time(client: Client, target: GoalYear, year: str) -> None:
    data = {"goal": str(target.goal_id), "year": year, "low": "1"}
    response = client.post(reverse("staff_goal_years:add"), data)
    assert response.status_code == 200
    assert "goal_year_sane" not in response.content.decode()


def test_an_administrator_words_a_goal_and_nothing_else(target: GoalYear) -> None:
    client = client_of(make_user("administrator"))
    data = {"title_da": "Elever", "title_en": "Pupils", "rule_da": "Tæller.", "rule_en": "Counts.", "measure": "x"}
    client.post(reverse("staff_goals:edit", args=[target.goal_id]), data)
    goal = Goal.objects.get(pk=target.goal_id)
    assert (goal.title_da, goal.measure) == ("Elever", target.goal.measure)
    assert AuditEvent.objects.get().action == "goal.changed"


@pytest.mark.parametrize("role", ["coordinator", "editor", "facilitator"])
def test_a_post_without_permission_changes_nothing(role: str, target: GoalYear) -> None:
    client = client_of(make_user(role))
    assert client.post(edit(target), {"low": "1", "reason": "Fejl"}).status_code == 302
    assert client.post(reverse("staff_goal_years:add"), {"goal": "1", "year": "2027", "low": "1"}).status_code == 302
    assert client.post(reverse("staff_goals:edit", args=[target.goal_id]), {"title_da": "X"}).status_code == 302
    target.refresh_from_db()
    assert (target.low, AuditEvent.objects.count(), GoalYear.objects.filter(year=2027).count()) == (4000, 0, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_whatever_its_length(client: Client, rows: int) -> None:
    keep = list(GoalYear.objects.values_list("pk", flat=True)[:rows])
    GoalYear.objects.exclude(pk__in=keep).delete()
    client.get(reverse("staff_goal_years:index"))  # fills what Wagtail keeps for the process
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("staff_goal_years:index"))
    assert len(captured) == 10
