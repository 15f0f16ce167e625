"""The messages about a booking, with their calendar file. Written when they are sent, outside every lock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.calendar import CANCEL, REQUEST, calendar_file
from bookings.links import link_to
from bookings.models import Booking
from vaern.outbox.registry import Attachment, Mail, renders
from vaern.outbox.relay import organizer_address


@renders("bookings.confirmed")
def confirmed(context: dict[str, Any]) -> Mail:
    """Return the confirmation, with an invitation for the calendar."""
    return _mail(context, subject=_("Booked: %(workshop)s"), template="bookings/mails/confirmed.txt", method=REQUEST)


@renders("bookings.changed")
def changed(context: dict[str, Any]) -> Mail:
    """Return the news of another time or place; the calendar moves the same event."""
    return _mail(context, subject=_("Changed: %(workshop)s"), template="bookings/mails/changed.txt", method=REQUEST)


@renders("bookings.cancelled")
def cancelled(context: dict[str, Any]) -> Mail:
    """Return the news that the booking is cancelled; the calendar removes the event."""
    # Only we give a reason (domain.md §3); a booker who cancels is told so in other words.
    subject = _("Called off: %(workshop)s") if context["reason"] else _("Your booking is cancelled: %(workshop)s")
    return _mail(context, subject=subject, template="bookings/mails/cancelled.txt", method=CANCEL)


def _mail(context: dict[str, Any], *, subject: str, template: str, method: str) -> Mail:
    booking = Booking.objects.get(uuid=context["booking"])
    facts = {
        **context,
        "starts": dt.datetime.fromisoformat(context["starts_at"]),
        "ends": dt.datetime.fromisoformat(context["ends_at"]),
        # Only the contact gets the link that can change the booking.
        "link": settings.VAERN_BASE_URL + link_to(booking) if context["is_contact"] else "",
    }
    return Mail(
        subject=subject % {"workshop": context["workshop"]},
        body=render_to_string(template, facts),
        attachments=(_calendar(context, method=method, attendee=_recipient(booking, context)),),
    )


def _recipient(booking: Booking, context: dict[str, Any]) -> str:
    return booking.contact_email if context["is_contact"] else booking.responsible_email


def _calendar(context: dict[str, Any], *, method: str, attendee: str) -> Attachment:
    content = calendar_file(
        context,
        method=method,
        summary=calendar_summary(context),
        description=calendar_description(context),
        organizer=organizer_address(),
        attendee=attendee,
        now=timezone.now(),
    )
    return Attachment("invite.ics", content, "text/calendar", {"method": method})


def calendar_summary(facts: dict[str, Any]) -> str:
    """Return an event's title: the workshop and the classes."""
    return f"{facts['workshop']} ({', '.join(line['label'] for line in facts['classes'])})"


def calendar_description(facts: dict[str, Any]) -> str:
    """Return an event's text: reference, school and what to prepare; no link and nobody's name."""
    lines = [_("Reference: %(reference)s") % facts, facts["school"]]
    if facts["prepare"]:
        lines += ["", _("Before the workshop:"), facts["prepare"]]
    return "\n".join(lines)
