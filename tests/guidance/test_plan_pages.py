"""The published plan: numbers, contents, addresses of sections, neighbours, languages, and what nobody may read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from tests.factories.people import make_user
from tests.factories.plan import (
    adopted,
    anchor,
    make_card,
    make_chapter,
    make_plan,
    proposed,
    translated,
    write,
)
from tests.factories.texts import escaped, page, said
from vaern.guidance.models import ChapterPage, PlanPage
from vaern.guidance.plans.outline import outlines, sections

pytestmark = [pytest.mark.usefixtures("site", "clock")]


@pytest.fixture
def plan(site: None) -> PlanPage:
    return make_plan()


def numbers(plan: PlanPage, language: str = "da") -> list[tuple[str, str]]:
    return [(entry.number, entry.page.title) for entry in outlines(plan.translation_key)[language].entries()]


def test_chapters_cards_and_sections_are_numbered_in_their_order(plan: PlanPage) -> None:
    first = make_chapter(plan, "Formål", {"Hvorfor": "a", "Hvem": "b"})
    second = make_chapter(plan, "Handling")
    make_card(second, "Akut")
    make_card(second, "På nettet")
    assert numbers(plan) == [("1", "Formål"), ("2", "Handling"), ("2-A", "Akut"), ("2-B", "På nettet")]
    assert [(each.number, each.heading) for each in sections("1", first.body)] == [("1.1", "Hvorfor"), ("1.2", "Hvem")]
    second.move(first, pos="left")
    assert numbers(plan)[0] == ("1", "Handling")


def test_a_sections_address_survives_another_heading(client: Client, plan: PlanPage) -> None:
    chapter = make_chapter(plan, "Formål", {"Hvorfor": "a", "Hvem": "b"})
    before = re.findall(r'<section class="v-section v-prose" id="([^"]+)"', page(client, chapter.url))
    assert before == [anchor("Hvorfor"), anchor("Hvem")]
    chapter.body[0].value["heading"] = "Baggrund"
    chapter.save_revision().publish()
    text = page(client, chapter.url)
    assert re.findall(r'<section class="v-section v-prose" id="([^"]+)"', text) == before
    assert text.count(f'href="#{before[0]}"') == 2  # in the contents and as a link to copy
    assert said("Link to this section") in text


def test_the_plan_has_contents_with_sections_and_cards(client: Client, plan: PlanPage) -> None:
    chapter = make_chapter(plan, "Formål", {"Hvorfor": "a"})
    card = make_card(chapter, "Akut")
    text = page(client, plan.url)
    for url in (chapter.url, f"{chapter.url}#{anchor('Hvorfor')}", card.url):
        assert text.count(f'href="{url}"') == 1
    assert escaped(said("The plan has not been adopted yet")) in text


def test_a_plan_without_chapters_says_so(client: Client, plan: PlanPage) -> None:
    assert said("The plan has no chapters yet.") in page(client, plan.url)


def test_chapters_lead_to_their_neighbours(client: Client, plan: PlanPage) -> None:
    first, middle, last = (make_chapter(plan, title) for title in ("Første", "Midt", "Sidst"))
    steps = {each: re.findall(r'rel="(prev|next)" href="([^"]+)"', page(client, each.url)) for each in (first, middle)}
    assert steps[first] == [("next", middle.url)]
    assert steps[middle] == [("prev", first.url), ("next", last.url)]


def _schedule(chapter: ChapterPage) -> None:
    chapter.unpublish()
    chapter.go_live_at = dt.datetime(2026, 12, 24, tzinfo=dt.UTC)
    chapter.save_revision().publish()


HIDE: dict[str, Callable[[ChapterPage], object]] = {
    "unpublished": lambda chapter: chapter.unpublish(),
    "private": lambda chapter: PageViewRestriction.objects.create(
        page=chapter, restriction_type=PageViewRestriction.LOGIN
    ),
    "scheduled": _schedule,
}


@pytest.mark.parametrize("how", HIDE)
def test_what_is_not_public_is_nowhere(how: str, client: Client, plan: PlanPage) -> None:
    make_chapter(plan, "Formål")
    secret = make_chapter(plan, "Hemmelighed", {"Skjult": "Kun for os"})
    make_card(secret, "Skjultkort", "Et skjult råd")
    last = make_chapter(plan, "Til sidst")
    assert "Hemmelighed" in page(client, plan.url)
    HIDE[how](secret)
    assert numbers(plan) == [("1", "Formål"), ("2", "Til sidst")]
    version = adopted(plan)
    assert [word for word in ("Hemmelighed", "Skjult", "Kun for os", "Et skjult råd") if word in version.content] == []
    pages = [plan.url, last.url, "/beredskabsplan/version/1.0/", "/beredskabsplan/version/sammenlign/?fra=1.0"]
    assert [url for url in pages if re.search("Hemmelighed|[Ss]kjult", page(client, url))] == []
    assert client.get(f"/beredskabsplan/version/1.0/{secret.slug}/").status_code == 404


def test_english_uses_the_same_numbers_and_says_what_is_missing(client: Client, plan: PlanPage) -> None:
    first, second, third = (make_chapter(plan, title) for title in ("Et", "To", "Tre"))
    card = make_card(third, "Kortet")
    english = translated(plan, "Preparedness plan", slug="preparedness-plan", intro="What we do.")
    translated(third, "Three", slug="three", intro="")
    assert numbers(plan, "en") == [("3", "Three")]
    text = page(client, english.url)
    assert escaped(said("Chapter %(number)s has not been translated.", "en", number="1")) in text
    assert f'href="{second.url}" hreflang="da"' in text
    assert f'href="{card.url}" hreflang="da"' in text
    assert [word for word in ("Kortet", first.title + "<", "Hvad vi gør") if word in text] == []


@pytest.mark.parametrize("many", [1, 3, 20])
def test_a_chapter_costs_the_same_however_long_the_plan(many: int, client: Client, plan: PlanPage) -> None:
    target = make_chapter(plan, "Mål")
    link = f'<p><a linktype="page" id="{plan.pk}">planen</a></p>'
    for number in range(many):
        chapter = make_chapter(plan, f"Kapitel {number}", {f"Afsnit {each}": link for each in range(3)})
        make_card(chapter, f"Kort {number}")
    adopted(plan)
    chapter = write(target, {f"Afsnit {each}": link for each in range(many)})
    page(client, chapter.url)
    counts = {}
    for name, url in {"plan": plan.url, "chapter": chapter.url, "version": "/beredskabsplan/version/1.0/"}.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, url)
        counts[name] = len(queries)
    assert counts == {"plan": 6, "chapter": 8, "version": 7}, "\n".join(each["sql"][:200] for each in queries)


def test_the_pages_say_when_the_text_is_no_longer_what_was_adopted(client: Client, plan: PlanPage) -> None:
    chapter = make_chapter(plan, "Formål", {"Hvorfor": "Fordi."})
    adopted(plan)
    changed = escaped(said("The text has been changed since it was adopted"))
    assert [changed in page(client, url) for url in (plan.url, chapter.url)] == [False, False]
    chapter.body[0].value["heading"] = "Baggrund"
    chapter.save_revision()
    assert changed not in page(client, plan.url)  # a draft is nothing a reader sees
    chapter.save_revision().publish()
    text = page(client, plan.url)
    assert changed in text
    assert 'href="/beredskabsplan/version/sammenlign/?fra=1.0"' in text
    assert 'href="/beredskabsplan/version/1.0/"' in text


def test_the_editors_page_shows_what_is_due_and_what_waits(client: Client, plan: PlanPage) -> None:
    make_chapter(plan)
    adopted(plan, on=dt.date(2023, 2, 1))
    proposed(plan, kind="editorial")
    client.force_login(make_user("editor"), backend="django.contrib.auth.backends.ModelBackend")
    text = page(client, f"/admin/pages/{plan.pk}/edit/")
    assert (
        escaped(
            said(
                "The plan must be revised by %(day)s (barnets lov § 15, stk. 3): in less than six months.",
                day="1. februar 2027",
            )
        )
        in text
    )
    assert escaped(said("Version %(number)s is proposed and waits for a decision.", number="1.1")) in text
