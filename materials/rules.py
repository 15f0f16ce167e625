"""Pure decisions: whether the minutes of a step plan add up, and whether a download is counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

LESSON_MINUTES = 45


class Fit(Enum):
    """How the minutes of the steps stand to the time that is stated."""

    NO_STEPS = "no_steps"
    EXACT = "exact"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True)
class Plan:
    """The minutes of a step plan beside the minutes of its lessons."""

    minutes: int
    stated: int

    @property
    def fit(self) -> Fit:
        """Return how the two stand to each other."""
        if not self.minutes:
            return Fit.NO_STEPS
        if self.minutes == self.stated:
            return Fit.EXACT
        return Fit.BELOW if self.minutes < self.stated else Fit.ABOVE

    def may_be_published(self, reason: str) -> bool:
        """Say whether the plan is within its time, or its editor has told why not."""
        return self.fit is not Fit.ABOVE or bool(reason.strip())


def plan(minutes: list[int], lessons: int) -> Plan:
    """Return the sum of the steps beside `lessons` lessons of 45 minutes."""
    return Plan(minutes=sum(minutes), stated=lessons * LESSON_MINUTES)


# What calls itself a program: search engines, link checkers, previews in chats, libraries. No name at all counts too.
_PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|archiver|scrap|fetch|monitor|check|validator|preview|headless|lighthouse|facebookexternalhit"
    r"|whatsapp|telegram|embedly|curl|wget|httpie|python|java/|okhttp|go-http|node|axios|php|perl|ruby|libwww|scan|feed",
    re.IGNORECASE,
)
# A first request for everything, as some browsers write it; any other range is a continuation or a probe.
_FROM_THE_START = re.compile(r"\s*bytes\s*=\s*0-\s*", re.IGNORECASE)


def is_counted(*, method: str, status: int, headers: Mapping[str, str], is_staff: bool) -> bool:
    """Say whether an answer with a file is one download by a reader.

    Programs, HEAD, "not modified", continued downloads, prefetching browsers and our own editors are none. `headers`
    is looked at and nothing of it is kept (docs/decisions/0016-materials.md).
    """
    if method != "GET" or status != 200 or is_staff:
        return False
    agent = headers.get("User-Agent", "").strip()
    if not agent or _PROGRAMS.search(agent):
        return False
    span = headers.get("Range", "")
    if span and not _FROM_THE_START.fullmatch(span):
        return False
    return "prefetch" not in (headers.get("Sec-Purpose", "") + headers.get("Purpose", "")).lower()
