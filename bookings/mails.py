"""The messages about bookings, with their calendar files. Written when they are sent, outside every lock.

What they say is in `bookings.mailtexts` and may have been changed by staff; here is what is filled in.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings import mailtexts
from bookings.afterwards import evaluation_path
from bookings.calendar import CANCEL, REQUEST, calendar_file
from bookings.links import link_to, link_to_visit
from bookings.models import Booking, VisitRequest
from bookings.rules import State
from vaern.design.formats import format_clock, format_date, format_time_range
from vaern.outbox.registry import Attachment, Mail, renders
from vaern.outbox.relay import organizer_address
from vaern.outbox.texts import Link, Rows, TextKind, Value, write

Context = dict[str, Any]


# -- to those who have booked -----------------------------------------------------------------------------


@renders("bookings.confirmed", name=mailtexts.confirmed.name)
def confirmed(context: Context) -> Mail:
    """Return the confirmation, with an invitation for the calendar."""
    return _mail(mailtexts.confirmed, context, method=REQUEST)


@renders("bookings.changed", name=mailtexts.changed.name)
def changed(context: Context) -> Mail:
    """Return the news of another time or place, for which the calendar moves the same event, or of other numbers."""
    if context.get("change") == "numbers":
        return _mail(mailtexts.numbers, context, method=REQUEST)
    return _mail(mailtexts.changed, context, method=REQUEST)


@renders("bookings.moved", name=mailtexts.moved.name)
def moved(context: Context) -> Mail:
    """Return the news that the booking is of another date; the calendar moves the same event."""
    return _mail(mailtexts.moved, context, method=REQUEST)


@renders("bookings.cancelled", name=mailtexts.cancelled.name)
def cancelled(context: Context) -> Mail:
    """Return the news that the booking is cancelled; the calendar removes the event."""
    # Only we give a reason (domain.md §3); a booker who cancels is told so in other words.
    kind = mailtexts.called_off if context["reason"] else mailtexts.cancelled
    return _mail(kind, context, method=CANCEL)


@renders("bookings.received", name=mailtexts.received.name)
def received(context: Context) -> Mail:
    """Return that the booking waits for a coordinator's answer."""
    return _mail(mailtexts.received, context)


@renders("bookings.waiting", name=mailtexts.waiting.name)
def waiting(context: Context) -> Mail:
    """Return that the booking is on the waiting list, and where."""
    return _mail(mailtexts.waiting, context)


@renders("bookings.offered", name=mailtexts.offered.name)
def offered(context: Context) -> Mail:
    """Return that there is room now, until when to answer, and what silence means."""
    return _mail(mailtexts.offered, context)


@renders("bookings.offer_lapsed", name=mailtexts.offer_lapsed.name)
def offer_lapsed(context: Context) -> Mail:
    """Return that the offer has run out."""
    return _mail(mailtexts.offer_lapsed, context)


@renders("bookings.rejected", name=mailtexts.rejected.name)
def rejected(context: Context) -> Mail:
    """Return that the request cannot be met, with the reason."""
    return _mail(mailtexts.rejected, context)


@renders("bookings.reminder", name=mailtexts.reminder.name)
def reminder(context: Context) -> Mail:
    """Return the reminder some days before; the calendar has the event already."""
    return _mail(mailtexts.reminder, context)


@renders("bookings.day_before", name=mailtexts.day_before.name)
def day_before(context: Context) -> Mail:
    """Return the note of the day before, with what to prepare."""
    return _mail(mailtexts.day_before, context)


@renders("bookings.thanks", name=mailtexts.thanks.name)
def thanks(context: Context) -> Mail:
    """Return the thanks after the day, with the way to the evaluation and to the own page."""
    return _mail(mailtexts.thanks, context)


@renders("bookings.links", name=mailtexts.links.name)
def links(context: Context) -> Mail:
    """Return the new links of an address, or that it has no booking; both leave in the same way (domain.md §7)."""
    found = Booking.objects.filter(uuid__in=context["bookings"]).select_related("session__workshop").order_by("pk")
    rows = [row for booking in found for row in _link_rows(booking)]
    if not rows:
        return write(mailtexts.no_links, {})
    titles = ", ".join(dict.fromkeys(booking.session.workshop.title for booking in found))
    return write(mailtexts.links, {"links": Rows(tuple(rows)), "workshops": titles})


def _link_rows(booking: Booking) -> list[tuple[str, str]]:
    session = booking.session
    when = f"{format_date(session.starts_at)}, {format_time_range(session.starts_at, session.ends_at)}"
    return [("", f"{session.workshop.title}, {when}"), ("", settings.VAERN_BASE_URL + link_to(booking))]


def _mail(kind: TextKind, context: Context, *, method: str = "") -> Mail:
    """Return a message about a booking; with a `method`, and where it concerns calendars, with a calendar file."""
    booking = Booking.objects.select_related("session").get(uuid=context["booking"])
    attached = bool(method) and kind is not mailtexts.numbers and in_calendar(context)
    values = booking_values(context, attached=attached, method=method)
    # Only the contact gets the link that can change the booking.
    if context["is_contact"]:
        values["link"] = Link(settings.VAERN_BASE_URL + link_to(booking), link_label(kind))
    if kind is mailtexts.thanks:
        path = evaluation_path(booking, is_contact=context["is_contact"])
        values["evaluation"] = Link(settings.VAERN_BASE_URL + path if path else "", evaluation_label())
    until = booking.session.cancel_ends_at
    if context["is_contact"] and timezone.now() < until:
        values["cancel_until"] = moment(until)
    files = (_calendar(context, method=method, attendee=_recipient(booking, context)),) if attached else ()
    return write(kind, values, attachments=files)


def in_calendar(context: Context) -> bool:
    """Say whether the event is, or was, in the recipient's calendar: nobody is invited before it is certain."""
    if "state" not in context:
        return True
    return bool(context["state"] == State.CONFIRMED or context.get("invited"))


def link_label(kind: TextKind) -> str:
    """Return what the button of a mail says."""
    if kind in {mailtexts.offered, mailtexts.visit_proposed}:
        return _("Answer here")
    return _("See your booking")


def evaluation_label() -> str:
    """Return what the button to the evaluation says."""
    return _("Tell us how it was")


def booking_values(context: Context, *, attached: bool, method: str) -> dict[str, Value]:
    """Return what is filled into a text about a booking, from the facts in the message; no link."""
    starts, ends = _moment(context["starts_at"]), _moment(context["ends_at"])
    offer_ends, before = context.get("offer_expires_at"), context.get("before_starts_at")
    return {
        "name": context["recipient_name"],
        "workshop": context["workshop"],
        "date": format_date(starts),
        "time": format_time_range(starts, ends),
        "place": context["place"],
        "school": context["school"],
        "reference": context["reference"],
        "facts": Rows(tuple(_facts(context, starts, ends))),
        "prepare": context["prepare"],
        "reason": context["reason"],
        "position": str(context.get("position", "")),
        "deadline": moment(_moment(offer_ends)) if offer_ends else "",
        "before": format_date(_moment(before)) if before else "",
        "calendar": _about_file(method) if attached else "",
        "what_next": _("You are on the waiting list of the new date.") if context.get("state") == "waitlisted" else "",
    }


def _facts(context: Context, starts: dt.datetime, ends: dt.datetime) -> list[tuple[str, str]]:
    rows = [
        ("", context["workshop"]),
        ("", f"{format_date(starts)}, {format_time_range(starts, ends)}"),
        ("", context["place"]),
        (_("Take part here"), context["online_link"]),
        (_("School"), context["school"]),
        *((_("Class"), class_text(line)) for line in context["classes"]),
        (_("Persons"), str(context["people"]) if context.get("people", 0) > 1 else ""),
        (_("Reference"), context["reference"]),
    ]
    return [(label, value) for label, value in rows if value]


def class_text(line: dict[str, Any]) -> str:
    """Return a class in words: label, pupils and adults."""
    pupils = ngettext("%(count)s pupil", "%(count)s pupils", line["pupils"]) % {"count": line["pupils"]}
    adults = ngettext("%(count)s adult", "%(count)s adults", line["adults"]) % {"count": line["adults"]}
    return f"{line['label']} ({pupils}, {adults})"


def moment(when: dt.datetime) -> str:
    """Return a day and a time of the clock in words."""
    return f"{format_date(when)} {format_clock(when)}"


def _moment(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written)


def _about_file(method: str) -> str:
    if method == CANCEL:
        return _("The attached file removes it from your calendar.")
    return _("The new date is attached for your calendar.")


def _recipient(booking: Booking, context: Context) -> str:
    return booking.contact_email if context["is_contact"] else booking.responsible_email


def _calendar(context: Context, *, method: str, attendee: str) -> Attachment:
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


def calendar_summary(facts: Context) -> str:
    """Return an event's title: the workshop and the classes."""
    classes = ", ".join(line["label"] for line in facts["classes"])
    return f"{facts['workshop']} ({classes})" if classes else str(facts["workshop"])


def calendar_description(facts: Context) -> str:
    """Return an event's text: reference, school and what to prepare; no link and nobody's name."""
    lines = [_("Reference: %(reference)s") % facts, *([facts["school"]] if facts["school"] else [])]
    if facts["prepare"]:
        lines += ["", _("Before the workshop:"), facts["prepare"]]
    return "\n".join(lines)


# -- to schools that have asked for a visit ---------------------------------------------------------------


@renders("bookings.visit_received", name=mailtexts.visit_received.name)
def visit_received(context: Context) -> Mail:
    """Return that the request for a visit is received."""
    return _visit_mail(mailtexts.visit_received, context)


@renders("bookings.visit_proposed", name=mailtexts.visit_proposed.name)
def visit_proposed(context: Context) -> Mail:
    """Return the other time that we propose."""
    return _visit_mail(mailtexts.visit_proposed, context)


@renders("bookings.visit_declined", name=mailtexts.visit_declined.name)
def visit_declined(context: Context) -> Mail:
    """Return that we cannot come, with the reason."""
    return _visit_mail(mailtexts.visit_declined, context)


@renders("bookings.visit_withdrawn", name=mailtexts.visit_withdrawn.name)
def visit_withdrawn(context: Context) -> Mail:
    """Return that the request is taken back."""
    return _visit_mail(mailtexts.visit_withdrawn, context)


def visit_values(context: Context) -> dict[str, Value]:
    """Return what is filled into a text about a request for a visit."""
    rows = [
        ("", context["workshop"]),
        (_("School"), context["school"]),
        *((_("Class"), class_text(line)) for line in context["classes"]),
        *((_("Wished time"), _span(wish["starts_at"], wish["ends_at"])) for wish in context["wishes"]),
        (_("Reference"), context["reference"]),
    ]
    proposed = context["proposed_starts_at"]
    return {
        "name": context["recipient_name"],
        "workshop": context["workshop"],
        "school": context["school"],
        "reference": context["reference"],
        "facts": Rows(tuple((label, value) for label, value in rows if value)),
        "proposal": _span(proposed, context["proposed_ends_at"]) if proposed else "",
        "reason": context["answer"] if context["state"] == "declined" else "",
        "what_next": context["answer"] if context["state"] == "proposed" else "",
        "link": Link(context.get("link", ""), _("Answer here")),
    }


def _visit_mail(kind: TextKind, context: Context) -> Mail:
    """Return a message about a request; only the contact gets the link that can answer it."""
    link = ""
    if context["is_contact"]:
        link = settings.VAERN_BASE_URL + link_to_visit(VisitRequest.objects.get(uuid=context["visit"]))
    return write(kind, visit_values({**context, "link": link}))


def _span(starts: str, ends: str) -> str:
    begin, end = _moment(starts), _moment(ends)
    return f"{format_date(begin)}, {format_time_range(begin, end)}"


# -- to those who work with it ----------------------------------------------------------------------------


@renders("bookings.facilitator_new", name=mailtexts.facilitator_new.name)
def facilitator_new(context: Context) -> Mail:
    """Return that somebody holds a session, with an invitation."""
    return write(mailtexts.facilitator_new, session_values(context), attachments=_own_event(context, REQUEST))


@renders("bookings.facilitator_changed", name=mailtexts.facilitator_changed.name)
def facilitator_changed(context: Context) -> Mail:
    """Return that the session's time or place is another; the calendar moves the same event."""
    return write(mailtexts.facilitator_changed, session_values(context), attachments=_own_event(context, REQUEST))


@renders("bookings.facilitator_cancelled", name=mailtexts.facilitator_cancelled.name)
def facilitator_cancelled(context: Context) -> Mail:
    """Return that somebody does not hold the session any more; the calendar removes the event."""
    return write(mailtexts.facilitator_cancelled, session_values(context), attachments=_own_event(context, CANCEL))


@renders("bookings.facilitator_day", name=mailtexts.facilitator_day.name)
def facilitator_day(context: Context) -> Mail:
    """Return who comes tomorrow, and the way to the attendance form."""
    values = session_values(context)
    lines = [
        ("", ", ".join(filter(None, [class_text(line), line["school"], *line["needs"]]))) for line in context["groups"]
    ]
    values["groups"] = Rows(tuple(lines) or (("", _("Nobody has booked.")),))
    address = reverse("bookings:attendance", kwargs={"session": context["session"]})
    values["link"] = Link(settings.VAERN_BASE_URL + address, _("Report attendance"))
    return write(mailtexts.facilitator_day, values)


@renders("bookings.attendance_missing", name=mailtexts.attendance_missing.name)
def attendance_missing(context: Context) -> Mail:
    """Return that attendance of a session is missing, and the way to report it."""
    address = reverse("bookings:attendance", kwargs={"session": context["session"]})
    link = Link(settings.VAERN_BASE_URL + address, _("Report attendance"))
    return write(mailtexts.attendance_missing, {**session_values(context), "link": link})


def session_values(context: Context) -> dict[str, Value]:
    """Return what is filled into a text about a session."""
    when = _span(context["starts_at"], context["ends_at"])
    rows = [("", context["workshop"]), ("", when), ("", context["place"]), (_("Online"), context["online_link"])]
    return {
        "name": context["recipient_name"],
        "workshop": context["workshop"],
        "date": format_date(_moment(context["starts_at"])),
        "time": format_time_range(_moment(context["starts_at"]), _moment(context["ends_at"])),
        "place": context["place"],
        "facts": Rows(tuple((label, value) for label, value in rows if value)),
        "reason": context.get("reason", ""),
    }


def _own_event(context: Context, method: str) -> tuple[Attachment, ...]:
    """Return the session as an event of the facilitator's calendar; its id is the session's for life."""
    content = calendar_file(
        {**context, "booking": context["session"]},
        method=method,
        summary=context["workshop"],
        description="",
        organizer=organizer_address(),
        attendee=context["recipient"],
        now=timezone.now(),
    )
    return (Attachment("invite.ics", content, "text/calendar", {"method": method}),)


@renders("bookings.digest", name=mailtexts.digest.name)
def digest(context: Context) -> Mail:
    """Return the coordinator's overview of the day; what is empty is left out."""
    values: dict[str, Value] = {
        name: Rows(tuple(("", line) for line in context.get(name, ())))  # one written before a part came has none of it
        for name in ("new", "requests", "visits", "failures", "below_minimum", "unreported")
    }
    address = reverse("staff_bookings:index")
    values["name"] = context["recipient_name"]
    values["link"] = Link(settings.VAERN_BASE_URL + address, _("See all bookings"))
    return write(mailtexts.digest, values)
