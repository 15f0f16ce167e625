"""A charter's text as blocks, and what differs between two texts. Plain data, no database, no markup of its own.

An empty line parts paragraphs; a paragraph that begins with "## " is a heading, one whose lines begin with "- " a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|[^\s]+")
ALIKE = 0.35


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a list."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """Words that stayed ("same"), came ("added") or went ("removed")."""

    what: str
    text: str


def blocks(body: str) -> list[Block]:
    """Return a text's blocks."""
    return [_block(paragraph) for paragraph in paragraphs(body)]


def paragraphs(body: str) -> list[str]:
    """Return a text's paragraphs."""
    return [part.strip() for part in re.split(r"\n\s*\n", body.strip()) if part.strip()]


def _block(paragraph: str) -> Block:
    lines = paragraph.split("\n")
    if paragraph.startswith("## "):
        return Block("heading", paragraph[3:].strip())
    if all(line.startswith("- ") for line in lines):
        return Block("list", items=tuple(line[2:].strip() for line in lines))
    return Block("paragraph", " ".join(lines))


def compare(old: str, new: str) -> list[tuple[Run, ...]]:
    """Return the paragraphs that differ, as runs of words; those that stayed word for word are left out."""
    before, after = paragraphs(old), paragraphs(new)
    found: list[tuple[Run, ...]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            found += _paired(before[i1:i2], after[j1:j2])
    return found


def _paired(old: list[str], new: list[str]) -> Iterator[tuple[Run, ...]]:
    for index in range(max(len(old), len(new))):
        was = old[index] if index < len(old) else ""
        now = new[index] if index < len(new) else ""
        runs = tuple(_runs(WORD.findall(was), WORD.findall(now)))
        alike = sum(len(run.text) for run in runs if run.what == "same") / max(len(was), len(now), 1)
        if was and now and alike < ALIKE:
            yield (Run("removed", was),)
            yield (Run("added", now),)
        else:
            yield runs


def _runs(old: list[str], new: list[str]) -> Iterator[Run]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Run("same", "".join(old[i1:i2]))
            continue
        if i2 > i1:
            yield Run("removed", "".join(old[i1:i2]))
        if j2 > j1:
            yield Run("added", "".join(new[j1:j2]))
