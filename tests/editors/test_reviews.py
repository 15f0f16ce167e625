"""Reviews: dates, mails, the list and "reviewed today"."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.pages import make_article, make_chapter
from tests.factories.people import make_user
from vaern.audit.models import AuditEvent
from vaern.editors.domain import send_review_notices
from vaern.editors.rules import Told, notice_now
from vaern.outbox.models import Message
from vaern.outbox.relay import send_next
from vaern.pages.models import a_year_after

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)


def told(kind: str, *, days_ago: int, review_on: dt.date, to: int = 1) -> Told:
    return Told(kind, review_on, to, DAY - dt.timedelta(days=days_ago))


SOON, PAST = DAY + dt.timedelta(days=30), DAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("review_on", "recipient", "before", "kind"),
    [
        (None, 1, None, ""),
        (SOON + dt.timedelta(days=1), 1, None, ""),
        (SOON, 1, None, "due"),
        (DAY, 1, None, "due"),
        (PAST, 1, None, "overdue"),
        (PAST, None, None, ""),
        (SOON, 1, told("due", days_ago=20, review_on=SOON), ""),
        (PAST, 1, told("due", days_ago=31, review_on=PAST), "overdue"),
        (PAST, 1, told("overdue", days_ago=6, review_on=PAST), ""),
        (PAST, 1, told("overdue", days_ago=7, review_on=PAST), "overdue"),
        (PAST, 1, told("overdue", days_ago=90, review_on=PAST), "overdue"),
        (SOON, 1, told("overdue", days_ago=1, review_on=PAST), "due"),
        (PAST, 2, told("overdue", days_ago=1, review_on=PAST), "overdue"),
    ],
)
def test_when_somebody_is_told(review_on: Any, recipient: Any, before: Told | None, kind: str) -> None:
    assert notice_now(review_on=review_on, recipient_id=recipient, told=before, today=DAY) == kind


def test_a_year_after_a_leap_day() -> None:
    assert a_year_after(dt.date(2028, 2, 29)) == dt.date(2029, 3, 1)
    assert a_year_after(dt.date(2026, 11, 23)) == dt.date(2027, 11, 23)


def test_the_first_publication_sets_the_date_and_keeps_one_that_is_set(site: None, clock: Any) -> None:
    assert make_article().review_on == dt.date(2027, 11, 23)
    assert make_article(review_on=dt.date(2027, 1, 1)).review_on == dt.date(2027, 1, 1)
    assert make_article(live=False).review_on is None


def test_one_mail_a_person_and_none_twice(site: None, clock: Any) -> None:
    user = make_user("editor", "red@example.dk")
    gone = make_user("editor", "vaek@example.dk", is_active=False)
    make_article(title="Snart", responsible=user, review_on=SOON)
    make_article(title="Sent", responsible=user, review_on=PAST)
    make_article(title="Ikke endnu", responsible=user, review_on=SOON + dt.timedelta(days=1))
    make_article(title="Ingen", review_on=PAST)
    make_article(title="Væk", responsible=gone, review_on=PAST)
    make_article(title="Kladde", responsible=user, review_on=PAST, live=False)
    assert send_review_notices(today=DAY) == 1
    assert send_review_notices(today=DAY) == 0
    assert send_review_notices(today=DAY + dt.timedelta(days=7)) == 1
    assert Message.objects.filter(kind="editors.review").count() == 2


def test_the_mail_says_which_pages_and_where(site: None, clock: Any, mailoutbox: list[Any]) -> None:
    user = make_user("editor", "red@example.dk")
    page = make_article(title="Om skoler", responsible=user, review_on=PAST)
    send_review_notices(today=DAY)
    assert send_next() is True
    assert mailoutbox[0].subject == "En af dine sider skal gennemses"
    assert "Om skoler: over tiden siden 22. november 2026" in mailoutbox[0].body
    assert f"http://testserver/admin/pages/{page.pk}/edit/" in mailoutbox[0].body


def test_reviewed_today_by_post_only(site: None, clock: Any, client: Client) -> None:
    user = make_user("editor", "red@example.dk")
    page = make_article(title="Om", responsible=user, review_on=PAST)
    page.title = "Kladde"
    page.save_revision(user=user)
    client.force_login(user)
    url = reverse("editors_confirm", args=[page.pk])
    assert client.get(url).status_code == 405
    page.refresh_from_db()
    assert page.review_on == PAST
    assert client.post(url).status_code == 302
    page.refresh_from_db()
    assert (page.review_on, page.title) == (dt.date(2027, 11, 23), "Om")
    assert page.get_latest_revision_as_object().review_on == dt.date(2027, 11, 23)
    assert page.get_latest_revision_as_object().title == "Kladde"
    event = AuditEvent.objects.get(action="page.reviewed")
    assert (event.actor_id, event.subject_key) == (user.pk, str(page.pk))


def test_a_responsible_approver_may_confirm_and_a_stranger_may_not(site: None, client: Client) -> None:
    approver, stranger = make_user("approver"), make_user("coordinator")
    page = make_chapter(responsible=approver, review_on=PAST)
    client.force_login(stranger)
    assert client.post(reverse("editors_confirm", args=[page.pk])).status_code in {302, 403}
    assert AuditEvent.objects.filter(action="page.reviewed").count() == 0
    client.force_login(approver)
    client.post(reverse("editors_confirm", args=[page.pk]))
    assert AuditEvent.objects.filter(action="page.reviewed").count() == 1


def rows(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("editors_reviews"), query)
    assert response.status_code == 200
    return [page.title for page in response.context["object_list"]]


def test_the_list_and_its_filters(site: None, clock: Any, client: Client) -> None:
    user = make_user("editor", "red@example.dk")
    for title, fields in {
        "A": {"review_on": PAST, "responsible": user},
        "B": {"review_on": SOON},
        "C": {"review_on": dt.date(2028, 1, 1), "responsible": user},
    }.items():
        make_article(title=title, **fields)
    client.force_login(user)
    assert rows(client, state="overdue") == ["A"]
    assert rows(client, state="due") == ["B"]
    assert rows(client, mine="on") == ["A", "C"]
    assert rows(client, responsible=str(user.pk)) == ["A", "C"]
    assert set(rows(client)) >= {"A", "B", "C"}
    exported = client.get(reverse("editors_reviews"), {"export": "csv", "state": "overdue"})
    lines = b"".join(exported.streaming_content).decode().splitlines()
    assert lines[0] == "Side,Adresse,Gennemses,Status,Ansvarlig"
    assert lines[1].startswith("A,http")
    assert lines[1].endswith("2026-11-22,Over tiden,red@example.dk")
    assert len(lines) == 2


@pytest.mark.parametrize("name", ["editors_reviews", "editors_checks"])
def test_lists_cost_the_same_for_one_and_for_many(
    site: None, client: Client, name: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(make_user("editor"))
    counts = []
    for number in (1, 3, 30):
        for _ in range(number):
            make_article()
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(name))
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
