"""The rules for good content. Pure: pieces and facts in, findings out.

Links and headings: WCAG 2.2 (2.4.4, 1.3.1, 1.1.1); numbers to call are links, so that a phone can call them;
CPR numbers: domain.md §8. Errors are what a reader cannot get past; the rest is advice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vaern.pages.checks.pieces import Finding, Kind, Link, Piece, Rich, read_rich

LONGEST_SENTENCE = 25
LONGEST_PARAGRAPH = 100

# Words that say nothing when a screen reader lists a page's links.
EMPTY_WORDS = frozenset(
    {
        "her",
        "klik",
        "klik her",
        "klik på linket",
        "tryk her",
        "se her",
        "se mere",
        "se mere her",
        "læs mere",
        "læs mere her",
        "læs her",
        "mere",
        "link",
        "dette link",
        "følg linket",
        "find mere her",
        "hent her",
        "download",
        "download her",
        "here",
        "click",
        "click here",
        "read more",
        "more",
        "learn more",
        "see more",
        "see here",
        "read here",
        "this link",
        "this page",
        "denne side",
    }
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Eight digits in pairs or fours, with or without +45. Not after a word that says they are something else.
PHONE = re.compile(
    r"(?<![\d.,/-])(?:\+45[\s\u00a0]?)?(?:\d{2}([\s\u00a0.]?)\d{2}\1\d{2}\1\d{2}|\d{4}[\s\u00a0]\d{4})(?![.,/-]?\d)"
)
NOT_A_PHONE = re.compile(
    r"(?:cvr|ean|p-?nr|p-?nummer|sagsnr|journalnr|isbn|kontonr|konto)[.:\s-]*(?:nr|nummer)?[.:\s]*$", re.I
)
CPR = re.compile(r"(?<![\d+])(\d{2})(\d{2})\d{2}[\s\u00a0–-]?\d{4}(?!\d)")
SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÆØÅ0-9»\"])")
ABBREVIATION = re.compile(
    r"\b(?:stk|nr|bl\.a|f\.eks|fx|pct|kl|ca|jf|osv|mv|evt|inkl|ekskl|tlf|dvs|e\.g|i\.e|no)\.$", re.I
)


@dataclass(frozen=True)
class Facts:
    """What only the database knows about what the pieces point at."""

    missing_pages: frozenset[int] = frozenset()
    unpublished_pages: dict[int, str] = field(default_factory=dict)
    # Pages in another language than this page: number → title, and whether a translation is there.
    foreign_pages: dict[int, tuple[str, bool]] = field(default_factory=dict)
    missing_documents: frozenset[int] = frozenset()
    undescribed_images: frozenset[int] = frozenset()
    dead_paths: frozenset[str] = frozenset()


def looks_like_cpr(text: str) -> bool:
    """Say whether a CPR number could stand in `text`: ten digits of which the first four are a day and a month.

    A replacement number (erstatnings-CPR) has 60 added to the day.
    """
    return any(int(found[1]) % 60 in range(1, 32) and int(found[2]) in range(1, 13) for found in CPR.finditer(text))


def check(pieces: Iterable[Piece], facts: Facts) -> list[Finding]:
    """Return all remarks on a page's pieces: errors first, then in reading order."""
    pieces = list(pieces)
    found = [finding for piece in pieces for finding in _check_piece(piece, facts)]
    found += heading_order(pieces)
    return sorted(found, key=lambda finding: not finding.error)


def _check_piece(piece: Piece, facts: Facts) -> Iterator[Finding]:
    if piece.kind in {Kind.PAGE, Kind.IMAGE}:
        yield from _chosen(piece, facts)
        return
    yield from cpr_numbers(piece)
    if piece.kind is Kind.RICH:
        rich = read_rich(piece.text)
        for rule in RICH_RULES:
            yield from rule(piece, rich)
        yield from dead_links(piece, rich, facts)
    elif piece.kind is Kind.PLAIN:
        yield from bare_numbers(piece, piece.text, linkable=False)
        for paragraph in piece.text.split("\n"):
            yield from long_text(piece, paragraph)


def cpr_numbers(piece: Piece) -> Iterator[Finding]:
    """Find what looks like a CPR number; it is never stored (domain.md §8)."""
    text = " ".join(block.text for block in read_rich(piece.text).blocks) if piece.kind is Kind.RICH else piece.text
    if looks_like_cpr(text):
        said = _("This looks like a CPR number. Take it out: Værn never holds CPR numbers, and the page is not saved.")
        yield Finding("cpr", piece.where, said, piece.field, error=True, never_stored=True)


def link_words(piece: Piece, rich: Rich) -> Iterator[Finding]:
    """Find links whose words do not say where they lead."""
    for link in rich.links:
        words = link.text.strip(" .:!»«>→-–\u00a0").lower()
        if not words:
            yield Finding("empty-link", piece.where, _("A link has no words. Write where it leads."), piece.field, True)
        elif words in EMPTY_WORDS:
            said = _("The link “%(words)s” does not say where it leads. Name the page or the file instead.")
            yield Finding("link-words", piece.where, said % {"words": link.text}, piece.field, True)
        elif ADDRESS.fullmatch(link.text):
            said = _("The address “%(words)s” is used as link text. Write the name of the page instead.")
            yield Finding("bare-address", piece.where, said % {"words": link.text}, piece.field, True)


def bare_addresses(piece: Piece, rich: Rich) -> Iterator[Finding]:
    """Find addresses that stand in the text and are no links."""
    for block in rich.blocks:
        for found in ADDRESS.finditer(block.outside_links):
            said = _("The address “%(words)s” is not a link. Make a link with words that say where it leads.")
            yield Finding("unlinked-address", piece.where, said % {"words": found[0].rstrip(".,)")}, piece.field)


def phone_numbers(piece: Piece, rich: Rich) -> Iterator[Finding]:
    """Find numbers that a phone cannot call."""
    for block in rich.blocks:
        yield from bare_numbers(piece, block.outside_links, linkable=True)


def bare_numbers(piece: Piece, text: str, *, linkable: bool) -> Iterator[Finding]:
    """Find phone numbers in `text`. Where a link can be made it is an error not to; elsewhere it is advice."""
    for found in PHONE.finditer(text):
        if NOT_A_PHONE.search(text[: found.start()]) or looks_like_cpr(text[found.start() : found.end() + 3]):
            continue
        if linkable:
            said = _("The phone number %(number)s is not a link. Make it a phone link or use a contact.")
        else:
            said = _("The phone number %(number)s cannot be called from here. Use a contact or a phone link.")
        yield Finding("bare-phone", piece.where, said % {"number": found[0].strip()}, piece.field, linkable)


def pictures(piece: Piece, rich: Rich) -> Iterator[Finding]:
    """Find pictures in the text without alternative text."""
    for image in rich.images:
        if not image.get("alt", "").strip():
            yield _undescribed(piece)


def lengths(piece: Piece, rich: Rich) -> Iterator[Finding]:
    """Find what is too long to be read on a phone."""
    for block in rich.blocks:
        yield from long_text(piece, block.text)


def long_text(piece: Piece, text: str) -> Iterator[Finding]:
    """Find sentences of more than 25 words and paragraphs of more than 100."""
    words = len(text.split())
    if words > LONGEST_PARAGRAPH:
        said = ngettext(
            "A paragraph has %(count)d word. Divide it.", "A paragraph has %(count)d words. Divide it.", words
        )
        yield Finding("long-paragraph", piece.where, said % {"count": words}, piece.field)
    for sentence in sentences(text):
        count = len(sentence.split())
        if count > LONGEST_SENTENCE:
            beginning = " ".join(sentence.split()[:5])
            said = _("A sentence of %(count)d words is hard to read: “%(beginning)s …”.")
            yield Finding("long-sentence", piece.where, said % {"count": count, "beginning": beginning}, piece.field)


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph; an abbreviation ends none."""
    found: list[str] = []
    for part in SENTENCE_END.split(" ".join(text.split())):
        if found and ABBREVIATION.search(found[-1]):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return [sentence for sentence in found if sentence]


def false_headings(piece: Piece, rich: Rich) -> Iterator[Finding]:
    """Find paragraphs that are only bold: they look like headings and are none."""
    for found in re.finditer(r"<p[^>]*>\s*<(b|strong)[^>]*>([^<]{2,80})</\1>\s*</p>", piece.text):
        said = _("“%(words)s” is bold text used as a heading. Make it a section with a heading.")
        yield Finding("bold-heading", piece.where, said % {"words": found[2].strip()}, piece.field)


RICH_RULES: tuple[Callable[[Piece, Rich], Iterator[Finding]], ...] = (
    link_words,
    bare_addresses,
    phone_numbers,
    pictures,
    lengths,
    false_headings,
)


def dead_links(piece: Piece, rich: Rich, facts: Facts) -> Iterator[Finding]:
    """Find links to what is not there, is not published, or is in the other language."""
    for link in rich.links:
        if link.kind == "page" and link.number is not None:
            yield from _page_link(piece, link.number, link.text, facts)
        elif (link.kind == "document" and link.number in facts.missing_documents) or link_path(
            link
        ) in facts.dead_paths:
            said = _("The link “%(words)s” leads to something that is no longer there.")
            yield Finding("dead-link", piece.where, said % {"words": link.text}, piece.field, True)


def link_path(link: Link) -> str:
    """Return the path of a plain link to this site, without query and anchor, or nothing."""
    href = link.href
    if link.kind or not href.startswith("/") or href.startswith("//"):
        return ""
    return re.split(r"[?#]", href)[0]


def _page_link(piece: Piece, number: int, words: str, facts: Facts) -> Iterator[Finding]:
    if number in facts.missing_pages:
        said = _("The link “%(words)s” leads to a page that is no longer there.")
        yield Finding("dead-link", piece.where, said % {"words": words}, piece.field, True)
    elif number in facts.unpublished_pages:
        said = _("The link “%(words)s” leads to “%(title)s”, which is not published.")
        values = {"words": words, "title": facts.unpublished_pages[number]}
        yield Finding("unpublished-link", piece.where, said % values, piece.field)
    elif number in facts.foreign_pages:
        title, translated = facts.foreign_pages[number]
        if translated:
            said = _("The link “%(words)s” leads to “%(title)s” in another language. Choose its translation.")
        else:
            said = _("The link “%(words)s” leads to “%(title)s”, which is not translated. Say so in the text.")
        yield Finding("foreign-link", piece.where, said % {"words": words, "title": title}, piece.field)


def _chosen(piece: Piece, facts: Facts) -> Iterator[Finding]:
    if piece.kind is Kind.PAGE:
        yield from _page_link(piece, int(piece.text), piece.where, facts)
    elif int(piece.text) in facts.undescribed_images:
        yield _undescribed(piece)


def _undescribed(piece: Piece) -> Finding:
    said = _("A picture has no alternative text. Write what it shows, for those who cannot see it.")
    return Finding("missing-alt", piece.where, said, piece.field, True)


def heading_order(pieces: Iterable[Piece]) -> Iterator[Finding]:
    """Find empty headings and levels that are skipped; the page's title is level 1."""
    level = 1
    for piece in pieces:
        for here, text in _headings(piece):
            if not text.strip():
                yield Finding("empty-heading", piece.where, _("A heading is empty."), piece.field, True)
            elif here == 1:
                said = _("“%(words)s” has the level of the page's title. Use a lower level.")
                yield Finding("heading-order", piece.where, said % {"words": text}, piece.field, True)
            elif here > level + 1:
                said = _("The heading “%(words)s” is level %(here)d right after level %(before)d. Skip no level.")
                values = {"words": text, "here": here, "before": level}
                yield Finding("heading-order", piece.where, said % values, piece.field, True)
            level = max(here, 1)


def _headings(piece: Piece) -> Iterator[tuple[int, str]]:
    if piece.kind is Kind.HEADING:
        yield piece.level, piece.text
    elif piece.kind is Kind.RICH:
        for block in read_rich(piece.text).blocks:
            if re.fullmatch(r"h[1-6]", block.tag):
                yield int(block.tag[1]), block.text


def stewardship(*, responsible: bool, review_on: dt.date | None, today: dt.date) -> Iterator[Finding]:
    """Find pages that nobody keeps, or whose review is missing or overdue."""
    if not responsible:
        yield Finding("no-responsible", "", _("Nobody is responsible for this page. Choose a person under Settings."))
    if review_on is None:
        said = _("The page has no review date. It gets one a year ahead when it is first published.")
        yield Finding("no-review", "", said)
    elif review_on < today:
        yield Finding("review-overdue", "", _("The page's review is overdue."))
