#!/usr/bin/env python3
"""Fail when a catalogue is incomplete: untranslated, fuzzy, obsolete, a lost placeholder, or out of date.

--fresh extracts the strings anew (from a copy; nothing here is changed) and compares the SETS of strings:
order and dates differ by themselves.

usage: check_po.py [--fresh] LOCALE_DIR LANGUAGE ...     (needs polib; --fresh needs GNU gettext too)
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from catalogues import PLACEHOLDER, ExtractionError, extracted, key, texts


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one entry, in a word or two."""
    if entry.obsolete:
        yield "obsolete"
        return
    if entry.fuzzy:
        yield "fuzzy"
    if not all(text.strip() for text in texts(entry)):
        yield "untranslated"
        return
    wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
    for text in texts(entry):
        found = set(PLACEHOLDER.findall(text))
        # "one place" may leave the number out; a text without plural may not.
        if found - wanted or (wanted - found and not entry.msgid_plural):
            yield f"placeholders differ in {text!r}"
        if entry.msgid.startswith("\n") != text.startswith("\n") or entry.msgid.endswith("\n") != text.endswith("\n"):
            yield "begins or ends with a line break where the original does not"


def catalogue_problems(path: Path) -> Iterator[str]:
    """What is wrong with one file."""
    catalogue = polib.pofile(str(path))
    if catalogue.metadata_is_fuzzy:
        yield f"{path}: its header is fuzzy"
    for entry in catalogue:
        for problem in entry_problems(entry):
            yield f"{path}:{entry.linenum}: {problem}: {entry.msgid!r}"


def stale_problems(locale: Path, languages: list[str]) -> Iterator[str]:
    """Strings that are in the code and not in the catalogue, and the other way round."""
    with extracted(locale, languages) as fresh:
        for language in languages:
            path = locale / language / "LC_MESSAGES" / "django.po"
            here = {key(entry) for entry in polib.pofile(str(path)) if not entry.obsolete} if path.exists() else set()
            there = {key(entry) for entry in fresh[language] if not entry.obsolete}
            yield from (f"{path}: missing (make messages): {item[1]!r}" for item in sorted(there - here, key=str))
            yield from (
                f"{path}: no longer in the code (make messages): {item[1]!r}" for item in sorted(here - there, key=str)
            )


def main() -> int:
    """Print the problems; exit 1 when there are any."""
    parser = argparse.ArgumentParser(description="Check translation catalogues.")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("locale", type=Path)
    parser.add_argument("languages", nargs="+")
    options = parser.parse_args()
    found: list[str] = []
    number = 0
    for language in options.languages:
        paths = sorted((options.locale / language / "LC_MESSAGES").glob("*.po"))
        number += len(paths)
        found += [problem for path in paths for problem in catalogue_problems(path)]
        found += [] if paths else [f"there is no catalogue in {options.locale}/{language}/LC_MESSAGES"]
    if options.fresh:
        try:
            found += stale_problems(options.locale, options.languages)
        except ExtractionError as error:
            found.append(str(error))
    print("\n".join(found) or f"{number} catalogue(s) complete")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
