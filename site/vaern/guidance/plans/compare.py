"""What changed between two texts of the plan, section by section, with the words marked. Plain data, no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from vaern.guidance.plans.text import Card, Chapter, PlanText, Section

BLOCKS = frozenset("p li h1 h2 h3 h4 h5 h6 dt dd td th caption blockquote address".split())  # noqa: SIM905
BOXES = frozenset({"div", "section", "article", "ul", "ol", "dl", "table", "tr"})
WORD = re.compile(r"\s+|[^\s]+")
# Below this likeness two paragraphs are not the same paragraph reworded; above LONGEST words they are not compared.
ALIKE = 0.35
LONGEST = 1500


class What(Enum):
    """What became of a part, or of a run of words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Run:
    """Words that stayed, came or went."""

    what: What
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, list item or heading as runs of words."""

    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        """Say whether a word of it came or went."""
        return any(run.what is not What.SAME for run in self.runs)


@dataclass(frozen=True)
class Part:
    """A chapter's introduction, a section or a card, and what became of it."""

    what: What
    number: str
    heading: tuple[Run, ...]
    paragraphs: tuple[Paragraph, ...]
    is_card: bool = False
    old_number: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class ChapterChange:
    """A chapter with the parts of it that changed."""

    what: What
    number: str
    title: tuple[Run, ...]
    parts: tuple[Part, ...]
    key: str
    old_number: str = ""

    @property
    def count(self) -> int:
        """Return how many parts differ."""
        return len(self.parts)


@dataclass(frozen=True)
class Comparison:
    """All that differs. Parts that stayed word for word are left out."""

    title: tuple[Run, ...]
    intro: Paragraph | None
    chapters: tuple[ChapterChange, ...]

    @property
    def same(self) -> bool:
        """Say whether the texts are the same."""
        return not self.chapters and self.intro is None and all(run.what is What.SAME for run in self.title)

    def total(self, what: What) -> int:
        """Return how many sections and cards were added, removed or changed."""
        return sum(part.what is what for chapter in self.chapters for part in chapter.parts)


def compare(old: PlanText, new: PlanText) -> Comparison:
    """Return what changed from `old` to `new`. Chapters, sections and cards are recognised by their keys."""
    intro = Paragraph(tuple(words(old.intro, new.intro))) if old.intro != new.intro else None
    before = {chapter.key: chapter for chapter in old.chapters}
    moved = _moved(list(before), [chapter.key for chapter in new.chapters])
    changes = [_chapter(before.pop(chapter.key, None), chapter, chapter.key in moved) for chapter in new.chapters]
    changes += [_chapter(chapter, None, False) for chapter in before.values()]
    return Comparison(tuple(words(old.title, new.title)), intro, tuple(change for change in changes if change))


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Return the keys whose place among those that both have is another; a number alone changes when others come."""
    kept_old = [key for key in old if key in set(new)]
    kept_new = [key for key in new if key in set(old)]
    return {after for before, after in zip(kept_old, kept_new, strict=True) if before != after}


def _chapter(old: Chapter | None, new: Chapter | None, moved: bool) -> ChapterChange | None:
    """Return what became of a chapter, or None when nothing did."""
    any_of = new or old
    if any_of is None:
        return None
    parts = [part for part in _parts(old, new) if part]
    heading = tuple(words(old.title if old else "", new.title if new else ""))
    renamed = any(run.what is not What.SAME for run in heading)
    if not parts and not moved and not renamed:
        return None
    return ChapterChange(
        what=_what(old, new),
        number=any_of.number,
        title=heading,
        parts=tuple(parts),
        key=any_of.key,
        old_number=old.number if moved and old else "",
    )


def _what(old: object | None, new: object | None) -> What:
    if old is None:
        return What.ADDED
    return What.REMOVED if new is None else What.CHANGED


def _parts(old: Chapter | None, new: Chapter | None) -> Iterator[Part | None]:
    yield _part("", _Of(old) if old else None, _Of(new) if new else None, moved=False)
    yield from _matched(_sections(old), _sections(new))
    yield from _matched(_cards(old), _cards(new))


@dataclass(frozen=True)
class _Of:
    """A part on one side of the comparison."""

    source: Chapter | Section | Card

    @property
    def number(self) -> str:
        return "" if isinstance(self.source, Chapter) else self.source.number

    @property
    def heading(self) -> str:
        if isinstance(self.source, Chapter):
            return ""
        return self.source.heading if isinstance(self.source, Section) else self.source.title

    @property
    def paragraphs(self) -> list[str]:
        if isinstance(self.source, Card):
            return [*_text(self.source.intro), *paragraphs(self.source.html)]
        return paragraphs(self.source.html) if isinstance(self.source, Section) else _text(self.source.intro)


def _sections(chapter: Chapter | None) -> dict[str, _Of]:
    return {section.anchor: _Of(section) for section in (chapter.sections if chapter else [])}


def _cards(chapter: Chapter | None) -> dict[str, _Of]:
    return {card.key: _Of(card) for card in (chapter.cards if chapter else [])}


def _matched(old: dict[str, _Of], new: dict[str, _Of]) -> Iterator[Part | None]:
    moved = _moved(list(old), list(new))
    for key in [*new, *(key for key in old if key not in new)]:
        yield _part(key, old.get(key), new.get(key), moved=key in moved)


def _part(key: str, old: _Of | None, new: _Of | None, *, moved: bool) -> Part | None:
    """Return what became of a section, a card or an introduction, or None when nothing did."""
    any_of = new or old
    if any_of is None:
        return None
    heading = tuple(words(old.heading if old else "", new.heading if new else ""))
    found = tuple(_paragraph_changes(old.paragraphs if old else [], new.paragraphs if new else []))
    changed = any(paragraph.changed for paragraph in found) or any(run.what is not What.SAME for run in heading)
    # An introduction that is not there is no part that came or went.
    if not changed and not moved and (key == "" or (old and new)):
        return None
    return Part(
        what=_what(old, new),
        number=any_of.number,
        heading=heading,
        paragraphs=found,
        is_card=isinstance(any_of.source, Card),
        old_number=old.number if moved and old else "",
        anchor=key,
    )


def _text(text: str) -> list[str]:
    return [" ".join(text.split())] if text.strip() else []


def paragraphs(html: str) -> list[str]:
    """Return the text of each paragraph, list item, heading and cell, in order and with single spaces."""
    found: list[str] = []
    loose: list[str] = []

    def flush() -> None:
        text = " ".join("".join(loose).split())
        loose.clear()
        if text:
            found.append(text)

    def walk(node: Tag) -> None:
        for child in node.children:
            if isinstance(child, Tag):
                is_block = child.name in BLOCKS or child.name in {
                    "div",
                    "section",
                    "article",
                    "ul",
                    "ol",
                    "dl",
                    "table",
                    "tr",
                }
                if is_block or child.name == "br":
                    flush()
                walk(child)
                if is_block:
                    flush()
            elif isinstance(child, NavigableString):
                loose.append(str(child))

    walk(BeautifulSoup(html, "html.parser"))
    flush()
    return found


def _paragraph_changes(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Paragraph((Run(What.SAME, text),)) for text in old[i1:i2])
        else:
            yield from _replaced(old[i1:i2], new[j1:j2])


def _replaced(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    """Pair paragraphs that are the same reworded, in order; the others went or came whole."""
    left = list(old)
    for text in new:
        at = next((index for index, other in enumerate(left) if _alike(other, text)), None)
        if at is None:
            yield Paragraph((Run(What.ADDED, text),))
            continue
        yield from (Paragraph((Run(What.REMOVED, other),)) for other in left[:at])
        yield Paragraph(tuple(words(left[at], text)))
        left = left[at + 1 :]
    yield from (Paragraph((Run(What.REMOVED, other),)) for other in left)


def _alike(old: str, new: str) -> bool:
    a, b = old.split(), new.split()
    if max(len(a), len(b)) > LONGEST:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def words(old: str, new: str) -> Iterable[Run]:
    """Return the runs of words that lead from `old` to `new`.

    >>> [(run.what.value, run.text) for run in words("Ring til os", "Ring straks til os")]
    [('same', 'Ring '), ('added', 'straks '), ('same', 'til os')]
    """
    before, after = WORD.findall(old), WORD.findall(new)
    runs: list[Run] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Run(What.SAME, "".join(before[i1:i2])))
            continue
        if i1 < i2:
            runs.append(Run(What.REMOVED, "".join(before[i1:i2])))
        if j1 < j2:
            runs.append(Run(What.ADDED, "".join(after[j1:j2])))
    return _joined(runs)


def _joined(runs: list[Run]) -> list[Run]:
    """Join changes that only a space parts, so that a reworded phrase reads as one and not word by word."""
    found: list[Run] = []
    gone, come = "", ""
    for index, run in enumerate(runs):
        between = run.what is What.SAME and run.text.isspace() and 0 < index < len(runs) - 1
        if run.what is What.SAME and not between:
            found += _changed(gone, come)
            gone = come = ""
            found.append(run)
        else:
            gone += run.text if run.what is not What.ADDED else ""
            come += run.text if run.what is not What.REMOVED else ""
    return _with_spaces_after([*found, *_changed(gone, come)])


def _with_spaces_after(runs: list[Run]) -> list[Run]:
    """Let words that came or went take the space after them rather than the one before, as one reads them."""
    found = list(runs)
    for at in range(1, len(found) - 1):
        before, run, after = found[at - 1 : at + 2]
        alone = before.what is What.SAME and after.what is What.SAME and run.what is not What.SAME
        if alone and run.text[:1].isspace() and run.text[:1] == after.text[:1]:
            space = run.text[0]
            found[at - 1] = Run(before.what, before.text + space)
            found[at] = Run(run.what, run.text[1:] + space)
            found[at + 1] = Run(after.what, after.text[1:])
    return [run for run in found if run.text]


def _changed(gone: str, come: str) -> list[Run]:
    if gone == come:
        return [Run(What.SAME, gone)] if gone else []
    return [run for run in (Run(What.REMOVED, gone), Run(What.ADDED, come)) if run.text]
