"""One word means one thing, in everything a Danish reader meets: the catalogue, the starter content, the demo."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "locale/da/LC_MESSAGES/django.po"
CONTENT = sorted([*ROOT.glob("site/vaern/setup/content/*.toml"), *ROOT.glob("site/vaern/demo/content/*.toml")])

# What is not said, and what is said instead.
OUTLAWED = {
    r"afmeld|annull[eé]r|afbud": "the booker afbestiller, we aflyser",
    r"bookingnummer|reservationsnummer": "referencenummer",
    r"\bbook(?:e|es|ede|et|te|t|er)?\b": "bestille; the noun is booking, bookinger",
    r"\bsession(?:en|er|erne|s)?\b": "afholdelse, to the public dato",
    r"\bkø(?:en)?\b": "venteliste",
    r"facilitator|oplægsholder": "underviser",
    r"handleguide|action ?card": "handlekort",
    r"(?<!e-)(?<!\w)mails?(?:en|ene|adresse\w*)?\b": "e-mail",
    r"\bdownload|\bprint": "hent, udskriv",
    r"\bdeadlines?\b": "frist",
    r"f\.eks\.|\bfor eksempel\b": "fx",
    r"\bklik(?:ke|ker)? her\b": "say where the link leads",
    r"\blogg?(?:e|et)? ud\b": "log af",
    r"\bslots?\b|\btimeslot": "tidspunkt",
    r"\bobligatorisk": "required fields are not marked; others are (valgfrit)",
}
# Where such a word is right, and why.
ALLOWED = {
    "mailserver": "the name of the machine",
    "sessions (vælg en dato)": "the value in the data, which programs read",
    "__Host-vaern-session": "the name of the cookie",
    "Session": "the heading of that cookie, as browsers call it",
}
# Keys of the content that no reader sees: values for the program.
FOR_THE_PROGRAM = {"way_of_booking", "role", "key", "slug"}


def danish(value: Any, *, key: str = "") -> Iterator[str]:
    """Every Danish text of a content file: what is not under "en" nor in a field that ends in "_en"."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name != "en" and not name.endswith("_en"):
                yield from danish(part, key=name)
    elif isinstance(value, list):
        for part in value:
            yield from danish(part, key=key)
    elif isinstance(value, str) and key not in FOR_THE_PROGRAM:
        yield value


def texts() -> Iterator[tuple[str, str]]:
    for entry in polib.pofile(str(CATALOGUE)):
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            yield f"locale/da:{entry.linenum}", re.sub(r"%\(\w+\)[sd]|\{\w+\}", "…", text)
    for path in CONTENT:
        for text in danish(tomllib.loads(path.read_text())):
            yield path.name, text


def wrong(text: str) -> list[str]:
    """What a text says that is said in another word."""
    plain = "" if text in ALLOWED else text
    for allowed in ALLOWED:
        plain = plain.replace(allowed, "") if len(allowed.split()) > 1 or not allowed.istitle() else plain
    return [found.group() for pattern in OUTLAWED if (found := re.search(pattern, plain, re.IGNORECASE))]


def test_one_word_for_one_thing() -> None:
    found = [f"{where}: {words}: {text[:100]}" for where, text in texts() if (words := wrong(text))]
    assert found == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Du kan afmelde på siden", ["afmeld"]),
        ("Annulleret", ["Annuller"]),
        ("Skriv en mailadresse, eller book en session", ["book", "session", "mailadresse"]),
        ("Skriv en e-mailadresse, og se dine bookinger", []),
        ("Sessionen er fyldt", ["Sessionen"]),
        ("Kom retur fra modtagerens mailserver", []),
        ("Din booking er afbestilt", []),
    ],
)
def test_the_rule_finds_what_it_should(text: str, words: list[str]) -> None:
    assert wrong(text) == words


def test_there_is_something_to_look_at() -> None:
    assert len([where for where, _text in texts() if where.startswith("locale")]) > 2000
    assert {where for where, _text in texts()} >= {"pages.toml", "plan.toml", "workshops.toml", "materials.toml"}
