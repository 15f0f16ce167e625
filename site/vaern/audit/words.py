"""What the audit log calls its events, in the reader's language. Unknown ones are shown by their code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# What was changed: the part of an action before the dot.
SUBJECTS: dict[str, str | Promise] = {
    "administration": _("Administration"),
    "attendance": _("Attendance"),
    "booking": _("Booking"),
    "bookings": _("Bookings"),
    "contact": _("Contact"),
    "deadlinerule": _("Deadline rule"),
    "export": _("Export"),
    "feed": _("Calendar feed"),
    "feedback": _("Readers’ answers"),
    "goal": _("Goal"),
    "goalyear": _("Target"),
    "import": _("Import"),
    "material": _("Material"),
    "message": _("Message"),
    "organisation": _("Organisation"),
    "page": _("Page"),
    "plan_version": _("Version of the plan"),
    "schoolgroup": _("School type"),
    "schoolholiday": _("School holiday"),
    "schools": _("Schools"),
    "session": _("Session"),
    "redirect": _("Redirect"),
    "situation": _("Situation"),
    "storedfile": _("File"),
    "subject": _("Subject"),
    "synonym": _("Synonym"),
    "text": _("Message text"),
    "theme": _("Theme"),
    "translation": _("Translation"),
    "urgentmessage": _("Urgent message"),
    "user": _("User"),
    "visit": _("Request for a visit"),
}

# What was done to it: the part after the dot.
VERBS: dict[str, str | Promise] = {
    "accepted": pgettext_lazy("audit", "accepted"),
    "added": pgettext_lazy("audit", "added"),
    "adopted": pgettext_lazy("audit", "adopted"),
    "approved": pgettext_lazy("audit", "approved"),
    "begun": pgettext_lazy("audit", "begun"),
    "bounced": pgettext_lazy("audit", "bounced"),
    "cancelled": pgettext_lazy("audit", "cancelled"),
    "changed": pgettext_lazy("audit", "changed"),
    "checked": pgettext_lazy("audit", "checked"),
    "confirmed": pgettext_lazy("audit", "confirmed"),
    "contacts_forgotten": pgettext_lazy("audit", "contacts forgotten"),
    "copy": pgettext_lazy("audit", "copied"),
    "create": pgettext_lazy("audit", "created"),
    "declined": pgettext_lazy("audit", "declined"),
    "delete": pgettext_lazy("audit", "deleted"),
    "edit": pgettext_lazy("audit", "edited"),
    "ended": pgettext_lazy("audit", "ended"),
    "expired": pgettext_lazy("audit", "expired"),
    "fetched": pgettext_lazy("audit", "fetched"),
    "given_up": pgettext_lazy("audit", "given up"),
    "imported": pgettext_lazy("audit", "imported"),
    "links_asked_for": pgettext_lazy("audit", "links asked for"),
    "made": pgettext_lazy("audit", "made"),
    "marked": pgettext_lazy("audit", "marked"),
    "moved": pgettext_lazy("audit", "moved"),
    "offered": pgettext_lazy("audit", "offered"),
    "planned": pgettext_lazy("audit", "planned"),
    "proposed": pgettext_lazy("audit", "proposed"),
    "publish": pgettext_lazy("audit", "published"),
    "published": pgettext_lazy("audit", "published"),
    "rejected": pgettext_lazy("audit", "rejected"),
    "reported": pgettext_lazy("audit", "reported"),
    "reset": pgettext_lazy("audit", "reset"),
    "requested": pgettext_lazy("audit", "requested"),
    "reviewed": pgettext_lazy("audit", "reviewed"),
    "sent_again": pgettext_lazy("audit", "sent again"),
    "still_right": pgettext_lazy("audit", "still right"),
    "target_changed": pgettext_lazy("audit", "target changed"),
    "brought_back": pgettext_lazy("audit", "brought back"),
    "unpublish": pgettext_lazy("audit", "unpublished"),
    "waitlisted": pgettext_lazy("audit", "put on the waiting list"),
    "withdrawn": pgettext_lazy("audit", "withdrawn"),
}


def subject_name(subject_type: str) -> str:
    """Return what a kind of subject is called, or its code."""
    return str(SUBJECTS.get(subject_type, subject_type))


def action_name(action: str) -> str:
    """Return what was done to what, e.g. "Booking: confirmed"; a part without a name is shown by its code."""
    subject, _dot, verb = action.partition(".")
    return f"{subject_name(subject)}: {VERBS.get(verb, verb)}" if verb else subject_name(subject)
