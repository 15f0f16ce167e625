"""A booking as an iCalendar file (RFC 5545, RFC 5546, domain.md §7)."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def calendar_file(
    facts: dict[str, Any],
    *,
    method: str,
    summary: str,
    description: str,
    organizer: str,
    attendee: str = "",
    now: dt.datetime,
) -> bytes:
    """Return one event as UTF-8 text.

    `facts` is `bookings.messages.snapshot`. The UID is the booking's for life; SEQUENCE comes from the facts and is
    higher on a cancellation. `attendee` is the one recipient, and is left out of a PUBLISH (RFC 5546 §3.2.1).
    The file holds no secret link: people share their calendars.
    """
    calendar = _calendar()
    calendar.add("method", method)
    calendar.add_component(
        _event(
            facts,
            cancelled=method == CANCEL,
            summary=summary,
            description=description,
            organizer=organizer,
            attendee="" if method == PUBLISH else attendee,
            now=now,
        )
    )
    content: bytes = calendar.to_ical()
    return content


def calendar_feed(events: list[dict[str, Any]], *, name: str, organizer: str, now: dt.datetime) -> bytes:
    """Return a feed of several bookings: each of `events` is a snapshot with its `summary` and `description`.

    Their UIDs are those of the invitations, so a calendar that has both shows each once.
    """
    calendar = _calendar()
    calendar.add("method", PUBLISH)
    calendar.add("x-wr-calname", plain(name))
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for facts in events:
        calendar.add_component(
            _event(
                facts,
                cancelled=False,
                summary=facts["summary"],
                description=facts["description"],
                organizer=organizer,
                attendee="",
                now=now,
            )
        )
    content: bytes = calendar.to_ical()
    return content


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Københavns Kommune//Værn//DA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(
    facts: dict[str, Any],
    *,
    cancelled: bool,
    summary: str,
    description: str,
    organizer: str,
    attendee: str,
    now: dt.datetime,
) -> Event:
    event = Event()
    event.add("uid", f"{facts['booking']}@{_host()}")
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", dt.datetime.fromisoformat(facts["starts_at"]).astimezone(dt.UTC))
    event.add("dtend", dt.datetime.fromisoformat(facts["ends_at"]).astimezone(dt.UTC))
    event.add("sequence", facts["sequence"])
    event.add("summary", plain(summary))
    event.add("description", plain(description))
    event.add("location", plain(facts["place"]))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("organizer", _address(organizer, CN="Værn"))
    if attendee:
        event.add(
            "attendee",
            _address(attendee, RSVP="FALSE", PARTSTAT="ACCEPTED", ROLE="REQ-PARTICIPANT", CUTYPE="INDIVIDUAL"),
            encode=False,
        )
    return event


def plain(text: str) -> str:
    """Return text without control characters, which some calendars refuse; line breaks stay."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cc")


def _address(email: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    for name, value in parameters.items():
        address.params[name] = vText(value)
    return address


def _host() -> str:
    return urlsplit(settings.VAERN_BASE_URL).hostname or "localhost"
