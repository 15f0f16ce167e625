"""Made-up facts with which staff see how a text looks. Nobody in them exists."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from charter import mailtexts
from charter.mails import what_is_wrong
from vaern.design.formats import format_date
from vaern.outbox.texts import Link, TextKind, Value, register_samples

KINDS = (mailtexts.request, mailtexts.reminder, mailtexts.code, mailtexts.receipt, mailtexts.proposed, mailtexts.alarm)


def _sample(kind: TextKind) -> dict[str, Value]:
    today = timezone.localdate()
    label = _("Check the signature") if kind is mailtexts.receipt else _("Read the text")
    return {
        "name": "Kim Eksempel",
        "organisation": "Foreningen Eksempel",
        "title": _("Charter for democratic values"),
        "link": Link(f"{settings.VAERN_BASE_URL}/charter/eksempel/", label),
        "until": format_date(today + dt.timedelta(days=30), "plain"),
        "expires": format_date(today + dt.timedelta(days=30), "plain"),
        "code": "012345",
        "check_code": "0123-4567-89AB-CDEFG",
        "what": what_is_wrong({"what": "seal", "until": (today + dt.timedelta(days=30)).isoformat()}),
    }


def register() -> None:
    """Make the samples known to the previews."""
    for kind in KINDS:
        register_samples([kind.key], lambda kind=kind: _sample(kind))  # type: ignore[misc]
