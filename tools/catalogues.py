"""Extracting the translatable strings without touching the checkout: gettext works on a copy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polib

# Not product text (tests, tools) or not ours (the rest).
LEFT_OUT = (
    ".git",
    ".venv",
    "node_modules",
    "build",
    "var",
    "dist",
    "tests",
    "tools",
    "*.pyc",
    "__pycache__",
    "*.mo",
)
PLACEHOLDER = re.compile(r"%\([A-Za-z_]\w*\)[a-z]|%[sd%]|\{[A-Za-z_0-9.]*\}")

Key = tuple[str | None, str, str]


class ExtractionError(Exception):
    """makemessages failed or is not installed; the text says which."""


def key(entry: polib.POEntry) -> Key:
    """What makes two entries the same."""
    return (entry.msgctxt, entry.msgid, entry.msgid_plural or "")


def texts(entry: polib.POEntry) -> list[str]:
    """The translations of an entry: one, or one per plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@contextmanager
def extracted(locale: Path, languages: Sequence[str]) -> Iterator[dict[str, polib.POFile]]:
    """Fresh catalogues merged with the present translations, by language.

    django-admin runs without our settings: then it knows one locale folder only, and the second one, with our
    overrides of Wagtail's own strings, cannot be mistaken for a target.
    """
    if shutil.which("xgettext") is None or shutil.which("msgmerge") is None:
        raise ExtractionError("GNU gettext is not installed: apt install gettext")
    root = locale.resolve().parent
    with tempfile.TemporaryDirectory(prefix="vaern-po.") as folder:
        copy = Path(folder) / "src"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        (copy / locale.name).mkdir(exist_ok=True)
        env = {
            name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH")
        }
        argv = [sys.executable, "-m", "django", "makemessages", "--no-location", "--no-wrap"]
        argv += [word for language in languages for word in ("--locale", language)]
        done = subprocess.run(argv, cwd=copy, env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ExtractionError(f"makemessages failed: {(done.stderr or done.stdout).strip()[-600:]}")
        made = {language: copy / locale.name / language / "LC_MESSAGES" / "django.po" for language in languages}
        missing = [language for language, path in made.items() if not path.exists()]
        if missing:
            raise ExtractionError(
                f"makemessages wrote nothing for {', '.join(missing)}: is there any string to translate?"
            )
        yield {language: polib.pofile(str(path), wrapwidth=0) for language, path in made.items()}
