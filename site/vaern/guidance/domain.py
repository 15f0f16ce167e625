"""Verbs of guidance: a number was checked, and those who keep the numbers are reminded."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction

from vaern.audit.domain import record
from vaern.guidance import rules
from vaern.guidance.models import Contact
from vaern.outbox.domain import enqueue
from vaern.people.models import User
from vaern.people.roles import EDITOR, ROLES

REMINDER = "guidance.contacts_overdue"


@transaction.atomic
def mark_checked(*, contact_id: int, actor_id: int | None, today: dt.date) -> Contact:
    """Record that somebody has rung the number today and that what is written holds; it is confirmed from then on.

    Raises Contact.DoesNotExist. Checking twice a day writes one date and two events: each says who did it.
    """
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    contact.last_checked_on, contact.checked_by_id, contact.unverified = today, actor_id, False
    contact.save(update_fields=["last_checked_on", "checked_by", "unverified"])
    record(action="contact.checked", subject_type="contact", subject_key=str(contact.pk), actor_id=actor_id)
    return contact


@transaction.atomic
def remind_of_overdue(*, now: dt.datetime, today: dt.date) -> int:
    """Write one mail to each person who keeps numbers that are to be checked, and return how many mails.

    A contact is in the mails of a week once, however often this runs. Without a responsible person who can still
    sign in, all editors are told, so that no number is forgotten with the person who kept it.
    """
    week = rules.week_of(today)
    waiting = Contact.objects.overdue(today).exclude(reminded_in=week).select_related("responsible")
    contacts = list(waiting.select_for_update(of=("self",)))
    editors: list[str] | None = None
    told: dict[str, list[int]] = defaultdict(list)
    for contact in contacts:
        if contact.responsible is not None and contact.responsible.is_active:
            recipients = [contact.responsible.email]
        else:
            editors = _editors() if editors is None else editors
            recipients = editors
        for recipient in recipients:
            told[recipient].append(contact.pk)
    for recipient, numbers in sorted(told.items()):
        enqueue(
            kind=REMINDER,
            recipient=recipient,
            language="da",
            context={"contacts": numbers},
            expires_at=now + dt.timedelta(days=7),
        )
    # Told to nobody is not told: a site that has no editor yet begins the week anew when it has.
    reached = {pk for numbers in told.values() for pk in numbers}
    Contact.objects.filter(pk__in=reached).update(reminded_in=week)
    return len(told)


def _editors() -> list[str]:
    group = ROLES[EDITOR].name
    editors = User.objects.filter(is_active=True, groups__name=group).order_by("email")
    return list(editors.values_list("email", flat=True))
