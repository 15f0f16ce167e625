"""The question at the foot of a page: two links, the same for every reader."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("feedback/question.html")
def feedback_question(page: Any) -> dict[str, Any]:
    """Ask, on the pages that ask: `{% feedback_question page %}`."""
    return {"page": page if getattr(page, "asks_feedback", False) and page.pk else None}
