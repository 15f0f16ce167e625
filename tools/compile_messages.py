#!/usr/bin/env python3
"""Compile every .po below a folder to .mo with polib, because a user's machine need not have GNU gettext.

usage: compile_messages.py LOCALE_DIR
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib


def compile_all(locale: Path) -> int:
    """Write the .mo beside each .po, whole or not at all; return how many."""
    catalogues = sorted(locale.glob("**/LC_MESSAGES/*.po"))
    for path in catalogues:
        target = path.with_suffix(".mo")
        fresh = target.with_suffix(".mo.new")
        polib.pofile(str(path)).save_as_mofile(str(fresh))
        fresh.replace(target)
    return len(catalogues)


if __name__ == "__main__":
    print(f"{compile_all(Path(sys.argv[1]))} catalogues compiled")
