"""The timed jobs of bookings."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from bookings.domain.asking import ask_for_attendance
from bookings.domain.digest import tell_coordinators
from bookings.domain.offers import expire_offers, move_lines
from bookings.domain.reminders import remind, tell_day_before, thank
from bookings.domain.retention import forget_contacts
from vaern.outbox.registry import timed_job


@timed_job("forget_contacts", every=dt.timedelta(days=1))
def forget_contacts_daily() -> int:
    """Forget the persons whose time has passed (domain.md §9)."""
    return sum(forget_contacts(now=timezone.now()))


@timed_job("move_waiting_lists", every=dt.timedelta(minutes=1))
def move_waiting_lists() -> int:
    """End offers that have run out and let the next in line have the seats (domain.md §3: the minute job)."""
    now = timezone.now()
    return expire_offers(now=now) + move_lines(now=now)


@timed_job("remind", every=dt.timedelta(minutes=10))
def remind_bookers() -> int:
    """Reminders, notes of the day before, and thanks (domain.md §7)."""
    now = timezone.now()
    return remind(now=now) + tell_day_before(now=now) + thank(now=now)


@timed_job("ask_for_attendance", every=dt.timedelta(minutes=10))
def ask_facilitators() -> int:
    """Ask for attendance an hour, two days and five days after a session (domain.md §4)."""
    return ask_for_attendance(now=timezone.now())


@timed_job("digest", every=dt.timedelta(minutes=10))
def tell_the_day() -> int:
    """The coordinators' overview, each working morning."""
    return tell_coordinators(now=timezone.now())
