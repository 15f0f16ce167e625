"""Secret links to a booking: 256-bit tokens of which only the hash is stored (domain.md §7)."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from bookings.facts import IS_REPORTED
from bookings.models import Booking, VisitRequest

_SALT = "bookings.links"


def token_of(booking_uuid: uuid.UUID, number: int = 0) -> str:
    """Return a booking's token: derived from the secret key, so that a message or a repeated form can
    show the link again without the token ever being stored. Each `number` is another link."""
    return next(_tokens(booking_uuid, number))


def hash_of(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal, which is what the database holds."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def link_to(booking: Booking) -> str:
    """Return the path of the booker's own page. Survives a change of SECRET_KEY while the old one is a fallback."""
    token = _token_with(booking.uuid, booking.token_hash, booking.link_number)
    return reverse("bookings:own", kwargs={"token": token}) if token else ""


def link_to_visit(visit: VisitRequest) -> str:
    """Return the path of a request's own page, as `link_to`."""
    token = _token_with(visit.uuid, visit.token_hash)
    return reverse("bookings:visit", kwargs={"token": token}) if token else ""


def door_token(session_uuid: uuid.UUID) -> str:
    """Return what stands on the poster at a session's door: derived, so that no token is kept."""
    return next(_door_tokens(session_uuid))


def opens_door(session_uuid: uuid.UUID, token: str) -> bool:
    """Say whether a token is that of the session's poster, by the present key or an older one."""
    sent = token.encode("utf-8", "surrogatepass")
    return any(constant_time_compare(sent, known.encode()) for known in _door_tokens(session_uuid))


def _door_tokens(session_uuid: uuid.UUID) -> Iterator[str]:
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        digest = salted_hmac("bookings.door", session_uuid.hex, secret=key, algorithm="sha256").digest()
        yield _spelled(digest)


def booking_for(token: str) -> Booking | None:
    """Return the booking that a token opens, or None: unknown and wrong look alike. Two queries.

    It comes with what a booking of its audience is made of, and with whether attendance has been reported for it
    (`bookings.facts.is_reported` needs no query of its own then).
    """
    booking = (
        Booking.objects.select_related("session__workshop", "school")
        .annotate(known_reported=IS_REPORTED)
        .filter(token_hash=hash_of(token))
        .first()
    )
    if booking is not None:
        prefetch_related_objects([booking], "lines" if booking.is_of_classes else "people")
    return booking


def visit_for(token: str) -> VisitRequest | None:
    """Return the request for a visit that a token opens, or None: unknown and wrong look alike."""
    return (
        VisitRequest.objects.select_related("workshop", "school", "booking__session")
        .prefetch_related("groups", "wishes")
        .filter(token_hash=hash_of(token))
        .first()
    )


def _token_with(made_for: uuid.UUID, token_hash: str, number: int = 0) -> str:
    """Return the token of that hash, by the present key or an older one; nothing when no key of ours made it."""
    return next((token for token in _tokens(made_for, number) if hash_of(token) == token_hash), "")


def _tokens(booking_uuid: uuid.UUID, number: int = 0) -> Iterator[str]:
    said = f"{booking_uuid.hex}:{number}" if number else booking_uuid.hex
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        digest = salted_hmac(_SALT, said, secret=key, algorithm="sha256").digest()
        yield _spelled(digest)


def _spelled(digest: bytes) -> str:
    """Return a whole digest, 256 bits, as it stands in an address."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
