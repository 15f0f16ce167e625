"""The verbs on requests: send one or a round, send a link again, take one back, decline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone

from charter import evidence
from charter.domain.errors import Refused
from charter.links import hash_of, token_of
from charter.models import Event, Invitation, Partner, Request, Signatory
from charter.queries import current_text, ends_of
from charter.rules import may_renew
from vaern.audit.domain import record
from vaern.outbox.domain import enqueue

LINK_LASTS = dt.timedelta(days=30)
REQUEST = "charter.request"


def send_request(*, partner_id: int, actor_id: int | None, now: dt.datetime | None = None) -> Request:
    """Ask a partner to sign the text in force: each active signatory gets a secret link. Raises Refused."""
    with evidence.gate():
        request = open_request(partner_id, actor_id=actor_id, now=now or timezone.now())
        for invitation in request.invitations.select_related("signatory", "request__partner"):
            mail_link(invitation)
        return request


def send_round(*, partner_ids: Iterable[int], actor_id: int | None) -> tuple[list[Request], list[int]]:
    """Ask several partners; return the requests that were sent, and the partners who could not be asked by now."""
    sent, left = [], []
    for partner_id in partner_ids:
        try:
            sent.append(send_request(partner_id=partner_id, actor_id=actor_id))
        except Refused:
            left.append(partner_id)
    return sent, left


def open_request(partner_id: int, *, actor_id: int | None, now: dt.datetime) -> Request:
    """Write a request with its invitations, unsent; only within the gate. Raises Refused."""
    partner = Partner.objects.get(pk=partner_id)
    why = obstacle(partner, now)
    text = current_text()
    if why or text is None:
        raise Refused(why or Refused.NO_TEXT)
    request = Request.objects.create(partner=partner, text=text, created_at=now, created_by_id=actor_id)
    signatories = Signatory.objects.filter(partner=partner, state=Signatory.State.ACTIVE).order_by("pk")
    for signatory in signatories:
        invite(request, signatory, now=now)
    evidence.append(Event.Kind.REQUESTED, subject=request.uuid, now=now, text=text.sha256, links=len(signatories))
    _record("sent", request, actor_id)
    return request


def obstacle(partner: Partner, now: dt.datetime) -> str:
    """Return why a partner cannot be asked now (a word of Refused), or nothing."""
    return obstacles([partner], now)[partner.pk]


def obstacles(partners: Sequence[Partner], now: dt.datetime) -> dict[int, str]:
    """Return {partner's id: why that one cannot be asked now, or nothing}. Four queries for any number."""
    keys = [partner.pk for partner in partners]
    if current_text() is None:
        return dict.fromkeys(keys, Refused.NO_TEXT)
    signatories = Signatory.objects.filter(partner__in=keys, state=Signatory.State.ACTIVE)
    able = set(signatories.values_list("partner", flat=True))
    asked = set(Request.objects.filter(partner__in=keys, state=Request.State.OPEN).values_list("partner", flat=True))
    until, today = ends_of(keys), timezone.localdate(now)

    def why(key: int) -> str:
        if key not in able:
            return Refused.NO_SIGNATORY
        if key in asked:
            return Refused.OPEN_REQUEST
        return "" if may_renew(until.get(key), today) else Refused.TOO_EARLY

    return {key: why(key) for key in keys}


def invite(request: Request, signatory: Signatory, *, now: dt.datetime) -> Invitation:
    """Write the link of a signatory; the link itself is made when the mail is written."""
    invitation = Invitation(request=request, signatory=signatory, expires_at=now + LINK_LASTS)
    invitation.token_hash = hash_of(token_of(invitation))
    invitation.save()
    return invitation


def mail_link(invitation: Invitation, kind: str = REQUEST, **facts: str) -> None:
    """Put the mail with a link into the outbox; it is of no use when the link has expired."""
    enqueue(
        kind=kind,
        recipient=invitation.signatory.email,
        language=invitation.request.partner.language,
        context={"invitation": str(invitation.uuid), **facts},
        thread=f"charter:{invitation.uuid}",
        version=invitation.link_number,
        expires_at=invitation.expires_at,
    )


def resend_link(*, invitation_id: int, actor_id: int | None) -> Invitation:
    """Send a new link; the old one dies, with the code that was sent. Raises Refused when there is nothing to sign."""
    with evidence.gate():
        now = timezone.now()
        invitation = Invitation.objects.select_related("request__partner", "signatory").get(pk=invitation_id)
        if not invitation.is_standing:
            raise Refused(Refused.NOT_OPEN)
        renew_link(invitation, now=now)
        mail_link(invitation)
        evidence.append(Event.Kind.RESENT, subject=invitation.request.uuid, now=now)
        _record("resent", invitation.request, actor_id)
        return invitation


def renew_link(invitation: Invitation, *, now: dt.datetime) -> None:
    """Give an invitation another link; within the gate."""
    invitation.link_number += 1
    invitation.token_hash = hash_of(token_of(invitation))
    invitation.expires_at = now + LINK_LASTS
    invitation.code_hash = ""
    invitation.save()


def cancel_request(*, request_id: int, actor_id: int | None) -> Request:
    """Take a request back; its links die. Raises Refused when it has ended."""
    with evidence.gate():
        request = Request.objects.get(pk=request_id)
        if request.state != Request.State.OPEN:
            raise Refused(Refused.NOT_OPEN)
        return _end(request, Request.State.CANCELLED, Event.Kind.CANCELLED, actor_id)


def decline_request(*, invitation_id: int) -> Request:
    """Say no on behalf of the organisation: the request and its reminders end, and nobody is asked why.

    Raises Refused when the link opens nothing any more: GONE.
    """
    with evidence.gate():
        request = usable(invitation_id, timezone.now()).request
        return _end(request, Request.State.DECLINED, Event.Kind.DECLINED, None)


def _end(request: Request, state: Request.State, kind: Event.Kind, actor_id: int | None) -> Request:
    now = timezone.now()
    request.state, request.ended_at = state, now
    request.save(update_fields=["state", "ended_at"])
    evidence.append(kind, subject=request.uuid, now=now)
    _record(state.value, request, actor_id)
    return request


def usable(invitation_id: int, now: dt.datetime) -> Invitation:
    """Return an invitation that can be used at `now`, which is read within the gate. Raises Refused: GONE."""
    invitation = Invitation.objects.with_whole().get(pk=invitation_id)
    if not invitation.is_usable(now):
        raise Refused(Refused.GONE)
    return invitation


def round_of(partners: Sequence[Partner], now: dt.datetime) -> tuple[list[Partner], list[tuple[Partner, str]]]:
    """Return who can be asked in a round, and who not and why: the preview of `send_round`."""
    why = obstacles(partners, now)
    ready = [partner for partner in partners if not why[partner.pk]]
    return ready, [(partner, why[partner.pk]) for partner in partners if why[partner.pk]]


def _record(what: str, request: Request, actor_id: int | None) -> None:
    record(
        action=f"charter_request.{what}",
        subject_type="charter_request",
        subject_key=str(request.uuid),
        actor_id=actor_id,
    )
