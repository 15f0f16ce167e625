"""What a reader types and what a text says, made comparable. Pure; the same on PostgreSQL and SQLite.

A word is looked for by its stem inside the text, not only at the start of words: Danish writes compounds in one
("kilde" is in "kildekritik"), and inflects ("ekstremismen" asks for "ekstremisme").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from vaern.pages.grades import named

SHORTEST_STEM = 3
MOST_WORDS = 8


def fold(text: str) -> str:
    """Return text for comparison: lower case, "idé" as "ide"; æ, ø and å stay letters of their own."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    if lowered.isascii():
        return lowered
    return "".join(char if char in "æøå" else _plain(char) for char in lowered)


@lru_cache(maxsize=1024)
def _plain(char: str) -> str:
    """Return a letter without its accent."""
    return "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))


def stems(query: str, language: str) -> tuple[list[str], list[int]]:
    """Return what to look for: the stems of the words, and the grades that were named among them."""
    grades, rest = named(query)
    words = re.findall(r"[^\W_]+(?:[.@'’-][^\W_]+)*|\S", fold(rest))
    stem = english_stem if language == "en" else danish_stem
    found = dict.fromkeys(stem(word) for word in words)
    return list(found)[:MOST_WORDS], grades


_VOWELS = "aeiouyæøå"
_ENDINGS = sorted(
    (
        *("hed", "ethed", "ered", "e", "erede", "ende", "erende", "ene", "erne", "ere", "en", "heden", "eren", "er"),
        *("heder", "erer", "heds", "es", "endes", "erendes", "enes", "ernes", "eres", "ens", "hedens", "erens", "ers"),
        *("ets", "erets", "et", "eret"),
    ),
    key=len,
    reverse=True,
)
_BEFORE_S = frozenset("abcdfghjklmnoprtvyzå")


@lru_cache(maxsize=4096)
def danish_stem(word: str) -> str:
    """Return the word without its inflection, by the Danish stemmer of Snowball (M. Porter); short words stay."""
    start = _region(word)
    stem = _without_ending(word, start)
    stem = _without_doubled_end(stem, start)
    stem = _without_derivation(stem, start)
    if len(stem) > start and len(stem) > 1 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        stem = stem[:-1]
    return stem if len(stem) >= SHORTEST_STEM else word


def _region(word: str) -> int:
    """Return where R1 begins: after the first consonant that follows a vowel, never within the first three letters."""
    found = re.search(f"[{_VOWELS}][^{_VOWELS}]", word)
    return max(found.end(), 3) if found else len(word)


def _without_ending(word: str, start: int) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= start:
            return word[: -len(ending)]
    if word.endswith("s") and len(word) - 1 >= start and word[-2:-1] in _BEFORE_S:
        return word[:-1]
    return word


def _without_doubled_end(word: str, start: int) -> str:
    return word[:-1] if word[-2:] in {"gd", "dt", "gt", "kt"} and len(word) - 2 >= start else word


def _without_derivation(word: str, start: int) -> str:
    if word.endswith("igst"):
        word = word[:-2]
    for ending in ("elig", "els", "lig", "ig"):
        if word.endswith(ending) and len(word) - len(ending) >= start:
            return _without_doubled_end(word[: -len(ending)], start)
    return word[:-1] if word.endswith("løst") and len(word) - 4 >= start else word


@lru_cache(maxsize=4096)
def english_stem(word: str) -> str:
    """Return an English word without a plural or verb ending, when enough of it is left to look for."""
    for ending in ("ies", "ing", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= SHORTEST_STEM + 1:
            return word[: -len(ending)]
    return word


def score(title: str, positions: list[int], stems_: list[str]) -> tuple[int, int]:
    """Return how well a text fits: better is greater. `positions` are the stems' places in it, from 1 (0: not there).

    A word of the title counts most, at the start of a word more than inside one; then what stands earlier.
    """
    folded = f" {fold(title)}"
    points = 0
    for stem in stems_:
        if f" {stem}" in folded:
            points += 3
        elif stem in folded:
            points += 2
    return points, -sum(positions)
