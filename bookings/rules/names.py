"""When two names are the same name."""

from __future__ import annotations

import re
import unicodedata


def label_key(label: str) -> str:
    """Return a class label for comparison: "7. b", "7B" and "7.B" are one class (domain.md §3)."""
    return re.sub(r"[\s.\-]+", "", fold(label)).removeprefix("klasse")


def fold(text: str) -> str:
    """Return text for comparison: composed, case-folded, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
