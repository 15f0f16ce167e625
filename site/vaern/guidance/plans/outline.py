"""The plan as its pages stand now: which chapters and cards a reader may see, and their numbers. One query."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from vaern.guidance.models import ActionCardPage, ChapterPage, Contact, PlanPage
from vaern.guidance.models.contacts import WEEKDAYS
from vaern.guidance.plans.rules import letter
from vaern.guidance.plans.text import Missing, Section
from vaern.pages.access import closed

# Stands between texts that are expanded together, so that the links of a whole chapter cost one query.
CUT = "<!--vaern-cut-->"
SECTION = "section"
CONTACT = "contact"
# What the plan's text does not say of a contact: when it was checked and by whom, and how the site orders them.
NOT_SHOWN = frozenset(
    {"key", "acute", "position", "responsible", "last_checked_on", "checked_by", "reminded_in", *WEEKDAYS}
)
PARTS: dict[str, type[Page]] = {"planpage": PlanPage, "chapterpage": ChapterPage, "actioncardpage": ActionCardPage}
PAGE_LINK = re.compile(r'<a\s[^>]*linktype="page"[^>]*>')
LINKED_ID = re.compile(r'\sid="(\d+)"')
# Facts of a page that are not the plan's text.
NOT_TEXT = frozenset({"responsible", "review_on", "page_ptr"}) | {
    each.name for each in Page._meta.get_fields() if each.name not in {"title", "slug"}
}


@dataclass(frozen=True)
class CardEntry:
    """A card as it stands in the outline."""

    page: Any
    number: str

    @property
    def key(self) -> str:
        """Return what it is called in all languages and versions."""
        return str(self.page.translation_key)


@dataclass(frozen=True)
class ChapterEntry:
    """A chapter as it stands in the outline, with its cards."""

    page: Any
    number: str
    cards: list[CardEntry] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Return what it is called in all languages and versions."""
        return str(self.page.translation_key)


@dataclass(frozen=True)
class Outline:
    """The plan in one language: its page, what is below it, and what only another language has."""

    plan: Any
    chapters: list[ChapterEntry]
    untranslated: list[Missing] = field(default_factory=list)

    def entry(self, page: Page) -> ChapterEntry | CardEntry | None:
        """Return the entry of a chapter or card."""
        return next((entry for entry in self.entries() if entry.page.pk == page.pk), None)

    def entries(self) -> Iterator[ChapterEntry | CardEntry]:
        """Yield each chapter, followed by its cards."""
        for chapter in self.chapters:
            yield chapter
            yield from chapter.cards

    def around(self, page: Page) -> tuple[ChapterEntry | None, ChapterEntry | None]:
        """Return the chapters before and after a chapter."""
        keys = [chapter.page.pk for chapter in self.chapters]
        if page.pk not in keys:
            return None, None
        at = keys.index(page.pk)
        return (
            self.chapters[at - 1] if at > 0 else None,
            self.chapters[at + 1] if at + 1 < len(keys) else None,
        )


def outlines(plan_key: UUID | str | QuerySet[Any]) -> dict[str, Outline]:
    """Return the plan by language, as everybody may read it: live pages, none of them private, below live pages.

    `plan_key` may be a query set of one key, which is then read in the same query.

    Numbers are those of the Danish plan, so that a chapter has the same number in every language.
    """
    pages = _readable(plan_key)
    plans = [page for page in pages if isinstance(page, PlanPage)]
    chapters = [page for page in pages if isinstance(page, ChapterPage)]
    cards = [page for page in pages if isinstance(page, ActionCardPage)]
    in_order = sorted(plans, key=lambda plan: plan.locale.language_code != settings.LANGUAGE_CODE)
    numbers = _Numbers()
    for plan in in_order:
        for chapter in _children(plan, chapters):
            numbers.add_chapter(chapter, _children(chapter, cards))
    return {plan.locale.language_code: _outline(plan, chapters, cards, numbers) for plan in in_order}


class _Numbers:
    """Numbers by key: the first language to name a chapter or card numbers it."""

    def __init__(self) -> None:
        self.chapters: dict[str, str] = {}
        self.cards: dict[str, str] = {}
        self.of_chapter: dict[str, list[str]] = {}

    def add_chapter(self, chapter: Page, cards: Iterable[Page]) -> None:
        """Give the chapter and its cards numbers, unless they have them."""
        key = str(chapter.translation_key)
        number = self.chapters.setdefault(key, str(len(self.chapters) + 1))
        known = self.of_chapter.setdefault(key, [])
        for card in cards:
            card_key = str(card.translation_key)
            if card_key not in self.cards:
                known.append(card_key)
                self.cards[card_key] = f"{number}-{letter(len(known))}"


def _outline(plan: Page, chapters: Sequence[Page], cards: Sequence[Page], numbers: _Numbers) -> Outline:
    own = [
        ChapterEntry(
            chapter,
            numbers.chapters[str(chapter.translation_key)],
            [CardEntry(card, numbers.cards[str(card.translation_key)]) for card in _children(chapter, cards)],
        )
        for chapter in _children(plan, chapters)
    ]
    here = {entry.key for entry in Outline(plan, own).entries()}
    missing = [Missing(key, number, False) for key, number in numbers.chapters.items() if key not in here]
    gone = {each.key for each in missing}
    for chapter_key, card_keys in numbers.of_chapter.items():
        if chapter_key not in gone:
            missing += [Missing(key, numbers.cards[key], True) for key in card_keys if key not in here]
    return Outline(plan, sorted(own, key=lambda entry: int(entry.number)), missing)


def _readable(plan_key: UUID | str | QuerySet[Any]) -> list[Any]:
    """Return the plan's live pages and all live, public ones below them, in all languages. One query."""
    types = ContentType.objects.get_for_models(*PARTS.values())
    plans = PlanPage.objects.filter(translation_key=plan_key, live=True)
    pages = (
        Page.objects.filter(content_type__in=types.values(), live=True)
        .filter(_below(plans))
        .exclude(closed())
        .select_related("locale", *PARTS)
        .order_by("path")
    )
    return [_specific(page) for page in pages]


def _below(plans: QuerySet[Any]) -> Exists:
    """Return the condition that a page is one of the plans or below one."""
    below = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return Exists(plans.alias(asked_path=below).filter(asked_path__startswith=F("path")))


def _specific(page: Page) -> Any:
    """Return the page as what it is; the query has read that along."""
    model = page.content_type_id and page.cached_content_type.model
    found = getattr(page, model)
    found.locale = page.locale
    return found


def _children(parent: Page, pages: Iterable[Page]) -> list[Any]:
    return [page for page in pages if page.depth == parent.depth + 1 and page.path.startswith(parent.path)]


def sections(
    number: str, body: Iterable[Any], *, plans: dict[str, Outline] | None = None, expand: bool = True
) -> list[Section]:
    """Return a chapter's sections, numbered, with rich text made HTML. One query for all links out of the `plans`.

    Without `expand` only numbers, headings and anchors are read, without any query.

    A section's anchor comes from its block's own id, which renaming and moving leave alone. Other blocks belong to
    the section before them.
    """
    blocks = list(body)
    texts = [""] * len(blocks)
    if expand and blocks:
        written = CUT.join(_source(block) for block in blocks)
        texts = expand_db_html(_with_page_links(written, plans or {})).split(CUT)
    found: list[Section] = []
    count = 0
    for block, html in zip(blocks, texts, strict=True):
        if block.block_type == SECTION:
            count += 1
            name = f"s-{(block.id or str(count))[:8]}"
            found.append(Section(name, f"{number}.{count}", block.value["heading"], html))
        elif found:
            last = found.pop()
            found.append(Section(last.anchor, last.number, last.heading, last.html + html))
        else:
            found.append(Section("", "", "", html))
    return found


def _with_page_links(html: str, plans: dict[str, Outline]) -> str:
    """Return rich text whose links to pages are addresses, in the language being written where a page has it.

    Wagtail asks the database twice for each link; here all are read together, and the plan's own pages are known.
    """
    asked = {int(found[1]) for link in PAGE_LINK.findall(html) if (found := LINKED_ID.search(link))}
    if not asked:
        return html
    language = get_language() or settings.LANGUAGE_CODE
    keys = {plan.plan.pk: plan.plan.translation_key for plan in plans.values()}
    pages = {(plan.plan.translation_key, code): plan.plan for code, plan in plans.items()}
    for code, outline in plans.items():
        for entry in outline.entries():
            keys[entry.page.pk] = entry.page.translation_key
            pages[entry.page.translation_key, code] = entry.page
    unknown = asked - set(keys)
    if unknown:
        same = Page.objects.filter(pk__in=unknown).values("translation_key")
        for page in Page.objects.filter(translation_key__in=same).select_related("locale"):
            keys[page.pk] = page.translation_key
            if page.live or page.pk in unknown:
                pages[page.translation_key, page.locale.language_code] = page
    by_id = {page.pk: page for page in pages.values()}

    def address(link: re.Match[str]) -> str:
        found = LINKED_ID.search(link[0])
        key = keys.get(int(found[1])) if found else None
        page = (pages.get((key, language)) or by_id.get(int(found[1]))) if found and key else None
        url = page.url if page else None
        return f'<a href="{escape(url)}">' if url else "<a>"

    return PAGE_LINK.sub(address, html)


def _source(block: Any) -> str:
    return str(block.value["text"].source if block.block_type == SECTION else block.render())


def fingerprint(plans: dict[str, Outline]) -> str:
    """Return what tells whether the published text is other than it was: all that editors wrote in pages and contacts.

    Cheap: nothing is rendered, and all contacts are one query. That somebody has checked a number is no change of it.
    """
    rows = [
        [language, entry_number, *_written(page)]
        for language in sorted(plans)
        for entry_number, page in _pages(plans[language])
    ]
    rows += _contacts(plans)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _pages(outline: Outline) -> Iterable[tuple[str, Any]]:
    yield "", outline.plan
    for chapter in outline.chapters:
        yield chapter.number, chapter.page
        for card in chapter.cards:
            yield card.number, card.page


def _contacts(plans: dict[str, Outline]) -> list[list[Any]]:
    """Return what is written in the contacts that the cards show. One query, and none where no card shows any."""
    shown = {
        block["value"]
        for outline in plans.values()
        for chapter in outline.chapters
        for card in chapter.cards
        for stream in (card.page.contacts, card.page.body)
        for block in stream.raw_data
        if block["type"] == CONTACT and block["value"]
    }
    if not shown:
        return []
    columns = [each.attname for each in Contact._meta.concrete_fields if each.name not in NOT_SHOWN]
    return [list(row) for row in Contact.objects.filter(pk__in=shown).order_by("pk").values_list(*columns)]


def _written(page: Any) -> list[Any]:
    fields = sorted(page._meta.concrete_fields, key=lambda each: each.name)
    return [[each.name, _stored(each.value_from_object(page))] for each in fields if _is_text(each)]


def _stored(value: Any) -> str:
    """Return a value as it is stored; a stream's blocks as they were read, since showing them may spell them anew."""
    if isinstance(value, StreamValue):
        return json.dumps([dict(each) for each in value.raw_data], sort_keys=True, default=str)
    return str(value)


def _is_text(column: Any) -> bool:
    return column.name in {"title", "slug"} or (column.name not in NOT_TEXT and not column.name.endswith("_ptr"))
