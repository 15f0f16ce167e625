"""A material as schema.org LearningResource, for search engines and school portals."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from materials.content import Content
from materials.models import MaterialVersion

# What would end the data block early in HTML.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def learning_resource(url: str, version: MaterialVersion, content: Content) -> SafeString:
    """Return the JSON of a data block. A browser runs nothing of it, so the content policy lets it stand."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": content.title,
        "description": content.intro,
        "url": url,
        "inLanguage": content.page_language,
        "learningResourceType": content.format_name,
        "educationalLevel": content.for_whom,
        "timeRequired": f"PT{content.plan.stated}M",
        "about": [*content.subjects, *content.themes],
        "teaches": [goal["text"] for goal in content.goals],
        "educationalAlignment": [
            {"@type": "AlignmentObject", "educationalFramework": goal["framework"], "targetName": goal["text"]}
            for goal in content.goals
            if goal["framework"]
        ],
        "license": content.licence_address or content.licence_name,
        "publisher": {"@type": "Organization", "name": content.publisher},
        "version": version.number,
        "datePublished": version.published_at.date().isoformat(),
        "isAccessibleForFree": True,
    }
    known = {name: value for name, value in data.items() if value not in ("", [])}
    return mark_safe(json.dumps(known, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308 - escaped above
