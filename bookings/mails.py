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
from bookings.rules import State
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


@renders("bookings.moved")
def moved(context: dict[str, Any]) -> Mail:
    """Return the news that the booking is of another date; the calendar moves the same event."""
    return _mail(context, subject=_("Moved: %(workshop)s"), template="bookings/mails/moved.txt", method=REQUEST)


@renders("bookings.received")
def received(context: dict[str, Any]) -> Mail:
    """Return that the booking waits for a coordinator's answer."""
    return _news(context, subject=_("Received: %(workshop)s"))


@renders("bookings.waiting")
def waiting(context: dict[str, Any]) -> Mail:
    """Return that the booking is on the waiting list, and where."""
    return _news(context, subject=_("On the waiting list: %(workshop)s"))


@renders("bookings.offered")
def offered(context: dict[str, Any]) -> Mail:
    """Return that there is room now, and until when to answer."""
    return _news(context, subject=_("There is room for you now: %(workshop)s"))


@renders("bookings.offer_lapsed")
def offer_lapsed(context: dict[str, Any]) -> Mail:
    """Return that the offer has run out."""
    return _news(context, subject=_("The offer has run out: %(workshop)s"))


@renders("bookings.rejected")
def rejected(context: dict[str, Any]) -> Mail:
    """Return that the request cannot be met, with the reason."""
    return _news(context, subject=_("Not possible: %(workshop)s"))


@renders("bookings.visit_received")
def visit_received(context: dict[str, Any]) -> Mail:
    """Return that the request for a visit is received."""
    return _visit_news(context, subject=_("Your request for a visit: %(workshop)s"))


@renders("bookings.visit_proposed")
def visit_proposed(context: dict[str, Any]) -> Mail:
    """Return the other time that we propose."""
    return _visit_news(context, subject=_("Another time for the visit: %(workshop)s"))


@renders("bookings.visit_declined")
def visit_declined(context: dict[str, Any]) -> Mail:
    """Return that we cannot come, with the reason."""
    return _visit_news(context, subject=_("We cannot come: %(workshop)s"))


@renders("bookings.visit_withdrawn")
def visit_withdrawn(context: dict[str, Any]) -> Mail:
    """Return that the request is taken back."""
    return _visit_news(context, subject=_("Your request is withdrawn: %(workshop)s"))


def _news(context: dict[str, Any], *, subject: str) -> Mail:
    """Return a message without a calendar file: there is nothing certain to put into a calendar."""
    return Mail(
        subject=subject % {"workshop": context["workshop"]},
        body=render_to_string("bookings/mails/news.txt", _facts(context)),
    )


def _visit_news(context: dict[str, Any], *, subject: str) -> Mail:
    times = {
        name: dt.datetime.fromisoformat(context[name])
        for name in ("proposed_starts_at", "proposed_ends_at")
        if context[name]
    }
    wishes = [{name: dt.datetime.fromisoformat(at) for name, at in wish.items()} for wish in context["wishes"]]
    return Mail(
        subject=subject % {"workshop": context["workshop"]},
        body=render_to_string("bookings/mails/visit.txt", {**context, **times, "wishes": wishes}),
    )


def _facts(context: dict[str, Any]) -> dict[str, Any]:
    """Return what a template shows: the snapshot with its times as times, and the link for the contact alone."""
    booking = Booking.objects.get(uuid=context["booking"])
    ends = context.get("offer_expires_at")
    return {
        **context,
        "starts": dt.datetime.fromisoformat(context["starts_at"]),
        "ends": dt.datetime.fromisoformat(context["ends_at"]),
        "offer_ends": dt.datetime.fromisoformat(ends) if ends else None,
        "before": dt.datetime.fromisoformat(context["before_starts_at"]) if "before_starts_at" in context else None,
        # Only the contact gets the link that can change the booking.
        "link": settings.VAERN_BASE_URL + link_to(booking) if context["is_contact"] else "",
    }


def _in_calendar(context: dict[str, Any]) -> bool:
    """Say whether the event is, or was, in the recipient's calendar: nobody is invited before it is certain."""
    return bool(context["state"] == State.CONFIRMED or context.get("invited"))


def _mail(context: dict[str, Any], *, subject: str, template: str, method: str) -> Mail:
    booking = Booking.objects.get(uuid=context["booking"])
    return Mail(
        subject=subject % {"workshop": context["workshop"]},
        body=render_to_string(template, _facts(context)),
        attachments=(
            (_calendar(context, method=method, attendee=_recipient(booking, context)),) if _in_calendar(context) else ()
        ),
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
    classes = ", ".join(line["label"] for line in facts["classes"])
    return f"{facts['workshop']} ({classes})" if classes else str(facts["workshop"])


def calendar_description(facts: dict[str, Any]) -> str:
    """Return an event's text: reference, school and what to prepare; no link and nobody's name."""
    lines = [_("Reference: %(reference)s") % facts, *([facts["school"]] if facts["school"] else [])]
    if facts["prepare"]:
        lines += ["", _("Before the workshop:"), facts["prepare"]]
    return "\n".join(lines)
