"""Who was there, as it is reported now: for what comes after a session (domain.md §4). Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from enum import Enum

from bookings.models import AttendanceRecord, Booking, GroupLine, PersonLine
from courses.models import WorkshopPage


class Presence(Enum):
    """The three states of domain.md §4."""

    UNREPORTED = "unreported"
    PRESENT = "present"
    ABSENT = "absent"


def presence_of(booking: Booking) -> Presence:
    """Return whether anybody of the booking came. Two queries at most."""
    key = booking.pk
    if booking.audience == WorkshopPage.Audience.CLASS:
        return _presence([key], lines={line.pk: key for line in booking.lines.all()}, people={})[key]
    return _presence([key], lines={}, people={person.pk: key for person in booking.people.all()})[key]


def presence_of_bookings(bookings: Collection[Booking]) -> dict[int, Presence]:
    """Return {booking's id: whether anybody of it came}. Two queries for classes and two for persons, where asked."""
    by_class = [booking.pk for booking in bookings if booking.audience == WorkshopPage.Audience.CLASS]
    by_person = [booking.pk for booking in bookings if booking.audience != WorkshopPage.Audience.CLASS]
    return _presence(
        [*by_class, *by_person],
        lines=dict(GroupLine.objects.filter(booking__in=by_class).values_list("pk", "booking")),
        people=dict(PersonLine.objects.filter(booking__in=by_person).values_list("pk", "booking")),
    )


def _presence(bookings: Iterable[int], *, lines: dict[int, int], people: dict[int, int]) -> dict[int, Presence]:
    """Return each booking's presence from its classes and persons, {line's id: booking's id}."""
    said: dict[int, list[AttendanceRecord]] = {key: [] for key in bookings}
    for record in AttendanceRecord.objects.current().filter(line__in=list(lines)):
        said[lines[record.line_id or 0]].append(record)
    for record in AttendanceRecord.objects.current().filter(person__in=list(people)):
        said[people[record.person_id or 0]].append(record)
    expected = Counter([*lines.values(), *people.values()])
    return {key: together(found, expected[key]) for key, found in said.items()}


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
