"""Texts, partners and signatures of the charter."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from django.utils import timezone

from charter.domain.requests import send_request
from charter.domain.signing import Read, Signed, ask_for_code, sign
from charter.domain.texts import propose_text, publish_text
from charter.links import code_of
from charter.models import CharterText, Invitation, Partner, Signatory
from charter.queries import current_text
from charter.sealing import selfmade
from charter.words import statement
from vaern.people.models import Organisation

_numbers = itertools.count(1)
BODY = "Vi siger, hvad vi står for.\n\n## Det gør vi\n\n- Vi lytter.\n- Vi taler sammen.\n\nDet gælder i tolv måneder."
ORIGIN = {"network": "192.0.2.7", "browser": "Prøvebrowser 1.0"}


def propose(body: str = BODY, *, kind: str = "material", title: str = "Charter", **fields: Any) -> CharterText:
    """A proposal."""
    values = {"note": "Nyt.", "title_en": "Charter", "body_en": "In English.", "actor_id": None, **fields}
    return propose_text(kind=kind, title_da=title, body_da=body, **values)


def publish(body: str = BODY, **fields: Any) -> CharterText:
    """A text in force."""
    text = propose(body, **fields)
    return publish_text(text_id=text.pk, approved_by="Udvalget", approved_on=timezone.localdate(), actor_id=None)


def make_partner(name: str = "", *, signatories: int = 1, authority: str = "alone", **fields: Any) -> Partner:
    """A partner with its signatories."""
    number = next(_numbers)
    organisation = Organisation.objects.create(
        name=name or f"Foreningen {number}", kind=Organisation.Kind.PARTNER, category="association"
    )
    partner = Partner.objects.create(organisation=organisation, **fields)
    for index in range(signatories):
        Signatory.objects.create(
            partner=partner,
            name=f"Åse Ærlig {index + 1}",
            title="Formand",
            email=f"aase{number}-{index + 1}@example.dk",
            authority=authority,
        )
    return partner


def invite(partner: Partner) -> Invitation:
    """The first invitation of a request that was just sent."""
    return send_request(partner_id=partner.pk, actor_id=None).invitations.order_by("pk")[0]


def reading(invitation: Invitation, text: CharterText | None = None, **fields: Any) -> Read:
    """What a careful signatory has read and answered."""
    text = text or current_text()
    assert text is not None
    said = statement(text, invitation.request.partner.organisation.name)
    return Read(text.sha256, said, fields.pop("name", "Åse Ærlig"), "Formand", **fields)


def code_for(invitation: Invitation) -> str:
    """Ask for a code and return it, as the mail says it."""
    ask_for_code(invitation_id=invitation.pk, text_sha256=reading(invitation).text_sha256, origin=ORIGIN)
    invitation.refresh_from_db()
    return code_of(invitation)


def signed(partner: Partner, **fields: Any) -> Signed:
    """A signature by the only signatory."""
    invitation = invite(partner)
    answer = code_for(invitation)
    return sign(invitation_id=invitation.pk, read=reading(invitation, **fields), answer=answer, origin=ORIGIN)


def make_seal(folder: Path, settings: Any, **dates: Any) -> None:
    """A self-made seal, named in the settings."""
    settings.VAERN_SEAL_KEY, settings.VAERN_SEAL_CERTIFICATE = str(folder / "key.pem"), str(folder / "cert.pem")
    selfmade.make(folder / "key.pem", folder / "cert.pem", **dates)
