"""The verbs of the signatory: ask for a code, sign, name somebody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from charter import evidence
from charter.codes import new_code
from charter.domain.errors import Refused
from charter.domain.requests import usable
from charter.models import CharterText, Event, Invitation, Request, Signatory, Signature, Term
from charter.models.evidence import Personal
from charter.providers import provider
from charter.queries import covered_until, current_text
from charter.rules import may_renew, term_for
from charter.staff import tell_staff
from vaern.audit.domain import record

PROPOSED = "charter.proposed"
TOGETHER = Signatory.Authority.JOINTLY


@dataclass(frozen=True)
class Read:
    """What the signatory has seen and answered: the hash of the text, the statement as shown, the typed name."""

    text_sha256: str
    statement: str
    name: str
    title: str = ""
    on_public_list: bool = False


@dataclass(frozen=True)
class Signed:
    """What came of it. Without a term others must sign too."""

    signature: Signature
    term: Term | None


def ask_for_code(
    *, invitation_id: int, text_sha256: str, origin: Mapping[str, str], now: dt.datetime | None = None
) -> None:
    """Send the code with which the text that was read can be signed.

    `origin` holds "network" and "browser", kept as erasable evidence. Raises Refused: GONE, STALE or TOO_EARLY.
    """
    with evidence.gate():
        now = now or timezone.now()
        invitation = usable(invitation_id, now)
        why = _obstacle(invitation, _as_read(text_sha256), now)
        if why == Refused.STALE:
            evidence.append(Event.Kind.STALE, subject=invitation.request.uuid, now=now, shown=text_sha256)
        elif not why and provider().begin(invitation, now=now):
            evidence.append(
                Event.Kind.CODE_SENT,
                subject=invitation.request.uuid,
                now=now,
                personal={**origin, Personal.Name.ADDRESS: invitation.signatory.email},
            )
    if why:
        raise Refused(why)  # after the transaction, so that the evidence of it stays


def sign(
    *, invitation_id: int, read: Read, answer: str, origin: Mapping[str, str], now: dt.datetime | None = None
) -> Signed:
    """Sign on behalf of the organisation; when nobody else must sign, its term begins with it.

    The same answer again gives the same signature again, whatever became of the first. Raises Refused: GONE, CODE,
    STALE (the text was replaced since it was read) or TOO_EARLY.
    """
    with evidence.gate():
        now = now or timezone.now()
        why, done = _sign(invitation_id, read, answer, origin, now)
    if done is None:
        raise Refused(why)
    return done


def _sign(
    invitation_id: int, read: Read, answer: str, origin: Mapping[str, str], now: dt.datetime
) -> tuple[str, Signed | None]:
    invitation = Invitation.objects.with_whole().get(pk=invitation_id)
    request, signatory = invitation.request, invitation.signatory
    already = Signature.objects.filter(
        request_uuid=request.uuid, signatory_uuid=signatory.uuid, text_sha256=read.text_sha256
    ).first()
    if already is not None:
        if not provider().is_same(invitation, answer):
            return Refused.GONE, None
        return "", Signed(already, Term.objects.filter(request_uuid=request.uuid).first())
    if not invitation.is_usable(now):
        return Refused.GONE, None
    text = _as_read(read.text_sha256)
    why = _obstacle(invitation, text, now)
    if text is None:
        evidence.append(Event.Kind.STALE, subject=request.uuid, now=now, shown=read.text_sha256)
    if why or text is None:
        return why, None
    if not provider().confirm(invitation, answer, now=now):
        evidence.append(Event.Kind.CODE_WRONG, subject=request.uuid, now=now, personal=origin)
        return Refused.CODE, None
    signature = _write(invitation, text, read, origin, now)
    return "", Signed(signature, _begin_term(invitation, signature, read, now))


def _as_read(text_sha256: str) -> CharterText | None:
    """Return the text in force, unless it is another than the one that was read."""
    current = current_text()
    return current if current is not None and current.sha256 == text_sha256 else None


def _obstacle(invitation: Invitation, text: CharterText | None, now: dt.datetime) -> str:
    if text is None:
        return Refused.STALE
    until = covered_until(invitation.request.partner)
    return "" if may_renew(until, timezone.localdate(now)) else Refused.TOO_EARLY


def _write(
    invitation: Invitation, text: CharterText, read: Read, origin: Mapping[str, str], now: dt.datetime
) -> Signature:
    request, signatory = invitation.request, invitation.signatory
    partner = request.partner
    if request.text_id != text.pk:
        # Replaced since it was sent, and read by who signs: the request is about what was read.
        request.text = text
        request.save(update_fields=["text"])
    event = evidence.append(
        Event.Kind.SIGNED,
        subject=request.uuid,
        now=now,
        personal={
            **origin,
            Personal.Name.NAME: read.name,
            Personal.Name.TITLE: read.title,
            Personal.Name.ADDRESS: signatory.email,
        },
        text=text.sha256,
        number=text.number,
        provider=provider().key,
        level=provider().level,
    )
    return Signature.objects.create(
        request_uuid=request.uuid,
        signatory_uuid=signatory.uuid,
        partner=partner,
        text=text,
        text_sha256=text.sha256,
        statement=read.statement,
        organisation_name=partner.organisation.name,
        cvr=partner.cvr,
        authority=signatory.authority,
        provider=provider().key,
        level=provider().level,
        signed_at=now,
        event=event,
    )


def _begin_term(invitation: Invitation, signature: Signature, read: Read, now: dt.datetime) -> Term | None:
    """Begin the term, unless others must sign too; a text replaced between two joint signatures takes both anew."""
    request = invitation.request
    if signature.authority == TOGETHER and _missing(request, signature.text_sha256):
        return None
    partner = request.partner
    begins, until = term_for(timezone.localdate(now), covered_until(partner))
    term = Term.objects.create(
        partner=partner,
        request_uuid=request.uuid,
        text=signature.text,
        organisation_name=signature.organisation_name,
        valid_from=begins,
        valid_until=until,
        signed_at=now,
        code=new_code(),
    )
    request.state, request.ended_at = Request.State.SIGNED, now
    request.save(update_fields=["state", "ended_at"])
    partner.on_public_list = read.on_public_list
    partner.save(update_fields=["on_public_list"])
    evidence.append(
        Event.Kind.TERM,
        subject=term.uuid,
        now=now,
        request=str(request.uuid),
        valid_from=begins.isoformat(),
        valid_until=until.isoformat(),
    )
    record(action="charter_term.begun", subject_type="charter_term", subject_key=str(term.uuid))
    return term


def _missing(request: Request, text_sha256: str) -> bool:
    """Say whether somebody who signs jointly has not signed this text yet."""
    signed = Signature.objects.filter(request_uuid=request.uuid, text_sha256=text_sha256)
    joint = request.invitations.filter(signatory__authority=TOGETHER, signatory__state=Signatory.State.ACTIVE)
    return joint.exclude(signatory__uuid__in=signed.values("signatory_uuid")).exists()


def name_other(*, invitation_id: int, name: str, title: str, email: str) -> Signatory:
    """Say that somebody else must sign. BIF approves before that person gets a link. Raises Refused."""
    with evidence.gate():
        now = timezone.now()
        invitation = usable(invitation_id, now)
        partner = invitation.request.partner
        if Signatory.objects.exclude(state=Signatory.State.ENDED).filter(partner=partner, email=email).exists():
            raise Refused(Refused.KNOWN_ADDRESS)
        signatory = Signatory.objects.create(
            partner=partner,
            name=name,
            title=title,
            email=email,
            authority=invitation.signatory.authority,
            state=Signatory.State.PROPOSED,
            replaces=invitation.signatory,
        )
        evidence.append(Event.Kind.PROPOSED, subject=invitation.request.uuid, now=now)
        tell_staff(PROPOSED, partner=partner.organisation.name, partner_id=partner.pk)
        return signatory
