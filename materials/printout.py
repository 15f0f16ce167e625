"""The HTML of a printed lesson plan."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from materials.content import Content
from materials.models import MaterialVersion


def plan_html(version: MaterialVersion) -> str:
    """Return the page that becomes the PDF. It says nothing about today, so that it is the same each time."""
    content = Content.from_data(version.content)
    with override(content.page_language):
        return render_to_string(
            "materials/pdf.html",
            {
                "content": content,
                "version": version,
                "language": content.page_language,
                "address": f"{settings.VAERN_BASE_URL}{version.material.get_url_parts()[2]}version/{version.number}/",
            },
        )
