"""Cards, workplaces, efforts and situations as readers and editors see them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from wagtail.models import Locale, PageViewRestriction

from tests.factories.guidance import (
    make_card,
    make_contact,
    make_effort,
    make_section,
    make_situation,
    make_workplace,
)
from tests.factories.people import make_user
from tests.factories.texts import page, said
from vaern.guidance.models import ActionCardPage, ChapterPage, Situation
from vaern.guidance.queries import gaps
from vaern.people.models import Administration

pytestmark = pytest.mark.usefixtures("site", "clock")


# -- the card's template, which the plan, PDFs and packs include ---------------------------------------------


def card_html(card: ActionCardPage, language: str = "da", **context: Any) -> str:
    with translation.override(language):
        return render_to_string("guidance/card_body.html", {"card": card, **context})


def headings(html: str) -> list[str]:
    return re.findall(r"<h([1-6])", html)


def test_a_card_needs_no_request_and_fits_in_at_any_level() -> None:
    card = make_card(contacts=[("contact", make_contact())])
    assert headings(card_html(card)) == ["2", "2", "2", "3", "3", "2", "2"]
    assert headings(card_html(card, level=4)) == ["4", "4", "4", "5", "5", "4", "4"]
    assert headings(card_html(card, level=6)) == ["6"] * 7


def test_a_card_says_which_edition_it_is_and_where_it_stands() -> None:
    card = make_card()
    meta = re.findall(r'<p class="v-sheet__meta">(.*?)</p>', card_html(card, version="3", number="5-C"), re.S)[0]
    said_ = re.sub(r"<[^>]*>", "", meta)
    assert said_ == (
        f"Handlekort 5-C · Version 3 af planen · Udgave 23.11.2026 / {card.live_revision_id} · "
        f"{settings.VAERN_BASE_URL}{card.url}"
    )


def test_a_card_never_says_open_now_where_it_may_be_kept() -> None:
    hours = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "0.00-24.00")
    card = make_card(contacts=[("contact", make_contact(last_checked_on=dt.date(2026, 11, 1), **hours))])
    assert said("Open now") not in card_html(card)
    assert said("Open now") in card_html(card, show_open=True)


def test_signs_and_emergency_numbers_are_always_complete() -> None:
    html = card_html(make_card())
    assert said("Signs are for guidance, not a checklist.") in html
    empty = card_html(make_card(do_now=[], do_not=[], signs=[], emergency="", duty_under_18="", duty_over_18=""))
    assert re.findall(r'href="tel:([^"]*)"', empty) == ["112", "114"]
    assert said("Call 112 if somebody is in danger now. Call the police on 114 if it is not urgent.") in empty
    assert said("Signs are for guidance, not a checklist.") not in empty


def test_a_card_in_english_has_no_danish_words() -> None:
    card = make_card("Dansk titel", english="English title", contacts=[("contact", make_contact())])
    english = card.get_translations().get().specific
    html = card_html(english, "en")
    assert "Spørg" not in html
    assert "What to do now" in html


def test_cards_stand_in_a_chapter_or_under_the_page_for_those_who_worry() -> None:
    assert [model.__name__ for model in ActionCardPage.allowed_parent_page_models()] == ["ChapterPage", "WorriedPage"]
    assert ActionCardPage in ChapterPage.allowed_subpage_models()


# -- workplaces and efforts ----------------------------------------------------------------------------------


def test_a_workplace_has_its_administration_as_it_is_called_today(client: Client) -> None:
    workplace = make_workplace(make_section(), make_card("Når nogen råber"))
    html = page(client, workplace.url)
    assert "Kultur- og Fritidsforvaltningen" in html
    assert "Handlekort: Når nogen råber" in html
    assert "Forvaltningens navn." in html
    old = Administration.objects.get(code="KFF")
    old.valid_to = dt.date(2026, 1, 1)
    old.save()
    Administration.objects.create(code="KFF", name_da="Nyt navn", name_en="New name", valid_from=dt.date(2026, 1, 1))
    html = page(client, workplace.url)
    assert "Nyt navn" in html
    assert "Kultur- og Fritidsforvaltningen" not in html


@pytest.mark.parametrize("how", ["unpublished", "private"])
def test_a_workplace_links_to_no_card_that_is_not_public(client: Client, how: str) -> None:
    card = make_card("Hemmeligt")
    workplace = make_workplace(make_section(), card)
    assert "Hemmeligt" in page(client, workplace.url)
    if how == "unpublished":
        card.unpublish()
    else:
        PageViewRestriction.objects.create(page=card, restriction_type="login")
    html = page(client, workplace.url)
    assert "Hemmeligt" not in html
    assert "Nogen råber" in html


def test_an_effort_says_what_it_is_and_what_is_not_confirmed(client: Client) -> None:
    effort = make_effort(make_section("Hjælp"), make_contact())
    html = page(client, effort.url)
    texts = ("Til dig, der vil væk.", "Faste møder.", "Ring til teamet.", "Gratis", "Ventetiden.", "tel:+4570000000")
    assert [text for text in texts if text not in html] == []
    assert said("To be confirmed by the City of Copenhagen") in html
    assert said("To be confirmed by the City of Copenhagen") not in page(
        client, make_effort(make_section("B"), unconfirmed="").url
    )


def test_a_section_lists_what_is_public_and_says_when_it_is_empty(client: Client) -> None:
    section = make_section()
    assert said("There are no pages here yet. Call one of the numbers above, or go back.") in page(client, section.url)
    shown, closed = make_workplace(section), make_workplace(section, title="Lukket")
    make_workplace(section, title="Kladde").unpublish()
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    html = page(client, section.url)
    assert re.findall(r'class="v-card__link" href="([^"]*)"', html) == [shown.url]


def test_the_same_rules_hold_for_these_pages(client: Client) -> None:
    section = make_section()
    for path in (section.url, make_workplace(section).url, make_effort(section).url):
        answer = client.get(path)
        html = answer.content.decode()
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        assert "<form" not in html
        assert re.findall(r"<title>\s*([^<]*)", html)[0].startswith(said("Help and contact"))


@pytest.mark.parametrize("many", [1, 3, 100])
def test_pages_read_the_same_however_much_there_is(client: Client, django_assert_num_queries: Any, many: int) -> None:
    section, card = make_section(), make_card()
    contacts = [("contact", make_contact(str(index))) for index in range(min(many, 10))]
    situation = ("situation", {"heading": "A", "text": "B", "card": card})
    workplace = make_workplace(section, situations=[situation] * min(many, 10), contacts=contacts)
    for _ in range(many):
        effort = make_effort(section, make_contact())
    for path, queries in ((section.url, 7), (workplace.url, 14), (effort.url, 9)):
        page(client, path)
        with django_assert_num_queries(queries):
            page(client, path)


# -- what editors see of the choices -------------------------------------------------------------------------


def gaps_of(situation: Situation) -> list[tuple[str, str]]:
    return [(gap.answer.slug, gap.language) for gap in gaps([situation])[situation.pk]]


def test_gaps_are_found_by_answer_and_language() -> None:
    both, danish = make_card(english="Both"), make_card()
    assert gaps_of(make_situation(card=both)) == []
    assert gaps_of(make_situation(card=both, over_18=None)) == [("18-plus", "da"), ("18-plus", "en")]
    assert gaps_of(make_situation(card=both, acute_under_18=danish)) == [("112-under-18", "en")]
    both.unpublish()
    assert gaps_of(make_situation(card=danish, under_18=both)) == [
        ("112-under-18", "en"),
        ("112-18-plus", "en"),
        ("under-18", "da"),
        ("18-plus", "en"),
    ]


def test_a_closed_card_is_a_gap() -> None:
    card = make_card(english="Card")
    PageViewRestriction.objects.create(page=card, restriction_type="login")
    assert {language for _answer, language in gaps_of(make_situation(card=card))} == {"da"}


def test_the_list_says_what_is_missing(client: Client, django_assert_num_queries: Any) -> None:
    card = make_card(english="Card")
    make_situation("Hel", card=card)
    make_situation("Halv", card=card, acute_over_18=None)
    client.force_login(make_user("editor"))
    html = page(client, "/admin/situations/")
    assert said("All have a card") in html
    assert said("General card for: %(answers)s", answers="akut, 18 og over; akut, 18 og over (engelsk)") in html


def test_saving_a_situation_warns_of_what_is_missing(client: Client) -> None:
    client.force_login(make_user("editor"))
    values = {"title_da": "Nyt", "title_en": "New", "position": "1", "in_use": "on"}
    html = client.post("/admin/situations/add/", values, follow=True).content.decode()
    assert "Det generelle kort ved:" in html
    assert Situation.objects.get().title_en == "New"


def test_a_deleted_card_leaves_a_gap_and_no_error(client: Client) -> None:
    card = make_card()
    situation = make_situation(card=card)
    card.delete()
    situation.refresh_from_db()
    assert situation.under_18_id is None
    page(client, f"/er-du-bekymret/situation-{situation.pk}/under-18/")


def test_english_slug_is_its_own() -> None:
    card = make_card(english="Both")
    assert card.get_translation(Locale.objects.get(language_code="en")).slug == card.slug.replace("kort", "card")


def test_an_alias_of_a_closed_page_is_not_listed(client: Client) -> None:
    section = make_section()
    effort = make_effort(section)
    listed = r'class="v-card__link" href="([^"]*)"'
    effort.create_alias(parent=section, update_slug="alias")
    assert len(re.findall(listed, page(client, section.url))) == 2
    PageViewRestriction.objects.create(page=effort, restriction_type="login")
    assert re.findall(listed, page(client, section.url)) == []


def test_a_card_below_a_closed_chapter_or_not_yet_public_is_led_to_by_nobody(client: Client) -> None:
    card = make_card()
    locale = card.locale
    assert list(ActionCardPage.objects.shown(locale)) == [card]
    restriction = PageViewRestriction.objects.create(page=card.get_parent(), restriction_type="login")
    assert list(ActionCardPage.objects.shown(locale)) == []
    restriction.delete()
    card.unpublish()
    ActionCardPage.objects.filter(pk=card.pk).update(go_live_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    assert list(ActionCardPage.objects.shown(locale)) == []
