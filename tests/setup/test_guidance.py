"""The starter's guidance: complete in both languages, without a dead end, and left alone when it is run again."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from tests.factories.guidance import worried_page
from tests.factories.people import make_user
from tests.factories.texts import page, said
from tests.setup.test_setup_site import rows
from vaern.guidance.models import (
    ActionCardPage,
    ChapterPage,
    Contact,
    EffortPage,
    GuidanceIndexPage,
    PlanPage,
    Situation,
    WorkplacePage,
)
from vaern.guidance.queries import gaps
from vaern.guidance.rules import ANSWERS, CHARACTERS_A_SHEET
from vaern.pages.models import ArticlePage, HomePage
from vaern.setup.starter import guidance
from vaern.setup.starter.content import read
from vaern.setup.starter.guidance import load_cards, load_guidance
from vaern.setup.starter.pages import load_pages
from vaern.setup.starter.tree import locales, publish, translate

pytestmark = pytest.mark.usefixtures("site", "clock")
DANISH_LETTERS = re.compile(r"[æøåÆØÅ]")


@pytest.fixture
def loaded(site: None) -> None:
    load_guidance()
    load_cards()


@pytest.mark.usefixtures("loaded")
def test_what_is_there() -> None:
    for model, number in ((ActionCardPage, 12), (WorkplacePage, 5), (EffortPage, 6), (GuidanceIndexPage, 2)):
        live = model.objects.live().values_list("locale__language_code", flat=True)
        assert Counter(live) == {"da": number, "en": number}, model
    assert Situation.objects.count() == 11
    codes = WorkplacePage.objects.filter(locale__language_code="da").values_list("administration__code", flat=True)
    assert sorted(codes) == ["BIF", "KFF", "SOF", "SUF", "TMF"]
    assert Contact.objects.filter(phone="").count() == 2  # PET and the info house: nobody has found a number
    unverified = Contact.objects.filter(unverified=False).order_by("phone").values_list("phone", flat=True)
    assert list(unverified) == ["112", "114"]


@pytest.mark.usefixtures("loaded")
def test_every_choice_has_a_card_in_both_languages(client: Client) -> None:
    situations = list(Situation.objects.all())
    assert [found for found in gaps(situations).values() if found] == []
    for situation in situations:
        for answer in ANSWERS:
            html = page(client, f"/er-du-bekymret/situation-{situation.pk}/{answer.slug}/")
            assert said("What to do now") in html
            assert "tel:+45" in html


@pytest.mark.usefixtures("loaded")
def test_english_pages_show_no_danish_text(client: Client) -> None:
    first, *_ = Situation.objects.all()
    paths = ["/en/are-you-worried/", *(f"/en/are-you-worried/situation-{first.pk}/{end}" for end in ("", "x/"))]
    for model in (ActionCardPage, WorkplacePage, EffortPage, GuidanceIndexPage):
        paths += [each.url for each in model.objects.live().filter(locale__language_code="en")]
    places = {"Værn", "Københavns Kommune", "Brønshøj-Husum-Vanløse", "Nørrebro-Bispebjerg", "City-Østerbro"}
    for path in paths:
        main = page(client, path).split("<main")[1].split("</main>")[0]
        words = re.sub(r'<[^>]* lang="da"[^>]*>[^<]*<', "<", main)
        words = re.sub(r"<[^>]*>", " ", words)
        for place in places:
            words = words.replace(place, "")
        assert DANISH_LETTERS.findall(words) == [], path


@pytest.mark.usefixtures("loaded")
def test_running_it_again_adds_and_overwrites_nothing() -> None:
    Contact.objects.filter(key="hotline").update(phone="+4512345678")
    Situation.objects.filter(key="exit").update(title_da="Ændret")
    card = ActionCardPage.objects.get(slug="kort-3")
    card.title = "Ændret kort"
    publish(card)
    before = rows()
    load_guidance()
    load_cards()
    assert rows() == before
    assert Contact.objects.get(key="hotline").phone == "+4512345678"
    assert Situation.objects.get(key="exit").title_da == "Ændret"
    assert ActionCardPage.objects.get(slug="kort-3").title == "Ændret kort"


def test_a_contact_from_an_old_page_is_taken_over() -> None:
    old = Contact.objects.create(name_da="Gammelt navn", phone="+4541749090")
    load_guidance()
    old.refresh_from_db()
    assert (old.key, old.name_da) == ("hotline", "Gammelt navn")
    assert Contact.objects.filter(phone="+4541749090").count() == 1


@pytest.mark.parametrize("in_english", [True, False])
def test_cards_live_in_the_plans_chapter_if_it_is_there_in_both_languages(in_english: bool) -> None:
    home = HomePage.objects.get(locale__language_code="da")
    plan = PlanPage(title="Plan", slug="beredskabsplan-test", locale=home.locale)
    home.add_child(instance=plan)
    chapter = ChapterPage(title="Handlekort", slug=guidance.CARDS_CHAPTER, locale=home.locale)
    plan.add_child(instance=chapter)
    if in_english:
        for each in (plan, chapter):
            publish(translate(each, locales()["en"]))
    load_guidance()
    load_cards()
    expected = chapter if in_english else worried_page()
    assert ActionCardPage.objects.child_of(expected).count() == 12
    assert ActionCardPage.objects.count() == 24


LEADS_ON = (("da", "/fagpersoner/", "/hvor-du-arbejder/"), ("en", "/en/professionals/", "/en/where-you-work/"))


def test_the_article_for_professionals_leads_on_once(client: Client) -> None:
    for _ in range(2):
        call_command("load_starter", verbosity=0)
    assert [page(client, path).count(f'href="{link}"') for _language, path, link in LEADS_ON] == [1, 1]


def test_an_article_that_an_editor_has_changed_stays(client: Client) -> None:
    load_pages()
    article = ArticlePage.objects.get(slug="fagpersoner")
    article.save_revision(user=make_user("editor")).publish()
    load_guidance()
    load_cards()
    assert [page(client, path).count(f'href="{link}"') for _language, path, link in LEADS_ON] == [0, 1]


def texts() -> list[tuple[str, Any, int]]:
    """Every text of the cards with the longest that its field takes."""
    found = []
    for row in read("cards")["card"]:
        for language in ("da", "en"):
            text = row[language]
            found += [
                (row["key"], point, 300) for name in ("do_now", "do_not", "signs") for point in text.get(name, [])
            ]
            found += [(row["key"], text["intro"], 400), (row["key"], text["emergency"], 400)]
    return found


@pytest.mark.usefixtures("loaded")
def test_every_card_is_short_enough_for_its_sheet() -> None:
    for language in ("da", "en"):
        with translation.override(language):
            cards = ActionCardPage.objects.filter(locale__language_code=language)
            assert [(card.slug, card.length) for card in cards if card.length > CHARACTERS_A_SHEET] == []


def test_texts_fit_their_fields() -> None:
    assert [(key, text) for key, text, longest in texts() if len(text) > longest] == []
    for model in (Contact, Situation):
        load_guidance()
        load_cards()
        for row in model.objects.all():
            row.full_clean()
