"""What the charter goes by: numbers, canonical texts, the twelve months, reminders, CVR numbers. No database."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Collection
from enum import Enum

WINDOW = dt.timedelta(days=60)
# Days from the end of a term to a reminder, in their order. One day after the end it is told a last time.
STEPS = (-60, -30, -14, -7, 1)
# A reminder that is later than this would only puzzle.
LAST_STEP_WITHIN = dt.timedelta(days=14)
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)

Number = tuple[int, int]
Period = tuple[dt.date, dt.date]


class Cover(Enum):
    """How a partner stands on a day."""

    COVERED = "covered"
    LAPSING = "lapsing"
    LAPSED = "lapsed"
    NONE = "none"


def next_number(last: Number | None, *, material: bool) -> Number:
    """Return the number of the next text: a material change is a new major version, an editorial one a minor.

    >>> next_number(None, material=False), next_number((1, 2), material=True), next_number((1, 2), material=False)
    ((1, 0), (2, 0), (1, 3))
    """
    if last is None:
        return (1, 0)
    major, minor = last
    return (major + 1, 0) if material else (major, minor + 1)


def plain(text: str) -> str:
    """Return text in one form: NFC, line feeds, no space at the ends of lines, no empty lines around."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def canonical(title: str, body: str) -> bytes:
    """Return the bytes whose SHA-256 names a text: title, an empty line, body, in UTF-8."""
    return f"{plain(title)}\n\n{plain(body)}\n".encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def year_later(day: dt.date) -> dt.date:
    """Return the same date of the next year, the first day after twelve months; after 29 February comes 1 March.

    >>> year_later(dt.date(2027, 3, 1)).isoformat(), year_later(dt.date(2028, 2, 29)).isoformat()
    ('2028-03-01', '2029-03-01')
    """
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return dt.date(day.year + 1, 3, 1)


def may_renew(covered_until: dt.date | None, today: dt.date) -> bool:
    """Say whether a signature today would count: nobody is covered, or the last 60 days of the term have begun."""
    return covered_until is None or today >= covered_until - WINDOW


def term_for(signed_on: dt.date, covered_until: dt.date | None) -> Period:
    """Return [from, until) of the term that a signature gives.

    `covered_until` is the first day that is not covered by the term there is, past or to come, or None. A renewal goes
    on where that ends, so no day is lost and none is counted twice; after a lapse it begins on the day of signing.
    """
    begins = covered_until if covered_until is not None and covered_until > signed_on else signed_on
    return begins, year_later(begins)


def cover(covered_until: dt.date | None, today: dt.date) -> Cover:
    """Say how a partner stands whose last term ends on `covered_until` (exclusive)."""
    if covered_until is None:
        return Cover.NONE
    if covered_until <= today:
        return Cover.LAPSED
    return Cover.LAPSING if today >= covered_until - WINDOW else Cover.COVERED


def step_due(until: dt.date, today: dt.date, told: Collection[int]) -> tuple[int | None, list[int]]:
    """Return the reminder to send today, and the steps that are over with it.

    After an outage only the last of those that were missed is sent: nobody gets two on one day.
    """
    due = [step for step in STEPS if today >= until + dt.timedelta(days=step)]
    missed = [step for step in due if step not in told]
    if not due or due[-1] not in missed or today > until + LAST_STEP_WITHIN:
        return None, missed
    return due[-1], missed


def cvr_is_valid(number: str) -> bool:
    """Say whether eight digits are a CVR number: the weighted sum is a multiple of 11.

    >>> cvr_is_valid("64942212"), cvr_is_valid("64942213")
    (True, False)
    """
    if len(number) != 8 or not (number.isascii() and number.isdigit()) or number[0] == "0":
        return False
    return sum(int(digit) * weight for digit, weight in zip(number, CVR_WEIGHTS, strict=True)) % 11 == 0


def masked(address: str) -> str:
    """Return an e-mail address that its owner knows and nobody else learns.

    >>> masked("kim.eksempel@example.dk")
    'k•••@example.dk'
    """
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"
