"""The demo's pages of text, in Danish with their English translations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from courses.models import CataloguePage, WorkshopPage
from materials.models import MaterialsPage
from vaern.guidance.models import WorriedPage
from vaern.pages.models import ArticlePage, HomePage
from vaern.setup.pages import TITLES
from vaern.setup.starter import blocks
from vaern.setup.starter.content import read
from vaern.setup.starter.tree import locales, publish, translate


@dataclass(frozen=True)
class Article:
    """An article of pages.toml: its addresses, where it is linked from, and the workshops it leads to."""

    slugs: dict[str, str]
    in_menu: bool = False
    in_footer: bool = False
    audience: str = ""


# In the order of the menu and the footer; the catalogue, which `setup_site` makes, stands before them.
ARTICLES = {
    "schools": Article({"da": "skoler", "en": "schools"}, in_menu=True, audience=WorkshopPage.Audience.CLASS),
    "parents": Article({"da": "foraeldre", "en": "parents"}, in_menu=True, audience=WorkshopPage.Audience.PARENTS),
    "professionals": Article(
        {"da": "fagpersoner", "en": "professionals"}, in_menu=True, audience=WorkshopPage.Audience.STAFF
    ),
    "about": Article({"da": "om", "en": "about"}, in_footer=True),
    "contact_us": Article({"da": "kontakt", "en": "contact"}, in_footer=True),
    "accessibility": Article({"da": "tilgaengelighed", "en": "accessibility"}, in_footer=True),
    "privacy": Article({"da": "privatliv", "en": "privacy"}, in_footer=True),
    "cookies": Article({"da": "cookies", "en": "cookies"}, in_footer=True),
}


def load_pages() -> None:
    """Write the articles, and fill the front pages where they are empty."""
    texts = read("pages")
    homes = {language: HomePage.objects.filter(locale=locale).first() for language, locale in locales().items()}
    danish, english = homes["da"], homes["en"]
    if danish is None or english is None:
        return
    for key, article in ARTICLES.items():
        _write_article(key, article, texts[key], danish)
    for language, home in (("da", danish), ("en", english)):
        _fill_home(home, texts["home"][language], language)


def _write_article(key: str, article: Article, texts: dict[str, Any], home: HomePage) -> None:
    """Write one article in both languages, unless a page already has its address."""
    if home.get_children().filter(slug=article.slugs["da"]).exists():
        return
    page = ArticlePage(
        slug=article.slugs["da"],
        locale=home.locale,
        show_in_menus=article.in_menu,
        in_footer=article.in_footer,
        **_article_text(key, article, texts, home, "da"),
    )
    home.add_child(instance=page)
    publish(page)
    english_home = home.get_translation(locales()["en"])
    english = translate(page, english_home.locale)
    english.slug = article.slugs["en"]
    for name, value in _article_text(key, article, texts, english_home, "en").items():
        setattr(english, name, value)
    publish(english)


def _article_text(key: str, article: Article, texts: dict[str, Any], home: HomePage, language: str) -> dict[str, Any]:
    text = texts[language]
    return {
        "title": text["title"],
        "intro": text["intro"],
        "body": blocks.sections(
            text["sections"],
            first_link=_to_workshops(key, article, home, language) + _to_materials(article, home, language),
        ),
    }


def _to_workshops(key: str, article: Article, home: HomePage, language: str) -> str:
    """Return a link from a landing page to its audience's workshops, with the words of its door on the front page."""
    catalogue = CataloguePage.objects.child_of(home).first()
    if not article.audience or catalogue is None:
        return ""
    words = {door["key"]: door["link_text"] for door in read("pages")["home"][language]["doors"]}
    path = catalogue.get_url_parts()[2]
    return blocks.link(f"{path}?audience={article.audience}", words[key])


# Whom materials are for, as the list's filter says it, by the audience of the workshops on the same landing page.
MATERIALS: dict[str, str] = {WorkshopPage.Audience.CLASS: "teachers", WorkshopPage.Audience.PARENTS: "parents"}


def _to_materials(article: Article, home: HomePage, language: str) -> str:
    """Return a link from a landing page to its audience's materials."""
    audience, listing = MATERIALS.get(article.audience), MaterialsPage.objects.child_of(home).first()
    if not audience or listing is None:
        return ""
    words = read("materials")["list"]["links"][language][audience]
    return blocks.link(f"{listing.get_url_parts()[2]}?audience={audience}", words)


def _fill_home(home: HomePage, text: dict[str, Any], language: str) -> None:
    if home.doors or home.body:
        return
    slugs = {article.slugs[language]: key for key, article in ARTICLES.items()}
    landings = {slugs[page.slug]: page for page in home.get_children() if page.slug in slugs}
    home.title, home.intro = _title(home, "home", text), home.intro or text["intro"]
    home.doors = blocks.doors(text["doors"], landings)
    home.body = blocks.sections(text["sections"], last_link=_to_worried(home))
    publish(home)


def _to_worried(home: HomePage) -> str:
    """Return a link to the page for those who worry, with its title."""
    page = WorriedPage.objects.child_of(home).first()
    return blocks.link(page.get_url_parts()[2], page.title) if page else ""


def _title(page: Page, key: str, text: dict[str, Any]) -> str:
    """Return the content's title, unless somebody has given the page another than `setup_site` did."""
    return str(text["title"] if page.title in TITLES[key].values() else page.title)
