"""From "Er du bekymret?" to a card: every combination leads on, and what is not public is never reached."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from tests.factories.guidance import make_card, make_contact, make_situation, worried_page
from tests.factories.people import make_user
from tests.factories.texts import escaped, page, said
from vaern.guidance.models import Situation
from vaern.guidance.rules import ANSWERS

pytestmark = pytest.mark.usefixtures("site", "clock")
START = "/er-du-bekymret/"
CHECKLIST = "Signs are for guidance, not a checklist."


def step(situation: Situation, answer: str = "", language: str = "da") -> str:
    """The address of a step."""
    start = START if language == "da" else "/en/are-you-worried/"
    return f"{start}situation-{situation.pk}/{f'{answer}/' if answer else ''}"


def main(html: str) -> str:
    return html.split("<main")[1].split("</main>", maxsplit=1)[0]


def heading(html: str) -> str:
    return re.findall(r"<h1>([^<]*)</h1>", html)[0]


def title(html: str) -> str:
    return re.findall(r"<title>\s*([^<]*)\s*</title>", html)[0]


def numbers(html: str) -> list[str]:
    return re.findall(r'href="tel:([^"]*)"', main(html))


def general(card: Any) -> None:
    for language in ("da", "en"):
        front = worried_page(language)
        front.general_card = card
        front.save_revision().publish()


def test_three_clicks_from_the_front_page(client: Client) -> None:
    make_contact("Alarmcentralen", phone="112", acute=True)
    card = make_card("Ring nu", contacts=[("contact", make_contact())])
    situation = make_situation(card=card)
    assert f'class="v-worried" href="{START}"' in page(client, "/")
    first = page(client, START)
    assert numbers(first) == ["112"]  # after one click already
    assert f'href="{step(situation)}"' in first
    second = page(client, step(situation))
    for answer in ANSWERS:
        assert f'href="{step(situation, answer.slug)}"' in second
        third = page(client, step(situation, answer.slug))
        assert heading(third) == "Ring nu"
        assert numbers(third) == ["112", "+4570000000", "112", "114"]


def test_each_answer_leads_to_its_own_card(client: Client) -> None:
    cards = {field: make_card(field) for field in ("under_18", "over_18", "acute_under_18", "acute_over_18")}
    situation = make_situation(**cards)
    for answer in ANSWERS:
        assert heading(page(client, step(situation, answer.slug))) == answer.field


def test_a_missing_card_gives_the_general_card_and_without_one_the_numbers(client: Client) -> None:
    situation = make_situation(card=None)
    front = worried_page()
    front.body = [("contact", make_contact(phone="+4571111111"))]
    front.save_revision().publish()
    html = page(client, step(situation, "under-18"))
    assert (heading(html), numbers(html)) == ("Nogen trækker sig", ["112", "114", "+4571111111"])
    general(make_card("Det generelle"))
    assert heading(page(client, step(situation, "under-18"))) == "Det generelle"


@pytest.mark.parametrize("how", ["draft", "unpublished", "private", "above is private", "expired"])
def test_a_card_that_is_not_public_is_never_reached(client: Client, how: str) -> None:
    chapter = make_card("Over")  # stands for a page above: any page can be closed
    card = make_card("Hemmeligt", under=chapter, live=how != "draft")
    situation = make_situation(card=card)
    general(make_card("Det generelle"))
    expected = {"draft": "Det generelle"}.get(how, "Hemmeligt")
    assert heading(page(client, step(situation, "18-plus"))) == expected
    match how:
        case "unpublished":
            card.unpublish()
        case "private":
            PageViewRestriction.objects.create(page=card, restriction_type="login")
        case "above is private":
            PageViewRestriction.objects.create(page=chapter, restriction_type="login")
        case "expired":
            Page.objects.filter(pk=card.pk).update(live=False, expired=True)
    for client_ in (client, Client()):
        html = page(client_, step(situation, "18-plus"))
        assert heading(html) == "Det generelle"
        assert "Hemmeligt" not in html


def test_a_private_general_card_is_not_reached_either(client: Client) -> None:
    card = make_card("Hemmeligt")
    general(card)
    situation = make_situation(card=None)
    PageViewRestriction.objects.create(page=card, restriction_type="login")
    assert "Hemmeligt" not in page(client, step(situation, "x"))


def test_english_readers_get_english_cards_and_no_danish_ones(client: Client) -> None:
    both, danish = make_card("Begge", english="Both"), make_card("Kun dansk")
    general(make_card("Generelt", english="In general"))
    one, other = make_situation(card=both), make_situation("To", card=danish)
    assert heading(page(client, step(one, "under-18", "en"))) == "Both"
    html = page(client, step(other, "under-18", "en"))
    assert heading(html) == "In general"
    assert "Kun dansk" not in html


def test_the_language_link_leads_to_the_same_step(client: Client) -> None:
    situation = make_situation(card=make_card("Begge", english="Both"))
    for danish, english in (
        (START, "/en/are-you-worried/"),
        (step(situation), step(situation, language="en")),
        (step(situation, "112-x"), step(situation, "112-x", "en")),
    ):
        assert f'href="{english}" lang="en"' in page(client, danish)
        assert f'href="{danish}" lang="da"' in page(client, english)


@pytest.mark.parametrize(
    "path",
    ["situation-999999/", "situation-0/", "situation-x/", "situation-/", "situation-²/", "situation-{pk}/nej/",
     "situation-{pk}/x/mere/", "situation-" + "9" * 30 + "/", "andet/"],
)  # fmt: skip
def test_a_step_that_is_not_there_is_not_found(client: Client, path: str) -> None:
    situation = make_situation(card=make_card())
    html = page(client, START + path.format(pk=situation.pk), status=404)
    assert 'href="/en/"' in html


def test_a_situation_that_is_not_in_use_is_gone(client: Client) -> None:
    situation = make_situation("Ude af brug", in_use=False)
    assert "Ude af brug" not in page(client, START)
    page(client, step(situation), status=404)


@pytest.mark.parametrize("answer", ["", "x"])
def test_signs_always_say_that_they_are_no_checklist(client: Client, answer: str) -> None:
    situation = make_situation(card=make_card(english="Card"))
    for language in ("da", "en"):
        html = page(client, step(situation, answer, language))
        assert html.index(said("Signs you may notice", language)) < html.index(said(CHECKLIST, language))
    bare = make_situation(card=make_card(signs=[]), signs_da="")
    assert said(CHECKLIST) not in page(client, step(bare, answer))


def test_signs_on_the_first_page_say_so_too(client: Client) -> None:
    front = worried_page()
    front.body = [("signs", {"points": ["Et tegn"]})]
    front.save_revision().publish()
    html = page(client, START)
    assert html.index(said(CHECKLIST)) < html.index("Et tegn")


def test_the_duty_follows_the_age(client: Client) -> None:
    situation = make_situation(card=make_card(duty_under_18="Pligt A", duty_over_18="Pligt B"))
    found = {
        answer.slug: [text for text in ("Pligt A", "Pligt B") if text in page(client, step(situation, answer.slug))]
        for answer in ANSWERS
    }
    assert found == {
        "under-18": ["Pligt A"],
        "112-under-18": ["Pligt A"],
        "18-plus": ["Pligt B"],
        "112-18-plus": ["Pligt B"],
        "x": ["Pligt A", "Pligt B"],
        "112-x": ["Pligt A", "Pligt B"],
    }


# -- nothing tells who read what ---------------------------------------------------------------------------


def guidance_paths() -> list[str]:
    card = make_card("Når nogen trækker sig", english="When somebody withdraws")
    situation = make_situation("Nogen trækker sig", card=card)
    return [
        *(path for language in ("da", "en") for path in (
            START if language == "da" else "/en/are-you-worried/",
            step(situation, language=language),
            step(situation, "112-under-18", language),
        )),
        card.url,
        card.get_translations().get().url,
    ]  # fmt: skip


def test_no_form_no_cookie_no_referrer_and_a_title_that_does_not_tell(client: Client) -> None:
    for path in guidance_paths():
        answer = client.get(path)
        html = answer.content.decode()
        assert answer.status_code == 200
        assert not re.search(r"<(form|input|select|textarea|button)\b", html), path
        assert not answer.cookies, path
        assert "Set-Cookie" not in answer.headers
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        language = "en" if path.startswith("/en/") else "da"
        assert title(html).startswith(said("Help and contact", language)), path
        assert "trækker" not in title(html)
        assert "withdraws" not in title(html)
        leave = re.findall(r'<a class="v-leave__link" href="([^"]*)" rel="([^"]*)"', html)
        assert leave == [("https://www.dmi.dk/", "noreferrer nofollow")]
        assert html.index("v-leave__link") < html.index("<h1>")
        assert html.index('class="v-acute"') < html.index("<h1>")


def test_steps_stay_out_of_search_engines_and_the_first_page_does_not(client: Client) -> None:
    situation = make_situation(card=make_card())
    assert '<meta name="robots"' not in page(client, START)
    for answer in ("", "x"):
        assert '<meta name="robots" content="noindex, nofollow">' in page(client, step(situation, answer))


def test_every_step_has_a_way_back(client: Client) -> None:
    situation = make_situation(card=make_card())
    back = r'<a class="v-back__link" href="([^"]*)"'
    assert re.findall(back, page(client, step(situation))) == [START]
    assert re.findall(back, page(client, step(situation, "x"))) == [step(situation)]
    crumbs = re.findall(r'<a class="breadcrumbs__link" href="([^"]*)"', page(client, step(situation, "x")))
    assert crumbs == ["/", START, step(situation)]


def test_staff_can_sign_out_from_these_pages(client: Client) -> None:
    client.force_login(make_user("editor"))
    assert client.get(START)["Referrer-Policy"] == "same-origin"


def test_the_acute_box_is_there_without_any_record(client: Client) -> None:
    assert numbers(page(client, START)) == ["112", "114"]
    make_contact("Alarm", phone="112", acute=True, last_checked_on=dt.date(2026, 1, 5))
    html = page(client, START)
    assert numbers(html) == ["112"]
    assert said("Not checked since %(day)s", day="5. januar 2026") in html


def test_a_long_title_is_shown_whole(client: Client) -> None:
    situation = make_situation("Langt ord " * 12, card=make_card(), title_en="Long")
    assert heading(page(client, step(situation))) == ("Langt ord " * 12)
    assert escaped("Langt ord") in page(client, START)


@pytest.mark.parametrize("many", [1, 3, 100])
def test_the_pages_read_the_same_however_much_there_is(
    client: Client, django_assert_num_queries: Any, many: int
) -> None:
    contacts = [make_contact(f"Nr. {index}") for index in range(min(many, 3))]
    card = make_card(contacts=[("contact", contact) for contact in contacts])
    for index in range(many):
        situation = make_situation(f"Situation {index}", card=card)
    front = worried_page()
    front.body = [("contact", contact) for contact in contacts]
    front.general_card = card
    front.save_revision().publish()
    for path, queries in ((START, 6), (step(situation), 5), (step(situation, "x"), 11), (card.url, 11)):
        page(client, path)
        with django_assert_num_queries(queries):
            page(client, path)


def test_our_memory_keeps_what_a_browser_must_not(
    client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.VAERN_PAGE_CACHE = True
    situation = make_situation(card=make_card())
    for path in (START, step(situation), step(situation, "x")):
        first = client.get(path)
        with django_assert_num_queries(1):
            again = client.get(path)
        assert again.content == first.content
        assert (again["Cache-Control"], again["Referrer-Policy"]) == ("no-store", "no-referrer")
