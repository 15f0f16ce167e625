"""The reminder, written when it is sent; its link is made then, and stands nowhere else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.mails import evaluation_label
from bookings.models import Booking
from vaern.design.formats import format_date
from vaern.evaluation.links import path_to_form
from vaern.evaluation.rules import Role
from vaern.outbox.registry import Mail, renders
from vaern.outbox.texts import Link, Placeholder, TextKind, Value, register_samples, register_text, write

reminder_text = register_text(
    TextKind(
        "evaluation.reminder",
        gettext_lazy("Reminder of the evaluation"),
        gettext_lazy("Once, a week after the session, to those who have not answered."),
        (
            Placeholder("name", gettext_lazy("The recipient's name"), in_subject=True),
            Placeholder("workshop", gettext_lazy("The workshop's title"), in_subject=True),
            Placeholder("date", gettext_lazy("The day of the session"), in_subject=True),
            Placeholder("until", gettext_lazy("The last day of the evaluation"), in_subject=True),
            Placeholder("link", gettext_lazy("Link to the evaluation"), required=True),
        ),
        gettext_lazy("How was it? {workshop}"),
        (
            gettext_lazy("Hello {name}"),
            gettext_lazy(
                "On {date} you took part in {workshop}. We would like to hear how it was. It takes two minutes:\n{link}"
            ),
            gettext_lazy(
                "The answers are anonymous: nobody can see who answered what. You can answer until {until}, and we do "
                "not write about it again."
            ),
            gettext_lazy("Kind regards\nVærn, Københavns Kommune"),
        ),
    )
)


@renders("evaluation.reminder", name=reminder_text.name)
def reminder(context: dict[str, Any]) -> Mail:
    """Return the reminder with the recipient's own link."""
    booking = Booking.objects.select_related("session").get(uuid=context["booking"])
    role = Role.CONTACT if context["is_contact"] else Role.RESPONSIBLE
    values: dict[str, Value] = {
        "name": context["recipient_name"],
        "workshop": context["workshop"],
        "date": format_date(dt.datetime.fromisoformat(context["starts_at"]), "plain"),
        "until": format_date(dt.datetime.fromisoformat(context["closes_at"]), "plain"),
        "link": Link(settings.VAERN_BASE_URL + path_to_form(booking, role), evaluation_label()),
    }
    return write(reminder_text, values)


def _sample() -> dict[str, Value]:
    now = timezone.now()
    return {
        "name": "Kim Eksempel",
        "workshop": _("Sources on the net"),
        "date": format_date(now - dt.timedelta(days=7), "plain"),
        "until": format_date(now + dt.timedelta(days=23), "plain"),
        "link": Link(settings.VAERN_BASE_URL + "/evaluering/eksempel/", evaluation_label()),
    }


register_samples([reminder_text.key], _sample)
