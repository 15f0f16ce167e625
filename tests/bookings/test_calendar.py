"""The calendar file, read by two independent libraries (RFC 5545, RFC 5546)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from bookings.calendar import CANCEL, PUBLISH, REQUEST, calendar_file, plain
from bookings.domain.booking import cancel
from bookings.domain.session import change_session
from bookings.links import token_of
from bookings.messages import snapshot
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
FACTS: dict[str, Any] = {
    "booking": "4ac4b1f0-0000-4000-8000-000000000001",
    "starts_at": "2027-03-28T08:00:00+00:00",
    "ends_at": "2027-03-28T11:30:00+02:00",
    "place": "Nørre Allé 7, 2200 København N; sal 2",
    "sequence": 3,
}


def made(method: str = REQUEST, **changes: Any) -> bytes:
    values = {
        "summary": "Kilder på nettet (7.B)",
        "description": "Reference: ABCD2345\nNørre Skole",
        "organizer": "vaern@example.dk",
        "attendee": "aase@example.dk",
    }
    texts = {name: changes.pop(name, value) for name, value in values.items()}
    return calendar_file(FACTS | changes, method=method, now=NOW, **texts)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize(
    ("method", "status", "attendees"), [(REQUEST, "CONFIRMED", 1), (CANCEL, "CANCELLED", 1), (PUBLISH, "CONFIRMED", 0)]
)
def test_both_readers_find_the_same_event(method: str, status: str, attendees: int) -> None:
    content = made(method)
    calendar = Calendar.from_ical(content)
    (event,) = calendar.events
    other = vobject.readOne(content.decode())
    assert (calendar["METHOD"], other.method.value) == (method, method)
    assert (event["STATUS"], other.vevent.status.value) == (status, status)
    assert (int(event["SEQUENCE"]), int(other.vevent.sequence.value)) == (3, 3)
    uid = "4ac4b1f0-0000-4000-8000-000000000001@testserver"
    assert (event["UID"], other.vevent.uid.value) == (uid, uid)
    begins, ends = (dt.datetime(2027, 3, 28, hour, minute, tzinfo=dt.UTC) for hour, minute in ((8, 0), (9, 30)))
    assert (begins, ends) == (event.DTSTART, event.DTEND)
    assert (other.vevent.dtstart.value, other.vevent.dtend.value) == (begins, ends)
    summary, place = "Kilder på nettet (7.B)", "Nørre Allé 7, 2200 København N; sal 2"
    assert (str(event["SUMMARY"]), other.vevent.summary.value) == (summary, summary)
    assert (str(event["LOCATION"]), other.vevent.location.value) == (place, place)
    assert other.vevent.description.value == "Reference: ABCD2345\nNørre Skole"
    assert len(other.vevent.contents.get("attendee", [])) == attendees
    assert other.vevent.organizer.value == "mailto:vaern@example.dk"


def test_times_are_utc() -> None:
    lines = unfolded(made())
    stamps = {name: value for name, _, value in (line.partition(":") for line in lines) if name.startswith("DT")}
    assert stamps == {"DTSTAMP": "20261123T090000Z", "DTSTART": "20270328T080000Z", "DTEND": "20270328T093000Z"}


def test_lines_are_folded_at_75_octets_and_danish_letters_survive() -> None:
    summary = "Æbler, øl og ål – " * 40
    content = made(summary=summary)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    (event,) = Calendar.from_ical(content).events
    assert str(event["SUMMARY"]) == summary
    assert vobject.readOne(content.decode()).vevent.summary.value == summary


@pytest.mark.parametrize("name", ["summary", "description", "place"])
@pytest.mark.parametrize("break_", ["\r\n", "\r", "\n", "\u0085", "\x0b", "\x00"])
def test_no_text_can_add_a_line(name: str, break_: str) -> None:
    evil = f"Titel{break_}ATTENDEE:mailto:x@example.dk{break_}END:VEVENT{break_}BEGIN:VALARM"
    content = made(**{name: evil})
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded(content)]
    assert names == [line.partition(":")[0].partition(";")[0] for line in unfolded(made())]
    assert len(Calendar.from_ical(content).walk()) == 2


def test_plain_keeps_line_breaks_and_drops_the_rest() -> None:
    assert plain("a\tb\r\nc\x00d\x1be\x7f") == "ab\ncde"


@pytest.mark.usefixtures("site", "clock")
def test_a_bookings_events_keep_their_id_and_count_upwards() -> None:
    session = make_session()
    booking = make_booking(session)

    def sent() -> tuple[str, int]:
        session.refresh_from_db()
        booking.refresh_from_db()
        (event,) = Calendar.from_ical(made(**snapshot(booking, session))).events
        return str(event["UID"]), int(event["SEQUENCE"])

    first = sent()
    change_session(session_id=session.pk, changes={"place": "Rådhuset"}, actor_id=None)
    moved = sent()
    change_session(session_id=session.pk, changes={"capacity": 60}, actor_id=None)
    same = sent()
    cancel(booking_id=booking.pk)
    cancelled = sent()
    uid = f"{booking.uuid}@testserver"
    assert [first, moved, same, cancelled] == [(uid, 0), (uid, 1), (uid, 1), (uid, 2)]


@pytest.mark.usefixtures("site", "clock")
def test_the_facts_hold_no_secret_and_no_person() -> None:
    booking = make_booking(make_session(workshop=make_workshop(prepare="Læs teksten.")))
    facts = str(snapshot(booking, booking.session))
    for secret in (token_of(booking.uuid), booking.token_hash, "Åse", "aase@", "12345678"):
        assert secret not in facts
    assert booking.reference in facts
    assert re.search("Læs teksten", facts)
