"""Pure decisions about certificates: codes, names, standing and how long they hold."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from enum import Enum

# Without letters that are taken for digits, and without vowels, so that no code spells a word.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 16, 4


class Standing(Enum):
    """What anyone is told of a certificate."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


def new_code() -> str:
    """Return a code that nobody guesses (77 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plain_code(written: str) -> str:
    """Return a code as it is stored from what somebody typed; empty when it cannot be one.

    >>> plain_code(" bcdf-ghjk mnpq–rstv ")
    'BCDFGHJKMNPQRSTV'
    """
    code = "".join(char for char in written.upper() if not char.isspace() and char not in "-–—_.")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def shown_code(code: str) -> str:
    """Return a code in fours, as it is printed.

    >>> shown_code("BCDFGHJKMNPQRSTV")
    'BCDF-GHJK-MNPQ-RSTV'
    """
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def expires_on(day: dt.date, years: int) -> dt.date:
    """Return the last day of a certificate issued on `day`; 29 February is followed by 1 March where there is none.

    >>> expires_on(dt.date(2028, 2, 29), 5)
    datetime.date(2033, 3, 1)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def folded(name: str) -> str:
    """Return a name so that the same name is the same text, however it is spaced and capitalised."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def standing(*, ended: bool, replaced: bool, last_day: dt.date, today: dt.date) -> Standing:
    """Return how a certificate stands on a day in Copenhagen."""
    if ended:
        return Standing.REPLACED if replaced else Standing.REVOKED
    return Standing.EXPIRED if today > last_day else Standing.VALID
