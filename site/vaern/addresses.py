"""The English words of our own addresses: the apps write them in Danish, and this table says the English ones.

One table and not a translated string in each `urls.py`: a word means one thing in every address, an old English address
with Danish words can be led on (`middleware.OldAddressMiddleware`), and a new app's words are added in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import URLPattern, URLResolver
from django.utils.functional import lazy
from django.utils.translation import get_language

ENGLISH = {
    "abonner": "subscribe",
    "aendr": "change",
    "afbestil": "cancel",
    "afholdelse": "session",
    "anmod": "request",
    "bekraeft": "confirm",
    "beskeder": "messages",
    "bestil": "book",
    "bestil-raekke": "book-series",
    "bevis": "certificate",
    "evaluering": "evaluation",
    "evalueringer": "evaluations",
    "fil": "file",
    "en-anden": "somebody-else",
    "find-min-booking": "find-my-booking",
    "flyt": "move",
    "forespoergsel": "request",
    "fremmoede": "attendance",
    "hent": "download",
    "igen": "again",
    "kalender.ics": "calendar.ics",
    "kode": "code",
    "kontrol": "check",
    "koordinator": "coordinator",
    "kvittering": "receipt",
    "log-af": "sign-out",
    "log-ind": "sign-in",
    "liste": "list",
    "lukket": "closed",
    "maal": "goals",
    "medarbejder": "staff",
    "min-booking": "my-booking",
    "min-kalender": "my-calendar",
    "min-side": "my-page",
    "mine-bookinger": "my-bookings",
    "mit-besoeg": "my-visit",
    "oensk-besoeg": "ask-for-a-visit",
    "opret": "sign-up",
    "plads": "seat",
    "plakat": "poster",
    "plakat.pdf": "poster.pdf",
    "ret": "change",
    "skabelon": "template",
    "sig-nej": "say-no",
    "soeg": "search",
    "svar": "answer",
    "tjek-ind": "check-in",
    "tilbagemelding": "feedback",
    "uden-booking": "without-a-booking",
    "underskriv": "sign",
    "venteliste": "waiting-list",
    "vikar": "substitute",
}
"""Danish segment of a path → the English one. What is not here is the same in both languages."""


def in_english(path: str) -> str:
    """Return a path or route with its Danish words in English."""
    return "/".join(ENGLISH.get(segment, segment) for segment in path.split("/"))


def _in_reader_language(route: str) -> str:
    return in_english(route) if get_language() == "en" else route


_localized = lazy(_in_reader_language, str)


def localize(patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Let the routes of these patterns, and of those they include, speak the reader's language; return them."""
    for found in patterns:
        pattern: Any = found.pattern
        route: Any = getattr(pattern, "_route", "")
        if isinstance(route, str) and in_english(route) != route:
            pattern._route = _localized(route)
            pattern.__dict__.pop("regex", None)
        if isinstance(found, URLResolver):
            localize(found.url_patterns)
    return list(patterns)
