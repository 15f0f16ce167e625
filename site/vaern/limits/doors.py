"""Doors and their limits. An app names its own door; a site changes the numbers with VAERN_LIMITS."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.conf import settings

HOUR = dt.timedelta(hours=1)
PATTERN = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class Limit:
    """So many times in so long."""

    amount: int
    period: dt.timedelta = HOUR


@dataclass(frozen=True)
class Door:
    """What is counted together. `network` holds for everybody behind one address of the internet, `address` for one
    e-mail address. `open_when_broken`: whether people come in while nobody can count.
    """

    name: str
    network: Limit | None = None
    address: Limit | None = None
    open_when_broken: bool = False

    def limit(self, scope: str) -> Limit | None:
        """Return the limit of `scope` ("network" or "address") as this site has set it."""
        default: Limit | None = getattr(self, scope)
        written = settings.VAERN_LIMITS.get(f"{self.name}.{scope}")
        return parsed(written) if default is not None and written else default


def parsed(written: str) -> Limit:
    """Return "60/3600" as 60 times in 3600 seconds. Raises ValueError for anything else: a limit is never "off"."""
    match = PATTERN.fullmatch(written)
    if not match:
        raise ValueError(f"{written!r} is no limit: write how many times in how many seconds, e.g. 60/3600")
    return Limit(int(match[1]), dt.timedelta(seconds=int(match[2])))
