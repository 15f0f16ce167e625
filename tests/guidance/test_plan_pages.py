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

from tests.factories.guidance import make_card as make_loose_card
from tests.factories.guidance import make_contact, make_situation
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
from vaern.guidance.models import ChapterPage, Contact, PlanPage
from vaern.guidance.plans.domain import keep_file
from vaern.guidance.plans.outline import outlines, sections
from vaern.guidance.rules import ANSWERS

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


def test_a_contact_that_is_changed_counts_as_a_change_of_the_plan(client: Client, plan: PlanPage) -> None:
    contact, other = make_contact("Vagten"), make_contact("En anden")
    chapter = make_chapter(plan)
    make_card(chapter, contacts=[("contact", contact)])
    adopted(plan)
    changed = escaped(said("The text has been changed since it was adopted"))

    def shown() -> list[bool]:
        return [changed in page(client, url) for url in (plan.url, chapter.url)]

    Contact.objects.filter(pk=other.pk).update(phone="+4511111111")
    Contact.objects.filter(pk=contact.pk).update(last_checked_on=dt.date(2026, 11, 20), position=1)
    assert shown() == [False, False]
    Contact.objects.filter(pk=contact.pk).update(phone="+4522222222")
    assert shown() == [True, True]
    assert "22 22 22 22" in page(client, "/beredskabsplan/version/sammenlign/?fra=1.0")
    Contact.objects.filter(pk=contact.pk).update(phone="+4570000000")
    assert shown() == [False, False]


@pytest.mark.parametrize("many", [1, 3, 20])
def test_contacts_are_one_query_however_many(many: int, client: Client, plan: PlanPage) -> None:
    chapter = make_chapter(plan)
    for number in range(many):
        make_card(chapter, f"Kort {number}", contacts=[("contact", make_contact(f"Vagt {number}"))])
    adopted(plan)
    counts = []
    for url in (plan.url, chapter.url):
        page(client, url)
        with CaptureQueriesContext(connection) as queries:
            page(client, url)
        counts.append(len(queries))
    assert counts == [7, 9]


def test_a_reader_meets_one_number_of_a_card(client: Client, plan: PlanPage) -> None:
    make_chapter(plan, "Formål")
    chapter = make_chapter(plan, "Handling")
    make_card(chapter, "Først", number=7)
    card = make_card(chapter, "Akut", number=3)
    outside = make_loose_card("Løst kort", number=4)
    situation = make_situation("Nogen råber", card=card)
    live = page(client, card.url)
    assert live.count("Handlekort 2-B") == 1
    assert "<title>Hjælp og kontakt, kort 2-B – Værn</title>" in live
    assert "Handlekort 2-B" in page(client, f"/er-du-bekymret/situation-{situation.pk}/{ANSWERS[0].slug}/")
    assert "Handlekort 4" in page(client, outside.url)
    for url in (card.url, chapter.url, plan.url):
        assert "Handlekort 3" not in page(client, url)


def test_a_live_card_leads_to_its_file_when_there_is_one(client: Client, plan: PlanPage) -> None:
    card = make_card(make_chapter(plan, "Handling"), "Akut")
    version = adopted(plan)
    assert "Hent handlekortet" not in page(client, card.url)
    keep_file(
        version_id=version.pk,
        language="da",
        kind="card",
        key=str(card.translation_key),
        name="beredskabsplan-1.0-kort-1-a.pdf",
        path="plan/x.pdf",
        sha256="0" * 64,
        size=2048,
    )
    html = page(client, card.url)
    assert html.count("Hent handlekortet") == 1
    assert 'href="/beredskabsplan/version/1.0/beredskabsplan-1.0-kort-1-a.pdf"' in html


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
