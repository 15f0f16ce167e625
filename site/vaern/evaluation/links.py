"""Secret links to the form: nothing of them is stored until they are used, and then only their hash.

The address names the session, never the booking: the token is compared with those of the session's bookings.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from bookings.models import Booking
from vaern.evaluation.rules import Role

_SALT = "vaern.evaluation.links"


def path_to_form(booking: Booking, role: Role) -> str:
    """Return the path of the form for one person of a booking; reads the booking's session."""
    token = next(_tokens(booking, role))
    return reverse("evaluation:form", kwargs={"session": booking.session.uuid, "token": token})


def opens(token: str, booking: Booking, role: Role) -> bool:
    """Say whether the token is this person's, made with the present key or an older one."""
    given = token.encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(given, mine.encode()) for mine in _tokens(booking, role))


def marks(booking: Booking, role: Role) -> list[str]:
    """Return how a used link of this person may be marked, the mark for a new one first."""
    return [hashlib.sha256(token.encode()).hexdigest() for token in _tokens(booking, role)]


def _tokens(booking: Booking, role: Role) -> Iterator[str]:
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        said = f"{booking.uuid.hex}:{role.value}"
        digest = salted_hmac(_SALT, said, secret=key, algorithm="sha256").digest()
        yield base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
