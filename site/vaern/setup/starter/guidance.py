"""Guidance: contacts, the page for those who worry, cards and the choices before them, workplaces, efforts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text import RichText

from vaern.guidance.models import (
    ActionCardPage,
    ChapterPage,
    Contact,
    EffortPage,
    GuidanceIndexPage,
    Situation,
    WorkplacePage,
    WorriedPage,
)
from vaern.guidance.rules import normal_phone
from vaern.pages.models import ArticlePage, HomePage
from vaern.people.models import Administration
from vaern.setup.pages import TITLES
from vaern.setup.starter import blocks
from vaern.setup.starter.content import read
from vaern.setup.starter.tree import locales, publish, translate

CARDS_CHAPTER = "handlekort"
# The article that leads professionals on, and the words of the links.
PROFESSIONALS = {"da": "fagpersoner", "en": "professionals"}
SECTIONS_HEADING = {"da": "Læs mere", "en": "Read more"}
LINKS_HEADING = {
    "da": "På din arbejdsplads, og hvad du kan henvise til",
    "en": "At your workplace, and what you can refer to",
}


# -- contacts and the page for those who worry ------------------------------------------------------------


def load_guidance() -> None:
    """Write the contacts that are missing, and fill the pages for those who worry where they are empty."""
    texts = read("guidance")
    contacts = {row["key"]: _contact(row) for row in texts["contact"]}
    for language, locale in locales().items():
        page = WorriedPage.objects.filter(locale=locale).first()
        if page is not None and not page.body:
            _fill_worried(page, texts["worried"][language], contacts, language)


def _contact(row: dict[str, Any]) -> Contact:
    """Return the contact of this key; one that was written into a page before is taken over by its number."""
    found = Contact.objects.filter(key=row["key"]).first()
    if found is not None:
        return found
    phone = normal_phone(row["phone"]) if row["phone"] else ""
    same = Contact.objects.filter(key=None, phone=phone).first() if phone else None
    if same is not None:
        same.key = row["key"]
        same.save(update_fields=["key"])
        return same
    names = ("name", "organisation", "hours", "what_happens", "anonymous")
    return Contact.objects.create(
        key=row["key"],
        phone=phone,
        position=row["position"],
        acute=row.get("acute", False),
        unverified=row.get("unverified", True),
        **{f"{name}_{language}": row[language].get(name, "") for name in names for language in ("da", "en")},
    )


def _fill_worried(page: WorriedPage, text: dict[str, Any], contacts: dict[str, Contact], language: str) -> None:
    page.title = str(text["title"] if page.title in TITLES["worried"].values() else page.title)
    page.intro = page.intro or text["intro"]
    page.body = [
        ("contact", contacts["hotline"]),
        ("contact", contacts["team-kk"]),
        ("advice", {"heading": blocks.STEPS_HEADING[language], "points": text["steps"]}),
        ("advice", {"heading": blocks.NOT_DO_HEADING[language], "points": text["not_do"]}),
        *blocks.sections(text["sections"]),
    ]
    publish(page)


# -- cards and the choices that lead to them --------------------------------------------------------------


def load_cards() -> None:
    """Write cards, situations, workplaces and efforts where they are missing; the plan's chapter takes the cards."""
    texts, cards_text = read("guidance"), read("cards")
    home = _home_of_cards()
    front = HomePage.objects.filter(locale=locales()["da"]).first()
    if home is None or front is None:
        return
    contacts = {contact.key: contact for contact in Contact.objects.exclude(key=None)}
    cards = {row["key"]: _card(row, cards_text["duty"], contacts, home) for row in cards_text["card"]}
    for position, row in enumerate(texts["situation"], start=1):
        _situation(row, position, cards)
    workplaces = _section(front, texts["workplaces"], lambda text: _about_children(text, contacts))
    for row in texts["workplace"]:
        _workplace(row, texts, workplaces, cards, contacts)
    efforts = _section(front, texts["efforts"], lambda text: [])
    for row in texts["effort"]:
        _effort(row, efforts, contacts)
    _choose_general_card(cards["general"], workplaces, efforts)
    _lead_professionals_on(workplaces, efforts)


def _home_of_cards() -> Page | None:
    """Return the plan's chapter for cards if it is there in both languages, else the page for those who worry."""
    danish, english = locales()["da"], locales()["en"]
    chapter = ChapterPage.objects.filter(slug=CARDS_CHAPTER, locale=danish).first()
    if chapter is not None and chapter.get_translation_or_none(english) is not None:
        return chapter
    return WorriedPage.objects.filter(locale=danish).first()


def _card(row: dict[str, Any], duty: dict[str, Any], contacts: dict[Any, Contact], home: Page) -> ActionCardPage:
    """Return the card of this number, made in both languages when there is none."""
    same = ActionCardPage.objects.filter(slug=_card_slug(row, "da"), locale=home.locale)
    found: ActionCardPage | None = same.first()
    if found is not None:
        return found
    card = ActionCardPage(slug=_card_slug(row, "da"), locale=home.locale)
    _write_card(card, row, duty, contacts, "da")
    home.add_child(instance=card)
    publish(card)
    english = translate(card, locales()["en"])
    english.slug = _card_slug(row, "en")
    _write_card(english, row, duty, contacts, "en")
    publish(english)
    return card


def _card_slug(row: dict[str, Any], language: str) -> str:
    """Return a card's address, which says nothing of what it is about."""
    return f"{'kort' if language == 'da' else 'card'}-{row['number']}"


def _write_card(
    card: ActionCardPage, row: dict[str, Any], duty: dict[str, Any], contacts: dict[Any, Contact], language: str
) -> None:
    text = row[language]
    card.title, card.intro, card.number = text["title"], text["intro"], row["number"]
    card.do_now, card.do_not = _points(text["do_now"]), _points(text["do_not"])
    card.signs, card.emergency = _points(text.get("signs", [])), text["emergency"]
    card.contacts = [("contact", contacts[key]) for key in row["contacts"]]
    card.duty_under_18 = text.get("under_18", duty[language]["under_18"])
    card.duty_over_18 = text.get("over_18", duty[language]["over_18"])


def _points(texts: list[str]) -> list[tuple[str, str]]:
    return [("point", text) for text in texts]


def _situation(row: dict[str, Any], position: int, cards: dict[str, ActionCardPage]) -> None:
    under_18, over_18, acute_under_18, acute_over_18 = (cards[key] for key in row["cards"])
    Situation.objects.get_or_create(
        key=row["key"],
        defaults={
            "title_da": row["da"],
            "title_en": row["en"],
            "signs_da": "\n".join(row.get("signs_da", [])),
            "signs_en": "\n".join(row.get("signs_en", [])),
            "position": position * 10,
            "under_18": under_18,
            "over_18": over_18,
            "acute_under_18": acute_under_18,
            "acute_over_18": acute_over_18,
        },
    )


# -- workplaces and efforts -------------------------------------------------------------------------------


def _in_both(page: Page, parent: Page, slugs: dict[str, str], write: Callable[[Page, str], None]) -> Page:
    """Return the page below `parent` with the Danish address, made in both languages when there is none."""
    found = parent.get_children().filter(slug=slugs["da"]).first()
    if found is not None:
        return found.specific
    page.slug, page.locale = slugs["da"], parent.locale
    write(page, "da")
    parent.add_child(instance=page)
    publish(page)
    english = translate(page, locales()["en"])
    english.slug = slugs["en"]
    write(english, "en")
    publish(english)
    return page


def _section(front: Page, texts: dict[str, Any], body: Callable[[dict[str, Any]], blocks.Stream]) -> Page:
    def write(page: Any, language: str) -> None:
        page.title, page.intro = texts[language]["title"], texts[language]["intro"]
        page.body = body(texts[language])

    return _in_both(GuidanceIndexPage(), front, texts["slug"], write)


def _about_children(text: dict[str, Any], contacts: dict[Any, Contact]) -> blocks.Stream:
    centres = [contact for key, contact in contacts.items() if key.startswith("bbu-") or key == "doegnvagt"]
    numbers: blocks.Stream = [("contact", contact) for contact in centres]
    return [blocks.section(text["children_heading"], text["children_text"]), *numbers]


def _workplace(
    row: dict[str, Any],
    texts: dict[str, Any],
    parent: Page,
    cards: dict[str, ActionCardPage],
    contacts: dict[Any, Contact],
) -> None:
    administration = Administration.objects.filter(code=row["administration"]).order_by("-valid_from").first()

    def write(page: Any, language: str) -> None:
        text = row[language]
        page.title, page.intro, page.workplace = text["title"], text["intro"], text["workplace"]
        page.administration = administration
        page.may, page.may_not, page.ask_first = _points(text["may"]), _points(text["may_not"]), text["ask_first"]
        page.duty = texts["workplace_duty"][language]
        page.unconfirmed = texts["workplace_note"][language]
        page.contacts = [("contact", contacts[key]) for key in row["contacts"]]
        page.situations = [
            (
                "situation",
                {
                    "heading": situation["heading"],
                    "text": situation["text"],
                    "card": cards[situation["card"]].get_translation_or_none(page.locale),
                },
            )
            for situation in text["situations"]
        ]

    _in_both(WorkplacePage(), parent, row["slug"], write)


def _effort(row: dict[str, Any], parent: Page, contacts: dict[Any, Contact]) -> None:
    def write(page: Any, language: str) -> None:
        for name, value in row[language].items():
            setattr(page, name, value)
        page.contact = contacts[row["contact"]]

    _in_both(EffortPage(), parent, row["slug"], write)


def _choose_general_card(card: ActionCardPage, *sections: Page) -> None:
    """Give the pages for those who worry their general card and the ways on, unless an editor has chosen a card."""
    for page in WorriedPage.objects.filter(general_card=None).select_related("locale"):
        page.general_card = card
        page.body = _with_links(page, SECTIONS_HEADING, sections)
        publish(page)


def _lead_professionals_on(*sections: Page) -> None:
    """Add links to the article for professionals, while it is as the starter wrote it."""
    for language, locale in locales().items():
        article = ArticlePage.objects.filter(slug=PROFESSIONALS[language], locale=locale).first()
        if article is None or article.revisions.exclude(user=None).exists():
            continue
        if LINKS_HEADING[language] not in [block.value["heading"] for block in article.body]:
            article.body = _with_links(article, LINKS_HEADING, sections)
            publish(article)


def _with_links(page: Any, heading: dict[str, str], sections: tuple[Page, ...]) -> blocks.Stream:
    """Return the page's content with one more section: links to `sections` in the page's language."""
    pages = [section.get_translation_or_none(page.locale) or section for section in sections]
    links = "".join(f'<p><a linktype="page" id="{other.pk}">{escape(other.title)}</a></p>' for other in pages)
    block = ("section", {"heading": heading[page.locale.language_code], "text": RichText(links)})
    return [*((child.block_type, child.value) for child in page.body), block]
