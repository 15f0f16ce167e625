"""The plan as text: what a version freezes, what is compared, printed and packed. Plain data, no database.

The same shape holds a plan read from its pages today and one that was adopted years ago. Links from one part of the
plan to another are written `plan:KEY` or `plan:KEY#ANCHOR`, and become addresses only where the text is shown.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

LAYOUT = 1
PLAN_LINK = re.compile(r'href="plan:([0-9a-f-]*)(?:#([^"]*))?"')
HEADING = re.compile(r"<(/?)h([1-6])(?=[\s>])")
LOWEST_HEADING = 6


@dataclass(frozen=True)
class Section:
    """A part of a chapter with an address of its own; without number and heading it is what stands before the first."""

    anchor: str
    number: str
    heading: str
    html: str


@dataclass(frozen=True)
class Card:
    """An action card: its body is HTML whose highest heading is h2."""

    key: str
    slug: str
    number: str
    title: str
    intro: str
    html: str

    @property
    def anchor(self) -> str:
        """Return where it stands in a text of several chapters."""
        return f"card-{self.key[:8]}"


@dataclass(frozen=True)
class Chapter:
    """A chapter with its sections and cards."""

    key: str
    slug: str
    number: str
    title: str
    intro: str
    sections: list[Section] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Return where it stands in a text of several chapters."""
        return f"chapter-{self.key[:8]}"

    def card(self, slug: str) -> Card | None:
        """Return the card at an address."""
        return next((card for card in self.cards if card.slug == slug), None)


@dataclass(frozen=True)
class Missing:
    """A chapter or card that this language lacks and another has."""

    key: str
    number: str
    is_card: bool


@dataclass(frozen=True)
class PlanText:
    """The plan in one language."""

    title: str
    intro: str
    chapters: list[Chapter] = field(default_factory=list)
    untranslated: list[Missing] = field(default_factory=list)

    def chapter(self, slug: str) -> Chapter | None:
        """Return the chapter at an address."""
        return next((chapter for chapter in self.chapters if chapter.slug == slug), None)

    def parts(self) -> Iterator[tuple[Chapter, Card | None]]:
        """Yield each chapter, and after it each of its cards with it."""
        for chapter in self.chapters:
            yield chapter, None
            for card in chapter.cards:
                yield chapter, card

    def parts_by_key(self) -> dict[str, tuple[Chapter, Card | None]]:
        """Return chapters and cards by their keys, for links between them."""
        return {(card.key if card else chapter.key): (chapter, card) for chapter, card in self.parts()}


def encode(texts: dict[str, PlanText]) -> str:
    """Return the canonical form of the plan in its languages: the same text gives the same characters."""
    languages = {language: asdict(text) for language, text in texts.items()}
    whole = {"layout": LAYOUT, "languages": languages}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1)


def decode(content: str) -> dict[str, PlanText]:
    """Return the plan in its languages from its canonical form."""
    return {language: _plan(row) for language, row in json.loads(content)["languages"].items()}


def digest(content: str) -> str:
    """Return the SHA-256 of a canonical form."""
    return hashlib.sha256(content.encode()).hexdigest()


def _plan(row: dict[str, Any]) -> PlanText:
    missing = [Missing(**each) for each in row["untranslated"]]
    chapters = [_chapter(chapter) for chapter in row["chapters"]]
    return PlanText(**{**row, "chapters": chapters, "untranslated": missing})


def _chapter(row: dict[str, Any]) -> Chapter:
    sections = [Section(**section) for section in row["sections"]]
    return Chapter(**{**row, "sections": sections, "cards": [Card(**card) for card in row["cards"]]})


def with_links(html: str, address_of: Callable[[str, str], str]) -> str:
    """Return the HTML with links between parts of the plan made addresses by `address_of(key, anchor)`."""
    return PLAN_LINK.sub(lambda found: f'href="{address_of(found[1], found[2] or "")}"', html)


def with_lower_headings(html: str, by: int) -> str:
    """Return the HTML with each heading `by` levels lower, and never below h6."""
    return HEADING.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + by, LOWEST_HEADING)}", html)
