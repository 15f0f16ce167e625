"""Who can have a certificate, and which there are. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from bookings.models import Booking, PersonLine
from bookings.presence import Presence, presence_of, presence_of_people
from bookings.rules import State
from courses.models import WorkshopPage
from vaern.certificates.models import Certificate, CertificateSettings

Audience = WorkshopPage.Audience


def current_settings() -> CertificateSettings:
    """Return the settings, or what holds where nobody has written any. One query."""
    return CertificateSettings.objects.first() or CertificateSettings()


@dataclass(frozen=True)
class Holder:
    """Somebody of a booking, and whether he or she came."""

    key: str
    name: str
    presence: Presence
    person: PersonLine | None = None


def holders_of(booking: Booking) -> list[Holder]:
    """Return who of a booking a certificate is for: staff, and the adult in charge of a class. Two queries at most."""
    if booking.state != State.CONFIRMED:
        return []
    if booking.audience == Audience.CLASS:
        name = booking.responsible_name or booking.contact_name
        return [Holder(Certificate.CLASS, name, presence_of(booking))]
    if booking.audience != Audience.STAFF:
        return []
    people = list(booking.people.all())
    came = presence_of_people(people)
    return [Holder(f"person:{one.pk}", one.name, came[one.pk], one) for one in people]


@dataclass(frozen=True)
class Offer:
    """One line of the own page: somebody who came, and the newest certificate if there is one."""

    holder: Holder
    certificate: Certificate | None

    @property
    def name(self) -> str:
        """Return the name on the certificate, or the one it would have."""
        return self.certificate.name if self.certificate else self.holder.name


def offers_of(booking: Booking) -> list[Offer]:
    """Return those of a booking who came, with their certificates. Three queries at most."""
    newest: dict[str, Certificate] = {}
    for one in Certificate.objects.filter(booking=booking).order_by("pk"):
        newest[one.holder] = one
    return [
        Offer(holder, newest.get(holder.key))
        for holder in holders_of(booking)
        if holder.presence is Presence.PRESENT or holder.key in newest
    ]


def is_expected(booking: Booking) -> bool:
    """Say whether a certificate may come for the booking: it has been held, and nobody has reported all of it yet."""
    over = booking.session.ends_at <= timezone.now()
    return over and any(holder.presence is Presence.UNREPORTED for holder in holders_of(booking))
