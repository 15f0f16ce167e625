"""Forget who booked when there is no reason left to know (domain.md §9)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from bookings.models import Booking
from vaern.audit.domain import record

KEEP_CONTACTS = dt.timedelta(days=365)

FORGOTTEN = {
    "contact_name": "",
    "contact_email": "",
    "contact_phone": "",
    "responsible_name": "",
    "responsible_email": "",
}


@transaction.atomic
def forget_contacts(*, now: dt.datetime, dry_run: bool = False) -> int:
    """Empty the contact fields of bookings whose session ended more than 365 days before `now`; return how many.

    School, class, numbers and attendance stay, so counts and goals never change by it. A dry run only counts.
    """
    due = _due(now)
    if dry_run:
        return due.count()
    forgotten = due.update(**FORGOTTEN)
    if forgotten:
        record(action="bookings.contacts_forgotten", subject_type="bookings", subject_key="", count=forgotten)
    return forgotten


def _due(now: dt.datetime) -> QuerySet[Booking]:
    return Booking.objects.filter(session__ends_at__lt=now - KEEP_CONTACTS).exclude(
        contact_name="", contact_email="", responsible_email=""
    )
