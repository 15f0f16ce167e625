"""What the staff screens call times, seats and refusals."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.models import Booking, Session
from bookings.providers import NoCharter
from bookings.rules import Refusal
from bookings.texts import sentence
from vaern.design.formats import format_clock, format_date, format_time_range
from vaern.schooldays.queries import closed_on


def when(session: Session) -> str:
    """Return a session's day and time in Copenhagen."""
    return f"{format_date(session.starts_at, 'plain')}, {format_time_range(session.starts_at, session.ends_at)}"


def when_short(session: Session) -> str:
    """Return a session's day and time in Copenhagen as a list has room for."""
    return f"{format_date(session.starts_at, 'short')}, {format_time_range(session.starts_at, session.ends_at)}"


def called(session: Session) -> str:
    """Return a session's workshop and time."""
    return f"{session.workshop.title}, {when(session)}"


def place_of(session: Session) -> str:
    """Return where a session is held."""
    return session.place_for() or _("At the school that books")


def moment(when: dt.datetime) -> str:
    """Return a day and a time of the clock in words."""
    return f"{format_date(when)} {format_clock(when)}"


def seats_of(session: Session) -> str:
    """Return how many seats are taken, of how many."""
    if session.capacity is None:
        return _("%(taken)s, no limit") % {"taken": session.seats_taken}
    return _("%(taken)s of %(capacity)s") % {"taken": session.seats_taken, "capacity": session.capacity}


def facilitators_of(session: Session) -> str:
    """Return the names of those who hold a session; uses what is prefetched."""
    return ", ".join(str(person) for person in session.facilitators.all())


def classes_of(booking: Booking) -> str:
    """Return a booking's class labels; uses what is prefetched."""
    return ", ".join(line.label for line in booking.lines.all())


def holiday_on(session: Session) -> str | None:
    """Return the name of the public holiday, half-holiday or school holiday that a session falls on."""
    return closed_on(timezone.localtime(session.starts_at, timezone.get_default_timezone()).date()) or None


def refused(why: Refusal, *, label: str = "") -> str:
    """Return what to tell staff whose change the rules refuse: what bookers are told, but for two."""
    return {
        Refusal.SESSION_CANCELLED: _("This session is cancelled and cannot be changed any more."),
        Refusal.ENDED: _("This has taken place or has ended, and cannot be cancelled."),
    }.get(why) or sentence(why, label=label)


def busy() -> str:
    """Return what to tell staff when the database was too busy to lock."""
    return _("Somebody else is changing this session right now. Nothing was saved; try again in a moment.")


def no_charter(error: NoCharter) -> str:
    """Return why a session cannot be public, and the ways out."""
    text = _(
        "%(provider)s has no valid charter on %(day)s, so the date cannot be public. Choose “Only by link”, choose a "
        "day on which the charter is valid, or have the charter signed first."
    )
    return text % {"provider": error.provider, "day": format_date(error.day, "plain")}
