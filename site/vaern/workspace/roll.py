"""Who is on a session: the classes or persons of each booking, with what is known of their attendance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import AttendanceRecord, Booking, GroupLine, Session
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
    """Return every booking of a session, those that have ended too, with lines, persons and records. Four queries."""
    records = Prefetch("records", AttendanceRecord.objects.current(), to_attr="current_records")
    lines = Prefetch("lines", GroupLine.objects.prefetch_related(records).order_by("pk"))
    rows = session.bookings.select_related("administration").prefetch_related(lines, "people")
    return list(rows.order_by("created_at", "pk"))


def roll_of(session: Session, bookings: Sequence[Booking], *, begun: bool) -> list[Roll]:
    """Return the bookings that hold seats or ask for them, the confirmed first; those that wait have a list of their
    own. `begun`: attendance can be missing."""
    shown = [booking for booking in bookings if booking.is_active and booking.state != State.WAITLISTED]
    shown.sort(key=lambda booking: (ORDER.index(State(booking.state)), booking.school_name, booking.pk))
    return [
        Roll(booking, _who(booking), _lines(booking, begun=begun), booking.state in SEAT_HOLDING) for booking in shown
    ]


def _who(booking: Booking) -> str:
    parts = [booking.school_name or booking.contact_name, booking.workplace]
    if booking.administration:
        parts.append(str(booking.administration))
    return ", ".join(filter(None, parts))


def _lines(booking: Booking, *, begun: bool) -> list[Line]:
    missing = begun and booking.state == State.CONFIRMED
    classes = [
        Line(line.label, heads(line.pupils, line.adults), *attendance_of(line, missing=missing))
        for line in booking.lines.all()
    ]
    people = [Line(person.name or _("Not named yet"), "", "", False) for person in booking.people.all()]
    return classes or people


def attendance_of(line: GroupLine, *, missing: bool) -> tuple[str, bool]:
    """Return what is known of a class's attendance, and whether it is missing: no record is not 0 (domain.md §4)."""
    record = next(iter(line.current_records), None)  # type: ignore[attr-defined]
    if record is None:
        return (_("Not reported"), True) if missing else ("", False)
    if not record.took_place:
        return _("Did not take place: %(reason)s") % {"reason": record.get_reason_display()}, False
    return heads(record.pupils_present, record.adults_present), False


def heads(pupils: int, adults: int) -> str:
    """Return pupils and adults in words."""
    parts = [
        ngettext("%(count)s pupil", "%(count)s pupils", pupils) % {"count": pupils},
        ngettext("%(count)s adult", "%(count)s adults", adults) % {"count": adults},
    ]
    return ", ".join(parts)
