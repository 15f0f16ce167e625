"""What cards and pages say of a workshop."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import WorkshopPage

register = template.Library()


@register.simple_tag
def card_facts(workshop: WorkshopPage) -> list[dict[str, Any]]:
    """Return the three facts a busy reader chooses by: for whom, how long, where."""
    return [
        {"label": _("For whom"), "value": for_whom(workshop), "icon": "groups"},
        {"label": _("Duration"), "value": duration(workshop), "icon": "time"},
        {"label": _("Place"), "value": workshop.get_place_display(), "icon": "location"},
    ]


@register.simple_tag
def workshop_facts(workshop: WorkshopPage) -> list[dict[str, Any]]:
    """Return all practical facts of a workshop's page; what is not filled in is left out."""
    terms = workshop.terms
    facts: list[tuple[str, Any]] = [
        (_("For whom"), for_whom(workshop)),
        (_("Duration"), duration(workshop)),
        (_("Place"), workshop.get_place_display()),
        (_("Group size"), group_size(workshop)),
        (_("Language"), capfirst(" / ".join(workshop.language_names))),
        (_("Subjects"), ", ".join(terms["subjects"])),
        (_("Themes"), ", ".join(terms["themes"])),
        (_("Facilitators"), workshop.facilitator_count),
        (_("Teacher"), _("The teacher must be present") if _needs_teacher(workshop) else ""),
        (_("Provider"), workshop.provider.name if workshop.provider else ""),
        (_("Price"), _("Free of charge")),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


@register.simple_tag
def for_whom_text(workshop: WorkshopPage) -> str:
    """Return in one line whom a workshop is for."""
    return for_whom(workshop)


def for_whom(workshop: WorkshopPage) -> str:
    """Return "7.–9. grade · Lower secondary", or the audience when the workshop is not for school classes."""
    if workshop.audience != WorkshopPage.Audience.CLASS or workshop.grade_from is None:
        return str(workshop.get_audience_display())
    low, high = workshop.grade_from, workshop.grade_to
    numbers = (
        _("Grade %(low)s") % {"low": low} if low == high else _("Grades %(low)s–%(high)s") % {"low": low, "high": high}
    )
    return f"{numbers} · {' / '.join(band.label for band in workshop.bands)}"


def duration(workshop: WorkshopPage) -> str:
    """Return the duration in lessons and minutes, as schools plan it."""
    minutes = _("%(count)s minutes") % {"count": workshop.duration_minutes}
    if not workshop.lessons:
        return minutes
    lessons = ngettext("%(count)s lesson", "%(count)s lessons", workshop.lessons) % {"count": workshop.lessons}
    return f"{lessons} ({minutes})"


def group_size(workshop: WorkshopPage) -> str:
    """Return "10–28 pupils" or what is known of it."""
    low, high = workshop.group_min, workshop.group_max
    people = _("pupils") if workshop.audience == WorkshopPage.Audience.CLASS else _("people")
    if low and high:
        return f"{low}–{high} {people}"
    if high:
        return _("At most %(count)s %(people)s") % {"count": high, "people": people}
    return _("At least %(count)s %(people)s") % {"count": low, "people": people} if low else ""


def _needs_teacher(workshop: WorkshopPage) -> bool:
    return bool(workshop.teacher_present and workshop.audience == WorkshopPage.Audience.CLASS)
