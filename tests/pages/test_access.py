"""Who may read a page: the same as Wagtail's own check, which the site asks in fewer queries (`vaern.pages.access`)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, PageViewRestriction, Site

from courses.models import CataloguePage
from tests.factories.courses import make_workshop
from tests.factories.people import make_user
from vaern.pages.access import closed
from vaern.pages.models import ArticlePage, HomePage

pytestmark = pytest.mark.usefixtures("site", "clock")
SECRET = "Kun for dem, der må læse det."


def make_article(title: str, under: Page | None = None, language: str = "da") -> ArticlePage:
    home = HomePage.objects.filter(locale__language_code=language).earliest("pk")
    article = ArticlePage(title=title, slug=title.lower().replace(" ", "-"), locale=home.locale, intro=SECRET)
    (under or home).add_child(instance=article)
    return article


def alias_of(page: Page, slug: str, under: Page | None = None) -> Any:
    return page.specific.create_alias(
        parent=under or HomePage.objects.get(locale__language_code="da"), update_slug=slug
    )


def itself() -> tuple[Page, Page]:
    page = make_article("Lukket")
    return page, page


def below() -> tuple[Page, Page]:
    top = make_article("Lukket")
    return top, make_article("Dybt", make_article("Mellem", top))


def alias() -> tuple[Page, Page]:
    page = make_article("Lukket")
    return page, alias_of(page, "alias")


def alias_of_an_alias_of_an_alias() -> tuple[Page, Page]:
    page = make_article("Lukket")
    return page, alias_of(alias_of(alias_of(page, "en"), "to"), "tre")


def below_an_alias() -> tuple[Page, Page]:
    page = make_article("Lukket")
    return page, make_article("Under alias", alias_of(page, "alias"))


def translated_with_a_restriction_of_its_own() -> tuple[Page, Page]:
    danish, english = make_article("Dansk"), make_article("English", language="en")
    Page.objects.filter(pk=english.pk).update(translation_key=danish.translation_key)
    return english, english


def workshop() -> tuple[Page, Page]:
    page = make_workshop("Lukket", intro=SECRET)
    return page, page


def workshop_in_a_closed_catalogue() -> tuple[Page, Page]:
    return CataloguePage.objects.get(locale__language_code="da"), make_workshop("Dialog", intro=SECRET)


def alias_of_a_workshop() -> tuple[Page, Page]:
    page = make_workshop("Lukket", intro=SECRET)
    return page, alias_of(page, "alias", page.get_parent())


def in_a_closed_site() -> tuple[Page, Page]:
    return HomePage.objects.get(locale__language_code="da"), make_article("Inde")


CLOSED: list[Callable[[], tuple[Page, Page]]] = [
    itself,
    below,
    alias,
    alias_of_an_alias_of_an_alias,
    below_an_alias,
    translated_with_a_restriction_of_its_own,
    workshop,
    workshop_in_a_closed_catalogue,
    alias_of_a_workshop,
    in_a_closed_site,
]


def original_of_an_alias_that_has_a_row() -> tuple[Page, Page]:
    page = make_article("Åben")
    return alias_of(page, "alias"), page


def alias_that_has_a_row_of_its_own() -> tuple[Page, Page]:
    found = alias_of(make_article("Åben"), "alias")
    return found, found


def alias_elsewhere_of_a_page_below() -> tuple[Page, Page]:
    top = make_article("Lukket")
    return top, alias_of(make_article("Under", top), "alias")


def translation_of_a_closed_page() -> tuple[Page, Page]:
    danish, english = make_article("Dansk"), make_article("English", language="en")
    Page.objects.filter(pk=english.pk).update(translation_key=danish.translation_key)
    return danish, english


def neighbour() -> tuple[Page, Page]:
    return make_article("Lukket"), make_article("Nabo")


OPEN: list[Callable[[], tuple[Page, Page]]] = [
    original_of_an_alias_that_has_a_row,
    alias_that_has_a_row_of_its_own,
    alias_elsewhere_of_a_page_below,
    translation_of_a_closed_page,
    neighbour,
]


def restrict(page: Page, kind: str) -> PageViewRestriction:
    made: PageViewRestriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="åben nu")
    if kind == "groups":
        made.groups.add(Group.objects.create(name="Læsere"))
    return made


def told_by_wagtail(page: Page) -> set[int]:
    return set(Page.get_view_restrictions(Page.objects.get(pk=page.pk)).values_list("pk", flat=True))


def told_by_us(page: Page) -> list[int]:
    return list(Page.objects.get(pk=page.pk).specific.get_view_restrictions().values_list("pk", flat=True))


def is_closed(page: Page) -> bool:
    return bool(Page.objects.filter(closed(), pk=page.pk).exists())


@pytest.mark.parametrize("place", CLOSED)
def test_a_page_for_those_who_are_signed_in(client: Client, place: Callable[[], tuple[Page, Page]]) -> None:
    restricted, page = place()
    assert SECRET in client.get(page.url).content.decode()  # twin: without the restriction it is read by all
    made = restrict(restricted, "login")
    assert (told_by_wagtail(page), told_by_us(page), is_closed(page)) == ({made.pk}, [made.pk], True)
    answer = client.get(page.url)
    assert (answer.status_code, SECRET in answer.content.decode()) == (302, False)
    client.force_login(make_user())
    answer = client.get(page.url)
    assert (answer.status_code, SECRET in answer.content.decode()) == (200, True)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("place", CLOSED)
def test_a_page_for_a_group(client: Client, place: Callable[[], tuple[Page, Page]]) -> None:
    restricted, page = place()
    group = restrict(restricted, "groups").groups.get()
    user = make_user()
    client.force_login(user)
    assert client.get(page.url).status_code == 302
    user.groups.add(group)
    answer = client.get(page.url)
    assert (answer.status_code, SECRET in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("place", CLOSED)
def test_a_page_with_a_password(client: Client, place: Callable[[], tuple[Page, Page]]) -> None:
    restricted, page = place()
    made = restrict(restricted, "password")
    answer = client.get(page.url)
    assert (answer.status_code, SECRET in answer.content.decode()) == (200, False)
    door = reverse("wagtailcore_authenticate_with_password", args=[made.pk, page.pk])
    client.post(door, {"password": "forkert", "return_url": page.url})
    assert SECRET not in client.get(page.url).content.decode()
    assert client.post(door, {"password": "åben nu", "return_url": page.url}).status_code == 302
    assert SECRET in client.get(page.url).content.decode()


@pytest.mark.parametrize("place", OPEN)
def test_what_a_restriction_does_not_reach(client: Client, place: Callable[[], tuple[Page, Page]]) -> None:
    restricted, page = place()
    restrict(restricted, "login")
    assert (told_by_wagtail(page), told_by_us(page), is_closed(page)) == (set(), [], False)
    answer = client.get(page.url)
    assert (answer.status_code, SECRET in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("seed", range(5))
def test_any_tree_is_closed_where_wagtail_says_so(seed: int) -> None:
    """Thirty pages anywhere, a third of them aliases of any other, five restricted: each answers as in Wagtail."""
    dice = random.Random(seed)
    home = HomePage.objects.get(locale__language_code="da")
    pages: list[Any] = [make_article(f"Side {seed}", home)]
    for number in range(30):
        parent = Page.objects.get(pk=dice.choice([home, *pages]).pk)
        if dice.random() < 0.35:
            pages.append(alias_of(dice.choice(pages), f"alias-{number}", parent))
        else:
            pages.append(make_article(f"Side {seed} {number}", parent))
    for page in dice.sample(pages, 5):
        restrict(page, "login")
    told = {page.pk: told_by_wagtail(page) for page in pages}
    assert {page.pk: set(told_by_us(page)) for page in pages} == told
    shut = Page.objects.filter(closed(), pk__in=told).values_list("pk", flat=True)
    assert set(shut) == {pk for pk, found in told.items() if found}
    assert 0 < len(set(shut)) < len(pages)


def test_an_alias_of_a_closed_workshop_is_not_in_the_catalogue(client: Client) -> None:
    page = make_workshop("Hemmelig workshop")
    alias_of(page, "alias", page.get_parent())
    assert client.get("/workshops/").content.decode().count(">Hemmelig workshop<") == 2
    restrict(page, "login")
    assert "Hemmelig workshop" not in client.get("/workshops/").content.decode()


def served(rf: RequestFactory, client: Client, path: str) -> tuple[int, bool]:
    """What our way of serving answers, after making sure that it answers as Wagtail's own."""
    answer = client.get(path)
    request = rf.get(path)
    with translation.override("en" if path.startswith("/en/") else "da"):
        found = Page.route_for_request(request, path.removeprefix("/en/")) is not None
    assert (answer.status_code == 200) == found
    return answer.status_code, SECRET in answer.content.decode()


def test_pages_below_a_front_page_that_is_not_published_are_not_served(client: Client, rf: RequestFactory) -> None:
    make_article("English", language="en")
    assert served(rf, client, "/en/english/") == (200, True)
    HomePage.objects.filter(locale__language_code="en").update(live=False)
    assert served(rf, client, "/en/english/") == (404, False)


def test_pages_of_another_tree_are_not_served(client: Client, rf: RequestFactory) -> None:
    """A front page that is being prepared beside ours, and a page that stands under the wrong language."""
    danish = HomePage.objects.get(locale__language_code="da")
    other = HomePage(title="En ny forside", slug="ny-forside", locale=danish.locale)
    Page.objects.get(depth=1).add_child(instance=other)
    make_article("Ny side", other)
    make_article("Vores side")
    english = HomePage.objects.get(locale__language_code="en")
    stray = ArticlePage(title="Vildfaren", slug="vildfaren", locale=danish.locale, intro=SECRET, show_in_menus=True)
    english.add_child(instance=stray)
    assert Site.objects.get().root_page_id == danish.pk
    assert served(rf, client, "/vores-side/") == (200, True)
    assert served(rf, client, "/ny-side/") == (404, False)
    assert served(rf, client, "/vildfaren/") == (404, False)
    assert served(rf, client, "/en/vildfaren/") == (200, True)
