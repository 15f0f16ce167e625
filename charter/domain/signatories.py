"""The verbs on signatories whom a partner has named: approve or refuse."""

from __future__ import annotations

from django.utils import timezone

from charter import evidence
from charter.domain.errors import Refused
from charter.domain.requests import invite, mail_link
from charter.models import Event, Request, Signatory
from vaern.audit.domain import record


def approve_signatory(*, signatory_id: int, actor_id: int | None) -> Signatory:
    """Let a named person sign: whom they replace signs no more, and an open request is sent to them. Raises Refused."""
    with evidence.gate():
        now = timezone.now()
        signatory = _proposed(signatory_id)
        signatory.state = Signatory.State.ACTIVE
        signatory.save(update_fields=["state"])
        if signatory.replaces is not None:
            signatory.replaces.state = Signatory.State.ENDED
            signatory.replaces.save(update_fields=["state"])
        request = Request.objects.filter(partner=signatory.partner, state=Request.State.OPEN).first()
        evidence.append(Event.Kind.APPROVED, subject=request.uuid if request else signatory.uuid, now=now)
        if request is not None:
            mail_link(invite(request, signatory, now=now))
        _record("approved", signatory, actor_id)
        return signatory


def refuse_signatory(*, signatory_id: int, actor_id: int | None) -> Signatory:
    """Say no to a named person; who had the link keeps it. Raises Refused."""
    with evidence.gate():
        signatory = _proposed(signatory_id)
        signatory.state = Signatory.State.ENDED
        signatory.save(update_fields=["state"])
        request = Request.objects.filter(partner=signatory.partner, state=Request.State.OPEN).first()
        subject = request.uuid if request else signatory.uuid
        evidence.append(Event.Kind.REFUSED, subject=subject, now=timezone.now())
        _record("refused", signatory, actor_id)
        return signatory


def _proposed(signatory_id: int) -> Signatory:
    signatory = Signatory.objects.select_related("partner", "replaces").get(pk=signatory_id)
    if signatory.state != Signatory.State.PROPOSED:
        raise Refused(Refused.NOT_OPEN)
    return signatory


def _record(what: str, signatory: Signatory, actor_id: int | None) -> None:
    record(
        action=f"charter_signatory.{what}",
        subject_type="charter_signatory",
        subject_key=str(signatory.uuid),
        actor_id=actor_id,
    )
