"""What makes a cell harmless in a spreadsheet. Pure."""

from __future__ import annotations

import re
import unicodedata

# What a spreadsheet may take for the beginning of a formula (OWASP: CSV injection), in any width.
_STARTS = frozenset("=+-@")
_BREAKS = ("\t", "\r", "\n")
# No control character is text, and XML allows none of these.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Spaces of every kind, and signs that nobody sees: programs trim them, and a formula must not hide behind them.
_AHEAD = re.compile("[\\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet runs it: an apostrophe stands before what could begin a formula.

    Full-width signs (＝) and signs behind spaces count as well. Control characters are taken out.
    """
    seen = _FORBIDDEN.sub("", text)
    if seen.startswith(_BREAKS):
        return f"'{seen}"
    ahead = _AHEAD.match(seen)
    first = seen[ahead.end() if ahead else 0 :][:1]
    return f"'{seen}" if first and unicodedata.normalize("NFKC", first)[:1] in _STARTS else seen
