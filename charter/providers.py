"""How a signatory confirms: an interface, and the built-in way of a six-digit code to the registered address.

Another way (NemLog-in, MitID Erhverv) is another class here and a word in VAERN_SIGNING_PROVIDER; the verbs stay.
Signatures say by which provider and at which level they were made, so both kinds stand beside each other.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.conf import settings

from charter.links import code_hash, code_matches, code_of
from charter.models import Invitation
from vaern.outbox.domain import enqueue

CODE_LASTS = dt.timedelta(minutes=10)
TRIES = 5
# Who sends the form twice has the code on its way already.
ONCE_IN = dt.timedelta(minutes=1)
CODE = "charter.code"


class SigningProvider(Protocol):
    """Confirms that it is the signatory who signs. Called within the gate: no network, no template."""

    key: str
    level: str

    def begin(self, invitation: Invitation, *, now: dt.datetime) -> bool:
        """Prepare the confirmation; return whether something new was sent."""

    def confirm(self, invitation: Invitation, answer: str, *, now: dt.datetime) -> bool:
        """Say whether the answer is the signatory's, and note that a try is used up when it is not."""

    def is_same(self, invitation: Invitation, answer: str) -> bool:
        """Say whether this is the answer that confirmed the signature: the same form, sent twice."""


class EmailCode:
    """Six digits to the registered address: ten minutes, five tries. A simple electronic signature, and called so."""

    key = "email_code"
    level = "SES"

    def begin(self, invitation: Invitation, *, now: dt.datetime) -> bool:
        """Send a code, unless one was sent within the last minute that still works."""
        sent = invitation.code_sent_at
        if invitation.code_hash and invitation.code_tries < TRIES and sent is not None and now - sent < ONCE_IN:
            return False
        invitation.code_number += 1
        invitation.code_hash = code_hash(invitation, code_of(invitation))
        invitation.code_sent_at, invitation.code_tries = now, 0
        invitation.save()
        enqueue(
            kind=CODE,
            recipient=invitation.signatory.email,
            language=invitation.request.partner.language,
            context={"invitation": str(invitation.uuid)},
            thread=f"charter.code:{invitation.uuid}",
            version=invitation.code_number,
            expires_at=now + CODE_LASTS,
        )
        return True

    def confirm(self, invitation: Invitation, answer: str, *, now: dt.datetime) -> bool:
        """Compare the digits while the code works; a wrong try is counted."""
        sent = invitation.code_sent_at
        if not invitation.code_hash or sent is None or now - sent >= CODE_LASTS or invitation.code_tries >= TRIES:
            return False
        if code_matches(invitation, answer):
            return True
        invitation.code_tries += 1
        invitation.save(update_fields=["code_tries"])
        return False

    def is_same(self, invitation: Invitation, answer: str) -> bool:
        """Compare with the code that was used, as long as it would have worked."""
        return invitation.code_tries < TRIES and code_matches(invitation, answer)


PROVIDERS: dict[str, SigningProvider] = {EmailCode.key: EmailCode()}


def provider() -> SigningProvider:
    """Return the provider that the site has chosen; KeyError for a word that names none."""
    return PROVIDERS[settings.VAERN_SIGNING_PROVIDER]
