"""The editors' home page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import plan as plans
from tests.factories.guidance import make_contact
from tests.factories.pages import make_article, make_chapter
from tests.factories.people import make_user
from vaern.feedback.models import Feedback
from vaern.guidance.models import PlanPage
from vaern.search.models import Miss

pytestmark = pytest.mark.django_db
# The frame of the admin takes eight or nine; an editor has seven panels with a query each, an approver two, of which
# Wagtail's own question "what may this user decide" takes seven.
QUERIES = 16


def panels(client: Client) -> dict[str, Any]:
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200
    html = response.content.decode()
    return {"html": html, "keys": [part.split('"')[0] for part in html.split('id="dashboard-')[1:]]}


def misses(phrase: str, *, times: int) -> None:
    """A phrase that was searched in vain on so many days that it is shown."""
    today = timezone.localdate()
    Miss.objects.create(
        key=f"{phrase} {Miss.objects.count()}",
        language="da",
        phrase=phrase,
        month=today.replace(day=1),
        count=times,
        days=3,
        last_day=today,
    )


def test_each_role_sees_its_own(site: None, client: Client) -> None:
    for role, keys in {
        "editor": ["drafts", "plan", "overdue", "contacts", "feedback", "translations", "searches"],
        "approver": ["to-approve", "plan"],
        "coordinator": [
            *("desk-today", "desk-visits", "desk-approvals", "desk-unreported", "desk-below", "desk-full"),
            *("desk-failed", "desk-charter", "desk-contacts"),
        ],
    }.items():
        client.force_login(make_user(role))
        assert panels(client)["keys"] == keys


def fill(number_of_rows: int, editor: Any) -> None:
    """So much to do for everybody."""
    for number in range(number_of_rows):
        page = make_article(title=f"Gammel {number}", review_on=dt.date(2026, 1, 1 + number))
        page.title = f"Kladde {number}"
        page.save_revision(user=editor)
        Feedback.objects.create(page=page, useful=False, text=f"Mangler {number}", received_at=timezone.now())
        chapter = make_chapter(title=f"Kapitel {number}")
        chapter.save_revision(user=editor)
        chapter.get_workflow().start(chapter, editor)
        make_contact(f"Vagt {number}")
        misses(f"savnet ord {number}", times=number + 1)


def test_it_costs_the_same_for_one_and_for_thirty(site: None, clock: Any, client: Client) -> None:
    editor, approver = make_user("editor"), make_user("approver")
    counts = []
    for number in (1, 29):
        fill(number, editor)
        for user in (editor, approver):
            client.force_login(user)
            panels(client)
            with CaptureQueriesContext(connection) as queries:
                panels(client)
            counts.append(len(queries))
    assert counts == [QUERIES] * 4


def test_it_shows_what_there_is(site: None, clock: Any, client: Client) -> None:
    editor, approver = make_user("editor"), make_user("approver")
    fill(7, editor)
    plan = PlanPage.objects.get()
    plans.adopted(plan, on=dt.date(2022, 11, 1), due=dt.date(2026, 11, 1))
    plans.proposed(plan, by=editor)
    for user, words in {
        editor: (
            *("Mine kladder (14)", "Gennemsyn over tiden (7)", "Læsernes svar (7)", "Mangler 6", "Gammel 0"),
            *("Beredskabsplanen (2)", "Skulle være revideret senest 1. november 2026", "venter på en afgørelse"),
            *("Kontakter, der skal kontrolleres (7)", "Vagt 0", "Aldrig kontrolleret"),
            *("Søgt forgæves i denne måned (7)", "savnet ord 6", "7 gange, senest 23. november"),
            *("Engelske sider at se på", "Der er ingen engelsk side"),
        ),
        approver: ("Til godkendelse (7)", "Kapitel 0", "Beredskabsplanen (2)", "venter på din afgørelse"),
    }.items():
        client.force_login(user)
        html = panels(client)["html"]
        assert [word for word in words if word not in html] == []


def test_empty_panels_say_so(site: None, client: Client) -> None:
    client.force_login(make_user("approver"))
    assert "Intet venter på dig." in panels(client)["html"]


def test_the_guide_shows_the_users_own_role_first(site: None, client: Client) -> None:
    client.force_login(make_user("approver"))
    html = client.get(reverse("editors_guide")).content.decode()
    found = [part.split('"')[0] for part in html.split('<h2 class="w-h2" id="guide-')[1:]]
    others = ["editor", "coordinator", "administrator", "administration-coordinator", "privacy-officer", "facilitator"]
    assert found == ["approver", *others]
