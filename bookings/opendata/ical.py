"""Open dates as an iCalendar feed (RFC 5545). Pure.

Written here and not by the icalendar library, which takes a fifth of a millisecond an event: a feed of some thousand
dates is polled by many calendars (research/performance.md §4). The tests read every line back with that library.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bookings.opendata.dates import OpenDate

LONGEST_LINE = 75
REFRESH = "PT1H"
MOMENT = "%Y%m%dT%H%M%SZ"


def feed(dates: Iterable[OpenDate], *, name: str, host: str, language: str, stamp: dt.datetime) -> bytes:
    """Return the dates as one calendar without METHOD: it is published, nobody is invited.

    A date's UID is its own for life; one that is full, closed or cancelled is no longer in the feed, and so calendars
    that follow it drop it.
    """
    return b"".join(_folded(line) for line in _lines(dates, name, host, language, stamp))


def _lines(dates: Iterable[OpenDate], name: str, host: str, language: str, stamp: dt.datetime) -> Iterator[str]:
    written = _moment(stamp)
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Københavns Kommune//Værn//{language.upper()}")
    yield from ("CALSCALE:GREGORIAN", f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}", f"X-PUBLISHED-TTL:{REFRESH}")
    for date in dates:
        yield from (
            "BEGIN:VEVENT",
            f"UID:{date.uuid}@{host}",
            f"DTSTAMP:{written}",
            f"DTSTART:{_moment(date.starts_at)}",
            f"DTEND:{_moment(date.ends_at)}",
            f"SEQUENCE:{date.sequence}",
            f"SUMMARY:{escaped(date.title)}",
            "DESCRIPTION:" + escaped("\n".join(filter(None, (date.summary, date.url)))),
            f"LOCATION:{escaped(date.place)}",
            f"URL:{date.url}",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        )
    yield "END:VCALENDAR"


# All of Unicode's control characters but the line break.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):{MOMENT}}"


@lru_cache(maxsize=8192)
def escaped(text: str) -> str:
    """Return text as a TEXT value (§3.3.11), without control characters, which some calendars refuse."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _CONTROLS.sub("", plain)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Return the line folded at 75 octets, never within a letter (§3.1)."""
    whole = line.encode()
    if len(whole) <= LONGEST_LINE:
        return whole + b"\r\n"
    parts, start, room = [], 0, LONGEST_LINE
    while start < len(whole):
        end = min(start + room, len(whole))
        while end < len(whole) and whole[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(whole[start:end])
        start, room = end, LONGEST_LINE - 1
    return b"\r\n ".join(parts) + b"\r\n"


def unstamped(content: bytes) -> bytes:
    """Return a feed without the moment it was made at: what tells whether it says anything new."""
    return re.sub(rb"\r\nDTSTAMP:[^\r]*", b"", content)
