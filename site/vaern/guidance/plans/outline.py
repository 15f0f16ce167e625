"""The plan as its pages stand now: which chapters and cards a reader may see, and their numbers. Four queries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from vaern.guidance.models import ActionCardPage, ChapterPage, PlanPage
from vaern.guidance.plans.rules import letter
from vaern.guidance.plans.text import Missing, Section

# Stands between texts that are expanded together, so that the links of a whole chapter cost one query.
CUT = "<!--vaern-cut-->"
SECTION = "section"
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


def outlines(plan_key: UUID | str) -> dict[str, Outline]:
    """Return the plan by language, as everybody may read it: live pages, none of them private, below live pages.

    Numbers are those of the Danish plan, so that a chapter has the same number in every language.
    """
    private = Page.objects.private_q()
    plans = _readable(PlanPage.objects.filter(translation_key=plan_key), private)
    if not plans:
        return {}
    below = _below(plans)
    chapters = _readable(ChapterPage.objects.filter(below), private)
    cards = _readable(ActionCardPage.objects.filter(below), private)
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


def _readable(pages: QuerySet[Any], private: Q) -> list[Any]:
    return list(pages.filter(live=True).exclude(private).select_related("locale").order_by("path"))


def _below(plans: Iterable[Page]) -> Q:
    found = Q()
    for plan in plans:
        found |= Q(path__startswith=plan.path)
    return found


def _children(parent: Page, pages: Iterable[Page]) -> list[Any]:
    return [page for page in pages if page.depth == parent.depth + 1 and page.path.startswith(parent.path)]


def sections(number: str, body: Iterable[Any], *, expand: bool = True) -> list[Section]:
    """Return a chapter's sections, numbered, with rich text made HTML. At most one query for all links.

    Without `expand` only numbers, headings and anchors are read, without any query.

    A section's anchor comes from its block's own id, which renaming and moving leave alone. Other blocks belong to
    the section before them.
    """
    blocks = list(body)
    texts = [""] * len(blocks)
    if expand and blocks:
        texts = expand_db_html(CUT.join(_source(block) for block in blocks)).split(CUT)
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


def _source(block: Any) -> str:
    return str(block.value["text"].source if block.block_type == SECTION else block.render())


def fingerprint(plans: dict[str, Outline]) -> str:
    """Return what tells whether the published pages are other than they were: all that editors wrote in them.

    Cheap: nothing is rendered. Records that a card points at (a telephone number) have their own history and date.
    """
    rows = [
        [language, entry_number, *_written(page)]
        for language in sorted(plans)
        for entry_number, page in _pages(plans[language])
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _pages(outline: Outline) -> Iterable[tuple[str, Any]]:
    yield "", outline.plan
    for chapter in outline.chapters:
        yield chapter.number, chapter.page
        for card in chapter.cards:
            yield card.number, card.page


def _written(page: Any) -> list[Any]:
    fields = sorted(page._meta.concrete_fields, key=lambda each: each.name)
    return [[each.name, str(each.get_prep_value(each.value_from_object(page)))] for each in fields if _is_text(each)]


def _is_text(column: Any) -> bool:
    return column.name in {"title", "slug"} or (column.name not in NOT_TEXT and not column.name.endswith("_ptr"))
