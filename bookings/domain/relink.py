"""Send the link to one's bookings again; the old links die (domain.md §7)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from bookings.links import hash_of, token_of
from bookings.models import Booking
from bookings.rules import ACTIVE
from vaern.audit.domain import record
from vaern.outbox.domain import enqueue

# A booking can be looked up so long after its session: for the evaluation and the certificate.
AFTERWARDS = dt.timedelta(days=60)
MOST = 20


@transaction.atomic
def resend_link(*, email: str, reference: str = "", language: str = "da") -> None:
    """Give each booking of an address (the one with `reference`, if given) a new link, and mail them to that address.

    Whoever asks learns nothing: an address without a booking gets a mail too, the same is written in the same number
    of statements, and nothing is returned. Callers count askers first (`vaern.limits`).
    """
    address, now = email.strip().lower(), timezone.now()
    found = Booking.objects.select_for_update(of=("self",)).filter(contact_email=address)
    found = found.filter(state__in=ACTIVE, session__ends_at__gt=now - AFTERWARDS)
    if reference.strip():
        found = found.filter(reference=reference.strip().upper())
    bookings = list(found.order_by("pk")[:MOST])
    for booking in bookings:
        booking.link_number += 1
        booking.token_hash = hash_of(token_of(booking.uuid, booking.link_number))
    _write(bookings)
    record(action="booking.links_asked_for", subject_type="bookings", subject_key="", count=len(bookings))
    enqueue(
        kind="bookings.links",
        recipient=address,
        language=language,
        context={"bookings": [str(booking.uuid) for booking in bookings]},
    )


def _write(bookings: list[Booking]) -> None:
    """Write the new links in one statement; also when there are none, so that it takes as long."""
    if bookings:
        Booking.objects.bulk_update(bookings, ["link_number", "token_hash"])
    else:
        Booking.objects.filter(pk=0).update(link_number=0)
