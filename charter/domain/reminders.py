"""Reminders of the end of a term: 60, 30, 14 and 7 days before it and one day after, each once."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from charter import evidence
from charter.domain.errors import Refused
from charter.domain.requests import LINK_LASTS, mail_link, open_request, renew_link
from charter.models import Event, Invitation, Request, Signatory, Signature, Term
from charter.rules import STEPS, WINDOW, step_due
from vaern.outbox.models import Told

REMINDER = "charter.reminder"
REFUSING = (Request.State.DECLINED, Request.State.CANCELLED)


def remind(*, now: dt.datetime) -> int:
    """Put the reminders that are due into the outbox and return of how many terms.

    The first one sends the request to renew with it. Who has declined, or whose request we took back, hears no more;
    after an outage only the last reminder that was missed is sent.
    """
    today = timezone.localdate(now)
    nearest, furthest = today - dt.timedelta(days=STEPS[-1] + 20), today + WINDOW
    rows = Term.objects.filter(end_kind="", valid_until__gte=nearest, valid_until__lte=furthest)
    terms = rows.order_by("valid_until", "pk").values_list("pk", flat=True)
    return sum(_remind(term_id, now, today) for term_id in terms)


def _remind(term_id: int, now: dt.datetime, today: dt.date) -> bool:
    with evidence.gate():
        term = Term.objects.select_related("partner__organisation").get(pk=term_id)
        if term.end_kind or not _is_asked(term, today):
            return False
        keys = {f"{REMINDER}:{term.uuid}:{step}": step for step in STEPS}
        told = {keys[key] for key in Told.objects.filter(key__in=keys).values_list("key", flat=True)}
        step, missed = step_due(term.valid_until, today, told)
        if step is None:
            return False
        request = _request(term, now)
        if request is None:
            return False
        Told.objects.bulk_create(Told(key=key, at=now) for key, one in keys.items() if one in missed)
        unsigned = _unsigned(request)
        for invitation in unsigned:
            _send(invitation, term, now)
        evidence.append(Event.Kind.REMINDED, subject=request.uuid, now=now, step=step, sent=len(unsigned))
        return True


def _is_asked(term: Term, today: dt.date) -> bool:
    """Say whether the partner still hears of the end of this term."""
    partner = term.partner
    gone = partner.organisation.active_to is not None and partner.organisation.active_to <= today
    renewed = Term.objects.standing().filter(partner=partner, valid_from__gte=term.valid_until).exists()
    since = term.valid_until - WINDOW
    ended = Request.objects.filter(partner=partner, state__in=REFUSING, ended_at__date__gte=since).exists()
    return not (gone or renewed or ended)


def _request(term: Term, now: dt.datetime) -> Request | None:
    """Return the open request, or a new one; None where nobody can be asked (the register shows why)."""
    request = Request.objects.filter(partner=term.partner, state=Request.State.OPEN).first()
    if request is not None:
        return request
    try:
        return open_request(term.partner_id, actor_id=None, now=now)
    except Refused:
        return None


def _unsigned(request: Request) -> list[Invitation]:
    signed = Signature.objects.filter(request_uuid=request.uuid).values("signatory_uuid")
    rows = request.invitations.filter(signatory__state=Signatory.State.ACTIVE)
    return list(rows.exclude(signatory__uuid__in=signed).select_related("signatory", "request__partner"))


def _send(invitation: Invitation, term: Term, now: dt.datetime) -> None:
    """Send the link that there is, for another thirty days, or a new one where it has run out."""
    if invitation.expires_at <= now:
        renew_link(invitation, now=now)
    else:
        invitation.expires_at = now + LINK_LASTS
        invitation.save(update_fields=["expires_at"])
    mail_link(invitation, REMINDER, until=term.valid_until.isoformat())
