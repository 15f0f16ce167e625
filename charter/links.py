"""Secret links and codes: both are derived from the site's key, and only their hashes are kept (decision 3)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from charter.models import Invitation

_LINK, _CODE, _HASH = "charter.links", "charter.codes", "charter.codes.hash"
DIGITS = 6


def token_of(invitation: Invitation) -> str:
    """Return the token of the link that an invitation has now."""
    return next(_tokens(invitation))


def token_for_mail(invitation: Invitation) -> str:
    """Return the token whose hash is kept, by the present key or an older one; empty when none made it."""
    return next((token for token in _tokens(invitation) if hash_of(token) == invitation.token_hash), "")


def hash_of(token: str) -> str:
    """Return what the database holds of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def link_to(invitation: Invitation) -> str:
    """Return the path of the signing page, or nothing when the link cannot be made any more."""
    token = token_for_mail(invitation)
    return reverse("charter:sign", kwargs={"token": token}) if token else ""


def code_of(invitation: Invitation) -> str:
    """Return the six digits that were sent last."""
    return next(_codes(invitation))


def code_for_mail(invitation: Invitation) -> str:
    """Return the six digits whose hash is kept, by the present key or an older one."""
    return next((code for code in _codes(invitation) if code_matches(invitation, code)), "")


def code_hash(invitation: Invitation, code: str) -> str:
    """Return what the database holds of a code: keyed, since a million codes are quickly tried."""
    return _hash(invitation, code, settings.SECRET_KEY)


def code_matches(invitation: Invitation, code: str) -> bool:
    """Say whether these are the digits that were sent last; a code that is used up is none."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return bool(invitation.code_hash) and any(
        constant_time_compare(invitation.code_hash, _hash(invitation, code, key)) for key in keys
    )


def _hash(invitation: Invitation, code: str, key: str | bytes) -> str:
    said = f"{invitation.uuid.hex}:{invitation.code_number}:{code}"
    return salted_hmac(_HASH, said, secret=key, algorithm="sha256").hexdigest()


def _tokens(invitation: Invitation) -> Iterator[str]:
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        said = f"{invitation.uuid.hex}:{invitation.link_number}"
        made = salted_hmac(_LINK, said, secret=key, algorithm="sha256").digest()
        yield base64.urlsafe_b64encode(made).rstrip(b"=").decode("ascii")


def _codes(invitation: Invitation) -> Iterator[str]:
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        said = f"{invitation.uuid.hex}:{invitation.link_number}:{invitation.code_number}"
        made = salted_hmac(_CODE, said, secret=key, algorithm="sha256").digest()
        yield f"{int.from_bytes(made, 'big') % 10**DIGITS:0{DIGITS}d}"
