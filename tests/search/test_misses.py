"""What is remembered of searches in vain, and what never is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.factories.people import make_user
from tests.factories.texts import page
from vaern.search.domain import count_miss, forget_misses
from vaern.search.models import Miss
from vaern.search.rules import countable

BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux) Firefox/140"}


@pytest.mark.parametrize(
    ("query", "agent", "counted"),
    [
        ("  dialog   KORT ", "Mozilla/5.0", "dialog kort"),
        ("mobning", "Mozilla/5.0", "mobning"),
        ("klasse 7", "Mozilla/5.0", "klasse 7"),
        ("010203-1234", "Mozilla/5.0", ""),
        ("010203", "Mozilla/5.0", ""),
        ("01 02 03", "Mozilla/5.0", ""),
        ("41 74 90 90", "Mozilla/5.0", ""),
        ("nogen@example.dk", "Mozilla/5.0", ""),
        ("https://example.dk", "Mozilla/5.0", ""),
        ("Anders Andersen", "Mozilla/5.0", ""),
        ("min nabo hedder noget", "Mozilla/5.0", ""),
        ("x" * 61, "Mozilla/5.0", ""),
        ("mobning", "", ""),
        ("mobning", "Googlebot/2.1", ""),
        ("mobning", "curl/8", ""),
        ("…", "Mozilla/5.0", ""),
    ],
)
def test_what_may_be_counted(query: str, agent: str, counted: str) -> None:
    assert countable(query, agent) == counted


@pytest.mark.usefixtures("site")
def test_a_phrase_is_written_out_on_its_third_day_and_not_before(client: Client, clock: Any) -> None:
    for day in (23, 24):
        clock.move_to(dt.datetime(2026, 11, day, 10, tzinfo=dt.UTC))
        for _ in range(4):
            client.get("/soeg/", {"q": "findesikke"}, **BROWSER)
    row = Miss.objects.get()
    assert (row.phrase, row.count, row.days) == ("", 8, 2)
    clock.move_to(dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC))
    client.get("/soeg/", {"q": "FindesIkke "}, **BROWSER)
    row.refresh_from_db()
    assert (row.phrase, row.count, row.days) == ("findesikke", 9, 3)


@pytest.mark.usefixtures("site", "clock")
def test_hits_heads_and_staff_are_not_counted(client: Client) -> None:
    client.get("/soeg/", {"q": "workshops"}, **BROWSER)
    client.head("/soeg/", {"q": "findesikke"}, **BROWSER)
    client.get("/soeg/", {"q": "findesikke", "HTTP_USER_AGENT": "bot"})
    client.force_login(make_user("editor"))
    client.get("/soeg/", {"q": "findesikke"}, **BROWSER)
    assert Miss.objects.count() == 0


@pytest.mark.django_db
def test_counts_are_forgotten_after_twelve_months() -> None:
    for month in (dt.date(2025, 10, 31), dt.date(2025, 11, 1)):
        count_miss(phrase="findesikke", language="da", today=month)
    assert forget_misses(today=dt.date(2026, 11, 23)) == 1
    assert Miss.objects.get().month == dt.date(2025, 11, 1)


@pytest.mark.usefixtures("site", "clock")
def test_editors_read_the_report_and_others_do_not(client: Client) -> None:
    for day in (1, 2, 3):
        count_miss(phrase="legekontakt", language="da", today=dt.date(2026, 11, day))
    count_miss(phrase="sjælden", language="da", today=dt.date(2026, 11, 3))
    client.force_login(make_user("editor"))
    text = page(client, "/admin/reports/searches/")
    assert ("legekontakt" in text, "sjælden" in text) == (True, False)
    assert "/admin/reports/searches/" in page(client, "/admin/")
    client.force_login(make_user("coordinator"))
    assert client.get("/admin/reports/searches/").status_code in {302, 403}
