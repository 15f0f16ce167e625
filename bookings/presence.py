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
    return _together([_said(record) for record in records], len(lines))


def presence_of_people(people: Iterable[PersonLine]) -> dict[int, Presence]:
    """Return {person line's id: whether that person came}. One query."""
    found = {person.pk: Presence.UNREPORTED for person in people}
    for record in AttendanceRecord.objects.current().filter(person__in=list(found)):
        found[record.person_id or 0] = _said(record)
    return found


def _said(record: AttendanceRecord) -> Presence:
    came = record.took_place and ((record.pupils_present or 0) + (record.persons_present or 0)) > 0
    return Presence.PRESENT if came else Presence.ABSENT


def _together(said: list[Presence], expected: int) -> Presence:
    """One that came is enough; nobody came only when all of them are reported."""
    if Presence.PRESENT in said:
        return Presence.PRESENT
    return Presence.ABSENT if said and len(said) >= expected else Presence.UNREPORTED
