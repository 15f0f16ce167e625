"""What a refusal is called in the reader's language: a short form for lists, a sentence for forms."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.attendance import Report
from bookings.models import AttendanceRecord
from bookings.roll import Roll
from bookings.rules import NO_LIMITS, GroupLimits, Refusal
from vaern.design.formats import format_clock, format_date


def short(refusal: Refusal) -> str:
    """Return two or three words for a list of dates."""
    return {
        Refusal.SESSION_CANCELLED: _("Cancelled"),
        Refusal.STARTED: _("Has begun"),
        Refusal.NOT_OPEN_YET: _("Not open yet"),
        Refusal.CLOSED: _("Booking has closed"),
        Refusal.FULL: _("Fully booked"),
        Refusal.TOO_FEW_SEATS: _("Too few places"),
        Refusal.OTHERS_WAIT: _("Fully booked"),
        Refusal.ONLY_TOGETHER: _("Booked with other dates"),
        Refusal.NOT_BOOKED_HERE: _("Not booked here yet"),
        Refusal.APPROVAL_NEEDED: _("By agreement"),
    }.get(refusal, _("Cannot be booked"))


def sentence(refusal: Refusal, *, free: int | None = None, label: str = "", limits: GroupLimits = NO_LIMITS) -> str:
    """Return what to tell somebody who wants to do it: what is wrong and what they can do."""
    if refusal is Refusal.TOO_FEW_SEATS:
        return ngettext(
            "There is only %(count)s place left on this date. Choose another date, or write a smaller number.",
            "There are only %(count)s places left on this date. Choose another date, or write a smaller number.",
            free or 0,
        ) % {"count": free or 0}
    if refusal is Refusal.ALREADY_BOOKED:
        person = "@" in label
        text = (
            _("%(label)s is booked on this date already.")
            if person
            else _("%(label)s from this school is booked on this date already.")
        )
        return text % {"label": label}
    if refusal is Refusal.GROUP_TOO_LARGE:
        return _("This workshop takes at most %(count)s pupils in a class.") % {"count": limits.largest}
    if refusal is Refusal.GROUP_TOO_SMALL:
        return _("This workshop takes at least %(count)s pupils in a class.") % {"count": limits.smallest}
    return {
        Refusal.SESSION_CANCELLED: _("This date is cancelled. Choose another date."),
        Refusal.STARTED: _("This date has begun, so it cannot be booked any more. Choose another date."),
        Refusal.NOT_OPEN_YET: _("Booking of this date has not opened yet."),
        Refusal.CLOSED: _("Booking of this date has closed. Choose another date."),
        Refusal.FULL: _("This date is fully booked. Choose another date."),
        Refusal.APPROVAL_NEEDED: _("This date is booked by agreement with the coordinator. Choose another date."),
        Refusal.OTHERS_WAIT: _("Others are waiting for the places on this date. Choose another date."),
        Refusal.ONLY_TOGETHER: _("This date is booked together with the other dates of its series."),
        Refusal.NOT_BOOKED_HERE: _("This date cannot be booked here yet."),
        Refusal.ENDED: _("This booking has ended and cannot be changed."),
        Refusal.HAS_ATTENDANCE: _("Attendance has been reported for this booking, so it cannot be cancelled any more."),
        Refusal.TOO_LATE_TO_CANCEL: _(
            "The cancellation deadline has passed. Answer the confirmation e-mail if the class cannot come."
        ),
        Refusal.BEGUN: _("This date has begun, so its time and place cannot be changed any more."),
        Refusal.NOT_REQUESTED: _("This booking does not wait for an approval."),
        Refusal.NOT_OFFERED: _("There is no offer to answer for this booking right now."),
        Refusal.OFFER_LAPSED: _("The offer has run out, and the places have gone to others. You can book again."),
        Refusal.ANOTHER_WORKSHOP: _("The booking can only be moved to a date of the same workshop."),
        Refusal.VISIT_CLOSED: _("This request for a visit has been answered already."),
        Refusal.NOT_PROPOSED: _("That time is not among those that were proposed."),
        Refusal.FACILITATOR_BUSY: _("%(label)s has another session at that time.") % {"label": label},
        Refusal.TIME_PASSED: _("That time has passed. Choose a later one."),
        Refusal.NOT_STARTED: _("You can report attendance when the session has begun."),
    }[refusal]


def saved(roll: Roll, records: Sequence[AttendanceRecord]) -> str:
    """Return what is saved and when: each class with its numbers, and persons counted."""
    if not records:
        return ""
    latest = max(records, key=lambda one: one.pk)
    when = _("Saved %(day)s %(clock)s:") % {
        "day": format_date(latest.recorded_at, "plain"),
        "clock": format_clock(latest.recorded_at),
    }
    labelled = [
        f"{roll.subjects[record.subject]}: {came(record)}"
        for record in records
        if record.persons_present is None and not record.person_id
    ]
    persons = [record for record in records if record.persons_present is not None]
    not_held = [record for record in records if record.person_id and not record.took_place]
    if persons:
        here = sum(record.persons_present or 0 for record in persons)
        labelled.append(ngettext("%(count)s present", "%(count)s present", here) % {"count": here})
        away = sum(1 for record in persons if record.persons_present == 0)
        if away:
            labelled.append(ngettext("%(count)s absent", "%(count)s absent", away) % {"count": away})
    if not_held:
        labelled.append(came(not_held[0]))
    return f"{when} {'; '.join(labelled)}."


def came(record: AttendanceRecord) -> str:
    """Return what one record says: numbers, a count of persons, or why it did not take place."""
    if not record.took_place:
        return _("did not take place (%(reason)s)") % {"reason": record.get_reason_display()}
    if record.persons_present is None:
        return in_numbers(record.pupils_present or 0, record.adults_present or 0)
    if record.person_id:
        return _("present") if record.persons_present else _("absent")
    number = record.persons_present
    return ngettext("%(count)s person", "%(count)s persons", number) % {"count": number}


def would_be(report: Report) -> str:
    """Return what a report would say, once it is a record."""
    kind, pk = report.subject
    return came(AttendanceRecord(**{f"{kind}_id": pk}, **report.said))


def in_numbers(pupils: int, adults: int) -> str:
    """Return pupils and adults in words."""
    return "{}, {}".format(
        ngettext("%(count)s pupil", "%(count)s pupils", pupils) % {"count": pupils},
        ngettext("%(count)s adult", "%(count)s adults", adults) % {"count": adults},
    )
