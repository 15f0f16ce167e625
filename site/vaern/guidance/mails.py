"""The message about numbers that are to be checked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.design.formats import format_date, format_phone
from vaern.guidance.models import Contact
from vaern.outbox.registry import Mail, renders


@renders("guidance.contacts_overdue", name=gettext_lazy("Telephone numbers to check"))
def contacts_overdue(context: dict[str, Any]) -> Mail:
    """Return the reminder; `context` is {"contacts": [id, …]}. What has been checked since then is left as it is."""
    contacts = Contact.objects.filter(pk__in=context["contacts"])
    link = settings.VAERN_BASE_URL + reverse("staff_contacts:list") + "?check=overdue"
    return Mail(
        subject=_("Telephone numbers that need checking"),
        body=_(
            "These numbers have not been checked for six months. Please ring each of them, make sure that number, "
            "hours and words are right, and press “Checked today”.\n\n%(lines)s\n\n%(link)s"
        )
        % {"lines": "\n".join(_line(contact) for contact in contacts), "link": link},
    )


def _line(contact: Contact) -> str:
    number = format_phone(contact.phone) or _("no number yet")
    if contact.last_checked_on is None:
        return _("- %(name)s, %(number)s: never checked") % {"name": contact.name, "number": number}
    return _("- %(name)s, %(number)s: last checked %(day)s") % {
        "name": contact.name,
        "number": number,
        "day": format_date(contact.last_checked_on, "plain"),
    }
