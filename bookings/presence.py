"""Who was there, as it is reported now: for what comes after a session (domain.md §4). Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from bookings.models import AttendanceRecord, Booking, PersonLine
from courses.models import WorkshopPage


class Presence(Enum):
    """The three states of domain.md §4."""

    UNREPORTED = "unreported"
    PRESENT = "present"
    ABSENT = "absent"


def presence_of(booking: Booking) -> Presence:
    """Return whether anybody of the booking came. Two queries at most."""
    if booking.audience == WorkshopPage.Audience.CLASS:
        lines = [line.pk for line in booking.lines.all()]
        records = AttendanceRecord.objects.current().filter(line__in=lines)
    else:
        lines = [line.pk for line in booking.people.all()]
        records = AttendanceRecord.objects.current().filter(person__in=lines)
    return together(records, len(lines))


def together(records: Iterable[AttendanceRecord], expected: int) -> Presence:
    """Return what the current records of a booking say, which has so many classes or persons.

    One that came is enough; nobody came only when all of them are reported.
    """
    said = [_said(record) for record in records]
    if Presence.PRESENT in said:
        return Presence.PRESENT
    return Presence.ABSENT if said and len(said) >= expected else Presence.UNREPORTED


def presence_of_people(people: Iterable[PersonLine]) -> dict[int, Presence]:
    """Return {person line's id: whether that person came}. One query."""
    found = {person.pk: Presence.UNREPORTED for person in people}
    for record in AttendanceRecord.objects.current().filter(person__in=list(found)):
        found[record.person_id or 0] = _said(record)
    return found


def _said(record: AttendanceRecord) -> Presence:
    return Presence.PRESENT if record.came else Presence.ABSENT
