"""The messages about the charter, written when they are sent, outside every lock. Links and codes are made here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from charter import mailtexts
from charter.codes import shown
from charter.links import code_for_mail, link_to
from charter.models import Invitation, Term
from charter.receipts import check_address
from vaern.design.formats import format_date
from vaern.outbox.registry import Attachment, Mail, renders
from vaern.outbox.texts import Link, Value, write

Context = dict[str, Any]
DAY = dt.timedelta(days=1)


@renders("charter.request", name=mailtexts.request.name)
def request(context: Context) -> Mail:
    """Return the request with its link."""
    return write(mailtexts.request, _invited(_invitation(context), _("Read the text")))


@renders("charter.reminder", name=mailtexts.reminder.name)
def reminder(context: Context) -> Mail:
    """Return the reminder with its link."""
    values = _invited(_invitation(context), _("Renew the signature"))
    return write(mailtexts.reminder, {**values, "until": _last_day(context["until"])})


@renders("charter.code", name=mailtexts.code.name, secret=True)
def code(context: Context) -> Mail:
    """Return the six digits."""
    invitation = _invitation(context)
    values = _invited(invitation, "")
    return write(mailtexts.code, {**values, "code": code_for_mail(invitation)})


@renders("charter.receipt", name=mailtexts.receipt.name)
def receipt(context: Context) -> Mail:
    """Return the receipt, attached."""
    term = Term.objects.select_related("receipt", "text").get(uuid=context["term"])
    with storages["private"].open(term.receipt.path) as stored:
        content = stored.read()
    values: dict[str, Value] = {
        "name": context["name"],
        "organisation": term.organisation_name,
        "title": term.text.title,
        "until": format_date(term.valid_until - DAY, "plain"),
        "link": Link(check_address(term), _("Check the signature")),
        "check_code": shown(term.code),
    }
    name = f"charter-{term.code[:8].lower()}.pdf"
    return write(mailtexts.receipt, values, attachments=(Attachment(name, content, "application/pdf", {}),))


@renders("charter.proposed", name=mailtexts.proposed.name)
def proposed(context: Context) -> Mail:
    """Return that a named person waits for approval."""
    path = reverse("charter_partners:inspect", args=[context["partner_id"]])
    values: dict[str, Value] = {
        "name": context["recipient_name"],
        "organisation": context["partner"],
        "link": Link(settings.VAERN_BASE_URL + path, _("See the partner")),
    }
    return write(mailtexts.proposed, values)


@renders("charter.alarm", name=mailtexts.alarm.name)
def alarm(context: Context) -> Mail:
    """Return what is wrong."""
    return write(mailtexts.alarm, {"name": context["recipient_name"], "what": what_is_wrong(context)})


def what_is_wrong(context: Context) -> str:
    """Return an alarm in words."""
    if context["what"] == "chain":
        return _("The chain of evidence does not hold from event %(number)s on. Tell your IT operations at once.") % {
            "number": context["number"]
        }
    if context["what"] == "seal":
        return _(
            "The certificate that seals receipts is valid until %(day)s. Have it renewed: without it receipts wait."
        ) % {"day": format_date(parse_date(context["until"]), "plain")}
    return _("Receipts wait, because no certificate is set up to seal them.")


def _invitation(context: Context) -> Invitation:
    return Invitation.objects.with_whole().get(uuid=context["invitation"])


def _invited(invitation: Invitation, label: str) -> dict[str, Value]:
    path = link_to(invitation)
    return {
        "name": invitation.signatory.name,
        "organisation": invitation.request.partner.organisation.name,
        "title": invitation.request.text.title,
        "expires": format_date(invitation.expires_at, "plain"),
        "link": Link(settings.VAERN_BASE_URL + path if path else "", label),
    }


def _last_day(until: str) -> str:
    day = parse_date(until)
    return format_date(day - DAY, "plain") if day else ""
