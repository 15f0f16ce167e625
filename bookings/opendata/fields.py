"""What each field of the export holds, for the page "Use our data"."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "id": _("The workshop's own number, the same for good and in both languages (UUID)."),
    "url": _("The workshop's page; null where there is no translation."),
    "title, intro, description": _("Texts, once for each language; null where there is no translation."),
    "audience": _("class (school classes), parents, staff or adults."),
    "grade_from, grade_to": _("Lowest and highest grade, 0–10; null when it is not for school classes."),
    "subjects, themes": _("Key and name in both languages; in CSV the keys, with spaces between."),
    "place": _("school (at the school), venue (at our venue) or online."),
    "languages": _("The languages it is held in: da, en."),
    "duration_minutes, lessons": _("How long it takes; a lesson is 45 minutes."),
    "group_min, group_max": _("The smallest and largest group; null is no limit."),
    "teacher_present": _("Whether the teacher must be present."),
    "provider": _("Who holds it."),
    "price_dkk": _("The price in Danish kroner; 0 is free of charge."),
    "way_of_booking": _("sessions (choose a date), request (ask for a visit), both or external (another website)."),
    "booking_url": _("Where it is booked."),
    "open_dates, next_open_date": _(
        "How many dates can be booked right now, and when the first of them is (ISO 8601)."
    ),
    "updated_at": _("When the texts were last published (ISO 8601)."),
}
