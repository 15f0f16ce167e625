"""Take a certificate back, put another in its place, and forget whose it was."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from bookings.domain.retention import forget_staff
from bookings.models import Booking
from bookings.presence import Presence
from vaern.audit.domain import record
from vaern.certificates.domain.issuing import write
from vaern.certificates.models import Certificate, private_storage
from vaern.certificates.queries import Holder, current_settings
from vaern.design.formats import local


class NothingToDo(Exception):
    """It has been revoked or replaced already."""


def revoke(*, certificate_id: int, reason: str, note: str, actor_id: int | None) -> Certificate:
    """Take a certificate back: from now on its code says so. Raises NothingToDo, ValueError for an unknown reason."""
    with transaction.atomic():
        found = _locked(certificate_id)
        if found.ended_at is not None:
            raise NothingToDo
        _end(found, reason, note, actor_id)
        _record("revoked", found, actor_id, reason=reason)
    return found


def replace(*, certificate_id: int, name: str, reason: str, note: str, actor_id: int | None) -> Certificate:
    """Put another certificate in a certificate's place, with the session's facts as they are now; return the new one.

    One that was only revoked can be replaced later. Raises NothingToDo when it has been replaced, ValueError for an
    unknown reason or an empty name.
    """
    if not name.strip():
        raise ValueError(name)
    with transaction.atomic():
        found = _locked(certificate_id)
        if Certificate.objects.filter(replaces=found).exists():
            raise NothingToDo
        if found.ended_at is None:
            _end(found, reason, note, actor_id)
        made = write(
            found.booking, Holder(found.holder, name, Presence.PRESENT, found.person), name=name, replaces=found
        )
        _record("replaced", found, actor_id, reason=reason, by=made.code)
    return made


def _locked(certificate_id: int) -> Certificate:
    """Lock the booking, as `issue` does, and return the certificate."""
    booking = Certificate.objects.values_list("booking", flat=True).get(pk=certificate_id)
    Booking.objects.select_for_update(no_key=True).get(pk=booking)
    return Certificate.objects.select_related("booking__session__workshop", "person").get(pk=certificate_id)


def _end(certificate: Certificate, reason: str, note: str, actor_id: int | None) -> None:
    if reason not in Certificate.Reason.values:
        raise ValueError(reason)
    facts = {"ended_at": timezone.now(), "reason": reason, "note": note.strip(), "ended_by_id": actor_id}
    Certificate.objects.filter(pk=certificate.pk).update(**facts)
    for name, value in facts.items():
        setattr(certificate, name, value)


def _record(action: str, certificate: Certificate, actor_id: int | None, **facts: str) -> None:
    record(
        action=f"certificate.{action}",
        subject_type="certificate",
        subject_key=certificate.code,
        actor_id=actor_id,
        **facts,
    )


def forget_holders(*, now: dt.datetime) -> int:
    """Forget whose certificates those are that have expired, and staff who took part so long ago; return how many.

    The row stays with its code, the workshop and the day, so that the code still answers. The PDF goes first: a file
    without its row would be kept for good (domain.md §9).
    """
    expired = list(Certificate.objects.filter(last_day__lt=local(now).date()).exclude(name=""))
    for one in expired:
        if one.file:
            private_storage().delete(one.file)
    before = now - dt.timedelta(days=366 * current_settings().validity_years)
    with transaction.atomic():
        gone = Certificate.objects.filter(pk__in=[one.pk for one in expired]).update(
            name="", detail="", file="", note=""
        )
        named = Certificate.objects.exclude(name="").exclude(person=None)
        people = forget_staff(
            before=before,
            keep=set(named.values_list("person", flat=True)),
            also={one.person_id for one in expired if one.person_id},
        )
        if gone or people:
            record(
                action="certificate.holders_forgotten",
                subject_type="certificates",
                subject_key="",
                certificates=gone,
                people=people,
            )
    return gone + people
