"""Make a certificate: first its row, in a transaction of its own; then the PDF, in none; then the PDF's place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from bookings.models import Booking
from bookings.presence import Presence
from courses.models import WorkshopPage
from courses.queries import translated
from vaern.audit.domain import record
from vaern.certificates.models import Certificate, private_storage
from vaern.certificates.queries import Holder, current_settings, holders_of
from vaern.certificates.rules import expires_on, new_code
from vaern.design.formats import local

Press = Callable[[Sequence[str]], list[bytes]]
Writer = Callable[[Certificate], str]
AT_ONCE = 20


class NotForThem(Exception):
    """Nobody has reported that this person came, there is no name, or the certificate has been revoked."""


class FileChanged(Exception):
    """What lies in the storage is not what was made. Nothing of it is handed out."""


@transaction.atomic
def issue(*, booking_id: int, holder: str) -> Certificate:
    """Return the certificate of somebody of a booking; the first time it is written, with its facts as they are now.

    Two at once are one certificate. Raises NotForThem.
    """
    booking = (
        Booking.objects.select_for_update(no_key=True, of=("self",))
        .select_related("session__workshop")
        .get(pk=booking_id)
    )
    newest = Certificate.objects.filter(booking=booking, holder=holder).order_by("-pk").first()
    if newest is not None:
        if newest.ended_at is not None:
            raise NotForThem
        return newest
    found = next((one for one in holders_of(booking) if one.key == holder), None)
    if found is None or found.presence is not Presence.PRESENT or not found.name.strip():
        raise NotForThem
    made = write(booking, found, name=found.name)
    record(
        action="certificate.issued",
        subject_type="certificate",
        subject_key=made.code,
        booking=str(booking.uuid),
    )
    return made


def write(booking: Booking, holder: Holder, *, name: str, replaces: Certificate | None = None) -> Certificate:
    """Write the row of a certificate, in the caller's transaction."""
    frame, now = current_settings(), timezone.now()
    session = booking.session
    return Certificate.objects.create(
        code=new_code(),
        booking=booking,
        person=holder.person,
        holder=holder.key,
        name=" ".join(name.split()),
        workshop=translated(session.workshop, booking.language).title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        detail=_detail(booking),
        issuer=frame.issuer,
        language=booking.language,
        issued_at=now,
        last_day=expires_on(local(now).date(), frame.validity_years),
        replaces=replaces,
    )


def _detail(booking: Booking) -> str:
    """Return as what the person took part: with which classes, or from which workplace."""
    if booking.audience == WorkshopPage.Audience.CLASS:
        with override(booking.language):
            classes = ", ".join(line.label for line in booking.lines.all())
            return (
                _("Adult in charge of %(classes)s, %(school)s") % {"classes": classes, "school": booking.school_name}
            )[:400]
    return booking.workplace


def print_missing(*, of: Sequence[Certificate] | None = None, page: Writer, press: Press) -> int:
    """Print the certificates that have no PDF yet, or those of `of`, and return how many were kept.

    `page` gives a certificate's HTML. Must not be called within a transaction. Raises what `press` raises.
    """
    waiting = [one for one in of if not one.is_printed] if of is not None else _unprinted()
    if not waiting:
        return 0
    printed = press([page(one) for one in waiting])
    return sum(_keep(one, content) for one, content in zip(waiting, printed, strict=True))


def _unprinted() -> list[Certificate]:
    return list(Certificate.objects.filter(sha256="", ended_at=None).exclude(name="").order_by("pk")[:AT_ONCE])


def _keep(certificate: Certificate, content: bytes) -> bool:
    """Keep the PDF of a certificate; False when another was first, whose bytes stand."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = f"certificates/{sha256[:2]}/{sha256}.pdf"
    storage = private_storage()
    # The bytes first: a row never names a file that is not there.
    if not storage.exists(path):
        path = storage.save(path, ContentFile(content))
    kept = Certificate.objects.filter(pk=certificate.pk, sha256="").update(file=path, sha256=sha256)
    return bool(kept)


def read(certificate: Certificate) -> bytes:
    """Return the PDF. Raises FileChanged when it is not what was made, or is not there."""
    try:
        with private_storage().open(certificate.file) as handle:
            content: bytes = handle.read()
    except (FileNotFoundError, ValueError) as error:
        raise FileChanged(certificate.code) from error
    if hashlib.sha256(content).hexdigest() != certificate.sha256:
        raise FileChanged(certificate.code)
    return content
