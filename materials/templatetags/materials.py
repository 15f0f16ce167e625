"""Cards of materials, and how materials get to the page of a workshop, which does not know them (architecture.md)."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from materials.content import grade_text, size_text
from materials.queries import materials_of_workshop

register = template.Library()

register.filter("file_size", size_text)


@register.simple_tag
def workshop_materials(workshop: Any) -> list[Any]:
    """Return the materials of a workshop in the reader's language, or in Danish; one query."""
    return materials_of_workshop(workshop, get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def material_facts(material: Any) -> list[dict[str, Any]]:
    """Return the three facts a busy teacher chooses by: for whom, how long, what it is."""
    lessons = ngettext("%(count)s lesson of 45 minutes", "%(count)s lessons of 45 minutes", material.lessons)
    for_whom = grade_text(material.grade_from, material.grade_to) or material.get_audience_display()
    return [
        {"label": _("For whom"), "value": for_whom, "icon": "groups"},
        {"label": _("Duration"), "value": lessons % {"count": material.lessons}, "icon": "time"},
        {"label": _("Format"), "value": material.get_format_display(), "icon": "assignment"},
    ]
