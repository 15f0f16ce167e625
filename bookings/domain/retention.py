"""Forget who booked when there is no reason left to know (domain.md §9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.models import Booking, CalendarFeed, PersonLine, Session, VisitRequest, VisitWish, WalkIn
from courses.models import WorkshopPage
from vaern.audit.domain import record

KEEP_CONTACTS = dt.timedelta(days=365)
KEEP_PARENTS = dt.timedelta(days=90)
Audience = WorkshopPage.Audience
# Adults sign up as parents do, as private persons.
PRIVATE_PERSONS = (Audience.PARENTS, Audience.ADULTS)

FORGOTTEN = {
    "contact_name": "",
    "contact_email": "",
    "contact_phone": "",
    "responsible_name": "",
    "responsible_email": "",
}
NO_CONTACT = Q(contact_name="", contact_email="", contact_phone="", responsible_name="", responsible_email="")


class Forgotten(NamedTuple):
    """How many rows no longer say who it was."""

    bookings: int = 0
    people: int = 0
    visits: int = 0
    feeds: int = 0


def forget_contacts(*, now: dt.datetime, dry_run: bool = False) -> Forgotten:
    """Forget the persons whose time has passed before `now`; return of how many.

    Contacts of classes and staff 365 days after the session, parents and other private persons 90 days after it with
    all who took part, addresses left at the door likewise, requests for visits 365 days after their last wish, proposal
    or answer, and the calendar feeds of such bookings, and of users whose address no booking knows any more and who
    hold no session. Who took part as staff stays: certificates hang on it.

    School, class, numbers and attendance stay, so counts and goals never change by it. A dry run counts the same by
    doing it and taking it back.
    """
    with transaction.atomic():
        forgotten = Forgotten(
            bookings=_bookings(now).update(**FORGOTTEN),
            people=_people(now).update(name="", email="") + _at_the_door(now).update(email=""),
            visits=_visits(now).update(**FORGOTTEN),
            feeds=_feeds().delete()[0],
        )
        if dry_run:
            transaction.set_rollback(True)
        elif any(forgotten):
            record(action="bookings.contacts_forgotten", subject_type="bookings", subject_key="", **forgotten._asdict())
    return forgotten


def _bookings(now: dt.datetime) -> QuerySet[Booking]:
    private = Q(audience__in=PRIVATE_PERSONS, session__ends_at__lt=now - KEEP_PARENTS)
    return Booking.objects.filter(private | Q(session__ends_at__lt=now - KEEP_CONTACTS)).exclude(NO_CONTACT)


def _people(now: dt.datetime) -> QuerySet[PersonLine]:
    rows = PersonLine.objects.filter(booking__audience__in=PRIVATE_PERSONS, session__ends_at__lt=now - KEEP_PARENTS)
    return rows.exclude(name="", email="")


def _visits(now: dt.datetime) -> QuerySet[VisitRequest]:
    """Return those where all has passed: each wish, what was proposed, the answer, and the visit itself."""
    before = now - KEEP_CONTACTS
    later_wish = VisitWish.objects.filter(request=OuterRef("pk"), ends_at__gte=before)
    rows = VisitRequest.objects.filter(~Exists(later_wish)).exclude(NO_CONTACT)
    for moment in ("answered_at", "proposed_ends_at", "booking__session__ends_at"):
        rows = rows.filter(Q(**{f"{moment}__isnull": True}) | Q(**{f"{moment}__lt": before}))
    return rows


def _feeds() -> QuerySet[CalendarFeed]:
    """Return the feeds that are nobody's any more: of a forgotten booking, and of a user who has nothing to follow."""
    forgotten = Q(booking__in=Booking.objects.filter(NO_CONTACT))
    address = OuterRef("user__email")
    by_booking = Booking.objects.filter(Q(contact_email__iexact=address) | Q(responsible_email__iexact=address))
    taking_part = PersonLine.objects.filter(email__iexact=address)
    held = Session.objects.filter(facilitators=OuterRef("user"))
    nothing = Q(~Exists(by_booking), ~Exists(taking_part), ~Exists(held), user__isnull=False)
    return CalendarFeed.objects.filter(forgotten | nothing)


def _at_the_door(now: dt.datetime) -> QuerySet[WalkIn]:
    """Return the addresses that were left at the door: of private persons 90 days after it, of staff 365."""
    private = Q(session__workshop__audience__in=PRIVATE_PERSONS, session__ends_at__lt=now - KEEP_PARENTS)
    return WalkIn.objects.filter(private | Q(session__ends_at__lt=now - KEEP_CONTACTS)).exclude(email="")


def forget_staff(*, before: dt.datetime, keep: Collection[int], also: Collection[int] = ()) -> int:
    """Forget who took part as staff in sessions that ended before `before`, and the lines of `also`, but not of `keep`.

    Called by the certificates, which know how long one is valid: `also` had one that has expired, `keep` have one that
    holds (domain.md §9).
    """
    over = Q(session__ends_at__lt=before) | Q(pk__in=also)
    rows = PersonLine.objects.filter(over, booking__audience=Audience.STAFF)
    return rows.exclude(pk__in=keep).exclude(name="", email="").update(name="", email="")
