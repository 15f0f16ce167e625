#!/usr/bin/env python3
"""Bring locale/da and locale/en up to date with the code; part of `make messages`, runs inside .venv.

The strings in the code are English, so English is filled in by itself; Danish is for a person.
locale/wagtail, our Danish for Wagtail's own strings, is never touched.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dev_common import ROOT, VENV_PYTHON, complain, environment
from install import compile_messages, set_up

if TYPE_CHECKING:
    import polib

LOCALE = ROOT / "locale"
LANGUAGES = {"da": "Danish", "en": "English"}


def update_messages() -> int:
    """The subcommand: this file again, with the Python that has polib."""
    set_up("dev")
    done = subprocess.run([VENV_PYTHON, Path(__file__).resolve()], cwd=ROOT, env=environment(), check=False)
    if done.returncode == 0:
        compile_messages()
    return done.returncode


def headers(language: str) -> dict[str, str]:
    """Only what gettext needs: no dates and names that would change with every run."""
    return {
        "Project-Id-Version": "vaern",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }


def fill_in_english(entry: polib.POEntry) -> None:
    """A guess of msgmerge is not English; the string in the code is."""
    if entry.fuzzy or not (entry.msgstr or any(entry.msgstr_plural.values())):
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
        else:
            entry.msgstr = entry.msgid


def tidy(catalogue: polib.POFile, language: str) -> str:
    """Set the header, drop what the code no longer says, fill in English; return what is left to do."""
    catalogue.metadata, catalogue.metadata_is_fuzzy = headers(language), False
    catalogue.header = f"{LANGUAGES[language]} texts of Værn."
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    if language == "en":
        for entry in catalogue:
            fill_in_english(entry)
    open_, guessed = len(catalogue.untranslated_entries()), len(catalogue.fuzzy_entries())
    return f"{len(catalogue)} strings, {open_} untranslated, {guessed} fuzzy"


def main() -> int:
    """Extract once for all languages and write each catalogue whole."""
    from catalogues import ExtractionError, extracted

    try:
        with extracted(LOCALE, list(LANGUAGES)) as fresh:
            for language, catalogue in fresh.items():
                print(f"{language}: {tidy(catalogue, language)}")
                path = LOCALE / language / "LC_MESSAGES" / "django.po"
                path.parent.mkdir(parents=True, exist_ok=True)
                new = path.with_suffix(".po.new")
                catalogue.save(str(new))
                new.replace(path)
    except ExtractionError as error:
        complain(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
