"""The texts of all messages about bookings: what each is called, what can be filled in, and what Værn itself says.

Staff change them in the admin (`vaern.outbox.texts`); the placeholders are filled in by `bookings.mails`.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vaern.outbox.texts import Placeholder, TextKind, register_text

NAME = Placeholder("name", _("The recipient's name"))
WORKSHOP = Placeholder("workshop", _("The workshop's title"), in_subject=True)
DATE = Placeholder("date", _("The day"), in_subject=True)
TIME = Placeholder("time", _("From when to when"), in_subject=True)
PLACE = Placeholder("place", _("The place"), in_subject=True)
SCHOOL = Placeholder("school", _("The school"), in_subject=True)
REFERENCE = Placeholder("reference", _("The booking's reference"), in_subject=True)
FACTS = Placeholder("facts", _("Workshop, time, place, school, classes and reference, one a line"), required=True)
LINK = Placeholder("link", _("The way to the booking's own page; only in the contact's message"), required=True)
PREPARE = Placeholder("prepare", _("What to prepare; nothing when the workshop says nothing"))
REASON = Placeholder("reason", _("The reason that was given"), required=True)
DEADLINE = Placeholder("deadline", _("Until when to answer"), required=True)
CANCEL_UNTIL = Placeholder("cancel_until", _("Until when the booking can be cancelled online; nothing when it is past"))
POSITION = Placeholder("position", _("The number on the waiting list"), in_subject=True, required=True)
BEFORE = Placeholder("before", _("When it was before"), required=True)
CALENDAR = Placeholder("calendar", _("A sentence about the attached calendar file; nothing when none is attached"))
NEXT = Placeholder("what_next", _("Where the booking stands now, when it is not confirmed"))

COMMON = (NAME, WORKSHOP, DATE, TIME, PLACE, SCHOOL, REFERENCE)
HELLO = _("Hello {name}")
REGARDS = _("Kind regards\nVærn, Københavns Kommune")
SEE_LINK = _("See, change or cancel the booking here. The link is yours alone, so do not pass it on:\n{link}")
READ_LINK = _("See the booking here:\n{link}")
BEFORE_WORKSHOP = _("Before the workshop:\n{prepare}")
CANCEL_BY = _("You can cancel online until {cancel_until}.")

received = register_text(
    TextKind(
        "bookings.received",
        _("Booking received"),
        _("To the booker, when a coordinator has to approve the booking."),
        (*COMMON, FACTS, LINK),
        _("Received: {workshop}"),
        (
            HELLO,
            _("We have received your booking. It is not confirmed yet: a coordinator looks at it and writes to you."),
            "{facts}",
            SEE_LINK,
            REGARDS,
        ),
    )
)
confirmed = register_text(
    TextKind(
        "bookings.confirmed",
        _("Booking confirmed"),
        _("To the booker and the adult in charge, when it is booked."),
        (*COMMON, FACTS, LINK, PREPARE, CANCEL_UNTIL),
        _("Booked: {workshop}"),
        (
            HELLO,
            _("It is booked. The date is attached for your calendar."),
            "{facts}",
            BEFORE_WORKSHOP,
            SEE_LINK,
            CANCEL_BY,
            REGARDS,
        ),
    )
)
waiting = register_text(
    TextKind(
        "bookings.waiting",
        _("On the waiting list"),
        _("To the booker, when there is no room and the booking waits."),
        (*COMMON, FACTS, LINK, POSITION),
        _("On the waiting list: {workshop}"),
        (
            HELLO,
            _("The date is full. You are number {position} on the waiting list, and we write to you if there is room."),
            "{facts}",
            SEE_LINK,
            REGARDS,
        ),
    )
)
offered = register_text(
    TextKind(
        "bookings.offered",
        _("Offer of a place"),
        _("To somebody on the waiting list, when there is room."),
        (*COMMON, FACTS, LINK, DEADLINE),
        _("There is room for you now: {workshop}"),
        (
            HELLO,
            _("There is room for you now. We keep the places for you until {deadline}."),
            "{facts}",
            _("Answer here whether you want them:\n{link}"),
            _("If we do not hear from you before then, the places go to the next on the waiting list."),
            REGARDS,
        ),
    )
)
offer_lapsed = register_text(
    TextKind(
        "bookings.offer_lapsed",
        _("Offer has run out"),
        _("To somebody who has not answered an offer in time."),
        (*COMMON, FACTS, LINK),
        _("The offer has run out: {workshop}"),
        (
            HELLO,
            _("We have not heard from you, so the places have gone to the next on the waiting list."),
            "{facts}",
            _("You can still book another date. You find the workshop's dates by way of your old booking:\n{link}"),
            REGARDS,
        ),
    )
)
changed = register_text(
    TextKind(
        "bookings.changed",
        _("Time or place changed"),
        _("To all who have booked, when we change time or place of a date."),
        (*COMMON, FACTS, LINK, CALENDAR),
        _("Changed: {workshop}"),
        (
            HELLO,
            _("Time or place has changed. This is how it is now."),
            "{calendar}",
            "{facts}",
            _("Does the date no longer suit you? See, change or cancel the booking here:\n{link}"),
            REGARDS,
        ),
    )
)
numbers = register_text(
    TextKind(
        "bookings.numbers",
        _("Booking changed"),
        _("To the booker, when the numbers or the persons of a booking are changed."),
        (*COMMON, FACTS, LINK),
        _("Your booking is changed: {workshop}"),
        (HELLO, _("The booking is changed. This is how it is now."), "{facts}", SEE_LINK, REGARDS),
    )
)
moved = register_text(
    TextKind(
        "bookings.moved",
        _("Moved to another date"),
        _("To the booker, when a booking is moved to another date."),
        (*COMMON, FACTS, LINK, BEFORE, CALENDAR, NEXT),
        _("Moved: {workshop}"),
        (
            HELLO,
            _("The booking is moved. It was {before}; this is how it is now."),
            "{what_next}",
            "{calendar}",
            "{facts}",
            SEE_LINK,
            REGARDS,
        ),
    )
)
cancelled = register_text(
    TextKind(
        "bookings.cancelled",
        _("Cancelled by the booker"),
        _("To the booker and the adult in charge, when the booker cancels."),
        (*COMMON, FACTS, CALENDAR),
        _("Your booking is cancelled: {workshop}"),
        (HELLO, _("The booking is cancelled. You need not do anything more."), "{calendar}", "{facts}", REGARDS),
    )
)
called_off = register_text(
    TextKind(
        "bookings.called_off",
        _("Cancelled by us"),
        _("To all who have booked, when we cancel a date or a booking."),
        (*COMMON, FACTS, REASON, CALENDAR),
        _("Called off: {workshop}"),
        (
            HELLO,
            _("We have had to call this date off for you. We are sorry."),
            _("Reason: {reason}"),
            "{calendar}",
            "{facts}",
            REGARDS,
        ),
    )
)
rejected = register_text(
    TextKind(
        "bookings.rejected",
        _("Booking not approved"),
        _("To the booker, when a coordinator says no."),
        (*COMMON, FACTS, REASON),
        _("Not possible: {workshop}"),
        (HELLO, _("We cannot meet your booking."), _("Reason: {reason}"), "{facts}", REGARDS),
    )
)
reminder = register_text(
    TextKind(
        "bookings.reminder",
        _("Reminder"),
        _("To the booker and the adult in charge, some days before."),
        (*COMMON, FACTS, LINK, PREPARE, CANCEL_UNTIL),
        _("Soon: {workshop}, {date}"),
        (
            HELLO,
            _("You have booked this, and it is soon."),
            "{facts}",
            BEFORE_WORKSHOP,
            _(
                "Can you not come, or have the numbers changed? "
                "Change or cancel here; then others get the places:\n{link}"
            ),
            CANCEL_BY,
            REGARDS,
        ),
    )
)
day_before = register_text(
    TextKind(
        "bookings.day_before",
        _("The day before"),
        _("To the booker and the adult in charge, the day before: the practical things and what to prepare."),
        (*COMMON, FACTS, LINK, PREPARE),
        _("Tomorrow: {workshop}"),
        (HELLO, _("We see each other tomorrow."), "{facts}", BEFORE_WORKSHOP, READ_LINK, REGARDS),
    )
)
thanks = register_text(
    TextKind(
        "bookings.thanks",
        _("Thank you, with evaluation"),
        _("To the booker and the adult in charge, the day after."),
        (*COMMON, FACTS, LINK, Placeholder("evaluation", _("Link to the evaluation"))),
        _("Thank you for taking part: {workshop}"),
        (
            HELLO,
            _("Thank you for taking part."),
            _("Tell us how it was. It takes two minutes, and the answers are anonymous:\n{evaluation}"),
            _("On the booking's own page you see what to work on afterwards:\n{link}"),
            "{facts}",
            REGARDS,
        ),
    )
)
links = register_text(
    TextKind(
        "bookings.links",
        _("My link again"),
        _("To somebody who has asked for the link to a booking again."),
        (
            Placeholder("links", _("Each booking with its new link"), required=True),
            Placeholder("workshops", _("The workshops' titles"), in_subject=True),
        ),
        _("The link to your booking"),
        (
            _("Hello"),
            _("Here is a new link to your booking. Old links no longer work."),
            "{links}",
            _("The link is yours alone, so do not pass it on. If you did not ask for it, you need not do anything."),
            REGARDS,
        ),
    )
)
no_links = register_text(
    TextKind(
        "bookings.no_links",
        _("My link again, without a booking"),
        _("To somebody who has asked for a link with an address that has no booking."),
        (),
        _("The link to your booking"),
        (
            _("Hello"),
            _(
                "Somebody asked for the link to a booking with this e-mail address, but there is none with it. "
                "Perhaps another address was used, or the workshop was long ago."
            ),
            _("If you did not ask for it, you need not do anything."),
            REGARDS,
        ),
    )
)

VISIT_FACTS = Placeholder(
    "facts", _("Workshop, school, classes, wished times and reference, one a line"), required=True
)
VISIT = (NAME, WORKSHOP, SCHOOL, REFERENCE, VISIT_FACTS)

visit_received = register_text(
    TextKind(
        "bookings.visit_received",
        _("Visit: request received"),
        _("To the school, when it has asked for a visit."),
        (*VISIT, LINK),
        _("Your request for a visit: {workshop}"),
        (
            HELLO,
            _("We have received your request for a visit. It is not agreed yet: a coordinator writes to you."),
            "{facts}",
            _("See how it stands, or take it back, here:\n{link}"),
            REGARDS,
        ),
    )
)
visit_proposed = register_text(
    TextKind(
        "bookings.visit_proposed",
        _("Visit: another time proposed"),
        _("To the school, when none of the wished times suits us."),
        (*VISIT, Placeholder("proposal", _("The time that we propose"), in_subject=True, required=True), LINK, NEXT),
        _("Another time for the visit: {workshop}"),
        (
            HELLO,
            _("The times you wished for do not suit us. We propose another:"),
            "{proposal}",
            "{what_next}",
            _("Answer here whether it suits you:\n{link}"),
            "{facts}",
            REGARDS,
        ),
    )
)
visit_declined = register_text(
    TextKind(
        "bookings.visit_declined",
        _("Visit: declined"),
        _("To the school, when we cannot come."),
        (*VISIT, REASON),
        _("We cannot come: {workshop}"),
        (HELLO, _("We are sorry, but we cannot come this time."), _("Reason: {reason}"), "{facts}", REGARDS),
    )
)
visit_withdrawn = register_text(
    TextKind(
        "bookings.visit_withdrawn",
        _("Visit: request withdrawn"),
        _("To the school, when it has taken its request back."),
        VISIT,
        _("Your request is withdrawn: {workshop}"),
        (HELLO, _("Your request is withdrawn. You need not do anything more."), "{facts}", REGARDS),
    )
)

# -- to those who work with it ----------------------------------------------------------------------------

SESSION_FACTS = Placeholder("facts", _("Workshop, time and place, one a line"), required=True)
GROUPS = Placeholder("groups", _("Who comes, one a line: class, school, numbers, needs"))
ATTENDANCE = Placeholder("link", _("The way to the attendance form"))
STAFF = (NAME, WORKSHOP, DATE, TIME, PLACE, SESSION_FACTS)

facilitator_new = register_text(
    TextKind(
        "bookings.facilitator_new",
        _("To the facilitator: new session"),
        _("When somebody is put on a session as its facilitator."),
        STAFF,
        _("You hold a session: {workshop}, {date}"),
        (
            HELLO,
            _("You are facilitator of this session. The date is attached for your calendar."),
            "{facts}",
            REGARDS,
        ),
    )
)
facilitator_changed = register_text(
    TextKind(
        "bookings.facilitator_changed",
        _("To the facilitator: session changed"),
        _("When time or place of a session is changed."),
        STAFF,
        _("Changed: {workshop}, {date}"),
        (
            HELLO,
            _("Time or place of your session has changed. This is how it is now; the file updates your calendar."),
            "{facts}",
            REGARDS,
        ),
    )
)
facilitator_cancelled = register_text(
    TextKind(
        "bookings.facilitator_cancelled",
        _("To the facilitator: session cancelled, or no longer yours"),
        _("When a session is cancelled, or somebody else holds it."),
        (*STAFF, Placeholder("reason", _("The reason, when the session is cancelled"))),
        _("Not yours any more: {workshop}, {date}"),
        (
            HELLO,
            _("You do not hold this session any more. The attached file removes it from your calendar."),
            _("Reason: {reason}"),
            "{facts}",
            REGARDS,
        ),
    )
)
facilitator_day = register_text(
    TextKind(
        "bookings.facilitator_day",
        _("To the facilitator: the day before"),
        _("The day before a session: who comes."),
        (*STAFF, GROUPS, ATTENDANCE),
        _("Tomorrow: {workshop}"),
        (
            HELLO,
            _("You hold this session tomorrow."),
            "{facts}",
            _("Who comes:\n{groups}"),
            _("Report here afterwards how many came:\n{link}"),
            REGARDS,
        ),
    )
)
attendance_missing = register_text(
    TextKind(
        "bookings.attendance_missing",
        _("To the facilitator: attendance is missing"),
        _("An hour after a session that nobody has reported, and again after two and five days."),
        (*STAFF, ATTENDANCE),
        _("How many came? {workshop}, {date}"),
        (
            HELLO,
            _("Attendance of this session has not been reported yet. It takes half a minute."),
            "{facts}",
            _("Report here how many came, or that it did not take place:\n{link}"),
            REGARDS,
        ),
    )
)
digest = register_text(
    TextKind(
        "bookings.digest",
        _("To the coordinator: the day's overview"),
        _("Every morning when there is something to tell."),
        (
            NAME,
            Placeholder("new", _("New bookings, by workshop")),
            Placeholder("requests", _("What waits for an answer")),
            Placeholder("visits", _("Requests for visits that wait for an answer")),
            Placeholder("failures", _("Messages that could not be delivered")),
            Placeholder("below_minimum", _("Sessions soon with too few booked")),
            Placeholder("unreported", _("Sessions whose attendance is still missing after three reminders")),
            Placeholder("link", _("The way to the list of bookings")),
        ),
        _("Værn today"),
        (
            HELLO,
            _("New bookings since the last overview:\n{new}"),
            _("Waiting for your answer:\n{requests}"),
            _("Requests for visits to answer:\n{visits}"),
            _("Could not be delivered:\n{failures}"),
            _("Soon, with fewer booked than the workshop's minimum:\n{below_minimum}"),
            _("Attendance is still missing:\n{unreported}"),
            _("See all bookings:\n{link}"),
            REGARDS,
        ),
    )
)
