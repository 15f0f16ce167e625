"""Was this page useful?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.courses import make_workshop
from tests.factories.pages import make_article, make_card, make_chapter, make_plan
from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.feedback.domain import forget_old
from vaern.feedback.models import Feedback
from vaern.limits import domain as limits
from vaern.limits.models import Tally

pytestmark = pytest.mark.django_db


def path(page: Any) -> str:
    return f"/feedback/?side={page.pk}"


def test_which_pages_ask(site: None, client: Client) -> None:
    chapter = make_chapter()
    for page, asks in ((make_article(), True), (make_workshop(), True), (chapter, True), (make_card(chapter), False)):
        html = client.get(page.url).content.decode()
        assert (f"/feedback/?side={page.pk}&amp;svar=ja" in html) is asks
        assert client.get(path(page)).status_code == (200 if asks else 404)
    assert "/feedback/" not in client.get("/er-du-bekymret/").content.decode()


def test_the_asking_page_sets_no_cookie_and_the_form_keeps_nothing_on_get(site: None, client: Client) -> None:
    page = make_article()
    assert client.get(page.url).cookies == {}
    html = client.get(path(page) + "&svar=nej").content.decode()
    assert Feedback.objects.count() == 0
    assert 'value="no"' in html
    assert html.count("checked") == 1


def test_an_answer_is_kept_without_anything_about_the_reader(site: None, clock: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    page = make_article()
    client.get(path(page))
    token = client.cookies["csrftoken"].value
    data = {"useful": "no", "text": " Der mangler\nen pris ", "csrfmiddlewaretoken": token}
    response = client.post(path(page), data, follow=True)
    assert "Tak for dit svar" in response.content.decode()
    kept = Feedback.objects.get()
    assert (kept.page_id, kept.useful, kept.text, kept.state) == (page.pk, False, "Der mangler en pris", "new")
    assert {field.name for field in Feedback._meta.fields} == {"id", "page", "useful", "text", "state", "received_at"}


def test_in_english_for_an_english_page(site: None, client: Client) -> None:
    page = make_article(language="en")
    assert f"/en/feedback/?side={page.pk}" in client.get(page.url).content.decode()
    assert "Was this page useful?" in client.get(f"/en{path(page)}").content.decode()


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        ({}, 422, "Vælg ja eller nej."),
        ({"useful": "måske"}, 422, ""),
        ({"useful": "yes", "text": "010190-1234"}, 422, "Det ligner et CPR-nummer"),
        ({"useful": "yes", "text": "0101901234"}, 422, "Det ligner et CPR-nummer"),
        ({"useful": "yes", "text": "æ" * 301}, 422, ""),
    ],
)
def test_what_is_refused(site: None, client: Client, data: dict[str, str], status: int, says: str) -> None:
    response = client.post(path(make_article()), data)
    assert response.status_code == status
    assert says in response.content.decode()
    assert Feedback.objects.count() == 0


def test_three_hundred_characters_are_kept(site: None, client: Client) -> None:
    client.post(path(make_article()), {"useful": "yes", "text": "æ" * 300})
    assert len(Feedback.objects.get().text) == 300


def test_a_machine_is_thanked_and_not_kept(site: None, client: Client) -> None:
    response = client.post(path(make_article()), {"useful": "yes", "website": "http://spam"})
    assert response.status_code == 302
    assert Feedback.objects.count() == 0


def test_ten_an_hour_from_one_network(site: None, client: Client, clock: Any) -> None:
    page = make_article()
    answers = [client.post(path(page), {"useful": "yes"}).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    assert client.post(path(page), {"useful": "yes"}, REMOTE_ADDR="192.0.2.9").status_code == 302
    clock.shift(dt.timedelta(hours=1))
    assert client.post(path(page), {"useful": "yes"}).status_code == 302
    assert Feedback.objects.count() == 12


def test_the_answer_is_kept_in_the_form_and_says_when_to_come_back(site: None, client: Client, clock: Any) -> None:
    page = make_article()
    for _ in range(10):
        client.post(path(page), {"useful": "yes"})
    response = client.post(path(page), {"useful": "no", "text": "Der mangler en pris"})
    html = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "no-store" in response["Cache-Control"]
    assert "Der er sendt rigtig meget fra jeres netværk på kort tid." in html
    assert "Der mangler en pris" in html
    assert Feedback.objects.count() == 10


def test_when_nobody_can_count_nothing_is_taken(site: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any) -> None:
        raise DatabaseError

    page = make_article()
    monkeypatch.setattr(limits, "_count", broken)
    assert client.post(path(page), {"useful": "yes"}).status_code == 429
    assert Feedback.objects.count() == 0


def test_what_is_counted_tells_no_address_and_changes_by_day(site: None, client: Client, clock: Any) -> None:
    page = make_article()
    client.post(path(page), {"useful": "yes"}, REMOTE_ADDR="192.0.2.1")
    clock.shift(dt.timedelta(days=1))
    client.post(path(page), {"useful": "yes"}, REMOTE_ADDR="192.0.2.1")
    keys = list(Tally.objects.values_list("key", flat=True))
    assert len(set(keys)) == 2
    assert [key for key in keys if "192" in key and "." in key] == []


@pytest.mark.parametrize("side", ["", "x", "-1", "99999999", "1" * 30, "1 OR 1"])
def test_no_such_page(site: None, client: Client, side: str) -> None:
    assert client.get("/feedback/", {"side": side}).status_code == 404


def test_a_draft_cannot_be_answered(site: None, client: Client) -> None:
    assert client.get(path(make_article(live=False))).status_code == 404
    assert client.get(path(make_plan(live=False))).status_code == 404


def test_the_inbox(site: None, client: Client) -> None:
    page = make_article(title="Om")
    for useful, text in ((True, ""), (False, "Pris?"), (False, "Køb piller")):
        Feedback.objects.create(page=page, useful=useful, text=text, received_at=timezone.now())
    client.force_login(make_user("editor"))
    html = client.get(reverse("feedback:index")).content.decode()
    assert "Køb piller" in html
    spam = Feedback.objects.get(text="Køb piller")
    assert client.post(reverse("feedback:edit", args=[spam.pk]), {"state": "spam"}).status_code == 302
    spam.refresh_from_db()
    assert (spam.state, spam.text) == ("spam", "Køb piller")
    assert AuditEvent.objects.filter(action="feedback.marked").count() == 1
    tally = client.get(reverse("feedback:tally"))
    assert [(row["yes"], row["no"]) for row in tally.context["rows"]] == [(1, 1)]
    client.force_login(make_user("coordinator"))
    assert client.get(reverse("feedback:tally")).status_code in {302, 403}
    assert client.get(reverse("feedback:index")).status_code in {302, 403}


def test_forgotten_after_twelve_months(site: None, clock: Any) -> None:
    page, now = make_article(), timezone.now()
    for days in (364, 366):
        Feedback.objects.create(page=page, useful=True, received_at=now - dt.timedelta(days=days))
    assert forget_old(now=now) == 1
    assert Feedback.objects.count() == 1
