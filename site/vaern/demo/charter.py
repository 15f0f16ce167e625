"""The charter in the demo: invented partners in every state, a self-made seal, and a request that can be signed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation

from charter.domain.agreements import write_agreement
from charter.domain.requests import decline_request, send_request
from charter.domain.signing import Read, ask_for_code, sign
from charter.links import code_of
from charter.models import Agreement, Partner, Signatory
from charter.queries import current_text
from charter.sealing import selfmade
from charter.words import statement
from vaern.demo.content import read
from vaern.demo.people import organisations
from vaern.outbox.models import Message
from vaern.setup.starter.charter import load_charter

TEXT_AGE = dt.timedelta(days=450)
ORIGIN = {"network": "192.0.2.0", "browser": "demo"}


def load_charter_text() -> None:
    """Let the starter's text have been in force since before the first signature."""
    load_charter(timezone.now() - TEXT_AGE)


def load_charter_partners() -> None:
    """Write the partners, and let each come to its state by the verbs."""
    now = timezone.now()
    known = organisations()
    for row in read("charter")["partner"]:
        partner = Partner.objects.create(
            organisation=known[row["organisation"]], cvr=row.get("cvr", ""), stage=row.get("stage", "found")
        )
        if "email" not in row:
            continue
        Signatory.objects.create(partner=partner, name=row["name"], title=row["title"], email=row["email"])
        for days in row.get("signed_days_ago", []):
            _sign(partner, now - dt.timedelta(days=days), public=row.get("public", False))
        if row["state"] in {"in_progress", "declined"}:
            request = send_request(partner_id=partner.pk, actor_id=None, now=now - dt.timedelta(days=3))
            if row["state"] == "declined":
                decline_request(invitation_id=request.invitations.get().pk)
        if row.get("agreement"):
            day = timezone.localdate(now)
            agreement = Agreement(partner=partner, kind=row["agreement"], agreed_on=day, valid_from=day)
            write_agreement(agreement=agreement)
    # Mails of the past are of no use to anybody.
    Message.objects.filter(kind__startswith="charter.", expires_at__lte=now).delete()


def _sign(partner: Partner, moment: dt.datetime, *, public: bool) -> None:
    """Sign as the signatory did at that moment."""
    text = current_text()
    if text is None:
        return
    with translation.override("da"):
        said = statement(text, partner.organisation.name)
    invitation = send_request(partner_id=partner.pk, actor_id=None, now=moment).invitations.get()
    ask_for_code(invitation_id=invitation.pk, text_sha256=text.sha256, origin=ORIGIN, now=moment)
    invitation.refresh_from_db()
    person = invitation.signatory
    sign(
        invitation_id=invitation.pk,
        read=Read(text.sha256, said, person.name, person.title, on_public_list=public),
        answer=code_of(invitation),
        origin=ORIGIN,
        now=moment,
    )


def make_seal() -> None:
    """Make the demo's own key and certificate where the settings name files that are not there."""
    key, certificate = settings.VAERN_SEAL_KEY, settings.VAERN_SEAL_CERTIFICATE
    if key and certificate and not Path(key).exists():
        selfmade.make(Path(key), Path(certificate), begins=timezone.now() - dt.timedelta(days=1))
