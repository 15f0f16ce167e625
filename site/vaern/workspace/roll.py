"""Who is on a session, in words: the classes or persons of each booking, and who came without one.

What has been reported of them is read by `bookings.roll.roll_of`, for this page as for the roll itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import AttendanceRecord, Booking, GroupLine, Session, WalkIn
from bookings.roll import Roll as SessionRoll
from bookings.roll import Subject
from bookings.rules import SEAT_HOLDING, State

ORDER = [State.CONFIRMED, State.OFFERED, State.REQUESTED, State.WAITLISTED]


@dataclass(frozen=True)
class Line:
    """One class or person of a booking."""

    label: str
    numbers: str
    attendance: str
    missing: bool = False


@dataclass(frozen=True)
class Roll:
    """A booking with its lines."""

    booking: Booking
    who: str
    lines: list[Line]
    holds: bool


def bookings_of(session: Session) -> list[Booking]:
    """Return every booking of a session, those that have ended too, with lines and persons. Three queries."""
    lines = Prefetch("lines", GroupLine.objects.order_by("pk"))
    rows = session.bookings.select_related("administration").prefetch_related(lines, "people")
    return list(rows.order_by("created_at", "pk"))


def lines_of(bookings: Sequence[Booking], roll: SessionRoll, *, begun: bool) -> list[Roll]:
    """Return the bookings that hold seats or ask for them, the confirmed first; those that wait have a list of their
    own. `roll` is what has been reported of the session; `begun`: attendance can be missing."""
    shown = [booking for booking in bookings if booking.is_active and booking.state != State.WAITLISTED]
    shown.sort(key=lambda booking: (ORDER.index(State(booking.state)), booking.school_name, booking.pk))
    return [
        Roll(booking, _who(booking), _lines(booking, roll, begun=begun), booking.state in SEAT_HOLDING)
        for booking in shown
    ]


def walk_ins_of(roll: SessionRoll) -> list[Line]:
    """Return those who came without a booking, with how many they were."""
    return [Line(_called(walk_in), "", _reported(roll.last(("walk_in", walk_in.pk)))) for walk_in in roll.walk_ins]


def _called(walk_in: WalkIn) -> str:
    if walk_in.is_class:
        return f"{walk_in.label}, {walk_in.school_name}"
    return ", ".join(filter(None, [walk_in.email or _("Persons"), str(walk_in.administration or "")]))


def _who(booking: Booking) -> str:
    parts = [booking.school_name or booking.contact_name, booking.workplace]
    if booking.administration:
        parts.append(str(booking.administration))
    return ", ".join(filter(None, parts))


def _lines(booking: Booking, roll: SessionRoll, *, begun: bool) -> list[Line]:
    can_miss = begun and booking.state == State.CONFIRMED
    subjects: list[tuple[Subject, str, str]] = [
        (("line", line.pk), line.label, heads(line.pupils, line.adults)) for line in booking.lines.all()
    ] or [(("person", person.pk), person.name or _("Not named yet"), "") for person in booking.people.all()]
    return [_line(roll.last(subject), label, numbers, can_miss=can_miss) for subject, label, numbers in subjects]


def _line(record: AttendanceRecord | None, label: str, numbers: str, *, can_miss: bool) -> Line:
    """No record is not 0 (domain.md §4): where there could be one, it says that it is missing."""
    if record is None and can_miss:
        return Line(label, numbers, _("Not reported"), missing=True)
    return Line(label, numbers, _reported(record))


def _reported(record: AttendanceRecord | None) -> str:
    """Return what was reported, in words."""
    if record is None:
        return ""
    if not record.took_place:
        return _("Did not take place: %(reason)s") % {"reason": record.get_reason_display()}
    if record.persons_present is None:
        return heads(record.pupils_present or 0, record.adults_present or 0)
    if record.person_id:
        return _("Present") if record.persons_present else _("Absent")
    count = record.persons_present
    return ngettext("%(count)s person", "%(count)s persons", count) % {"count": count}


def heads(pupils: int, adults: int) -> str:
    """Return pupils and adults in words."""
    parts = [
        ngettext("%(count)s pupil", "%(count)s pupils", pupils) % {"count": pupils},
        ngettext("%(count)s adult", "%(count)s adults", adults) % {"count": adults},
    ]
    return ", ".join(parts)
