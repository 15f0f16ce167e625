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

from tests.factories.pages import make_article, make_chapter
from tests.factories.people import make_user
from vaern.feedback.models import Feedback

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


def panels(client: Client) -> dict[str, Any]:
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200
    html = response.content.decode()
    return {"html": html, "keys": [part.split('"')[0] for part in html.split('id="dashboard-')[1:]]}


def test_each_role_sees_its_own(site: None, client: Client) -> None:
    for role, keys in {
        "editor": ["drafts", "overdue", "feedback"],
        "approver": ["to-approve"],
        "coordinator": [],
    }.items():
        client.force_login(make_user(role))
        assert panels(client)["keys"] == keys


def test_it_shows_what_there_is_in_few_queries(site: None, clock: Any, client: Client) -> None:
    editor, approver = make_user("editor"), make_user("approver")
    for number in range(7):
        page = make_article(title=f"Gammel {number}", review_on=dt.date(2026, 1, 1 + number))
        page.title = f"Kladde {number}"
        page.save_revision(user=editor)
        Feedback.objects.create(page=page, useful=False, text=f"Mangler {number}", received_at=timezone.now())
        chapter = make_chapter(title=f"Kapitel {number}")
        chapter.save_revision(user=editor)
        chapter.get_workflow().start(chapter, editor)
    for user, words in {
        editor: ("Mine kladder (14)", "Gennemsyn over tiden (7)", "Læsernes svar (7)", "Mangler 6", "Gammel 0"),
        approver: ("Til godkendelse (7)", "Kapitel 0"),
    }.items():
        client.force_login(user)
        panels(client)
        with CaptureQueriesContext(connection) as queries:
            html = panels(client)["html"]
        assert [word for word in words if word not in html] == []
        assert len(queries) <= MOST_QUERIES, [query["sql"][:120] for query in queries]


def test_empty_panels_say_so(site: None, client: Client) -> None:
    client.force_login(make_user("approver"))
    assert "Intet venter på dig." in panels(client)["html"]


def test_the_guide_shows_the_users_own_role_first(site: None, client: Client) -> None:
    client.force_login(make_user("approver"))
    html = client.get(reverse("editors_guide")).content.decode()
    found = [part.split('"')[0] for part in html.split('<h2 class="w-h2" id="guide-')[1:]]
    assert found == ["approver", "editor", "coordinator", "administrator", "facilitator"]
