"""``{% load plan %}``: what the plan's pages show beside their own fields.

Tags  ``plan_view`` ``chapter_view`` ``card_view`` ``plan_standing``
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from wagtail.models import Page

from vaern.guidance.models import ActionCardPage, PlanVersion
from vaern.guidance.plans import readers
from vaern.guidance.plans.outline import outlines
from vaern.guidance.plans.queries import Standing, current_version

register = template.Library()


@register.simple_tag(takes_context=True)
def plan_view(context: template.Context, page: Page) -> readers.PlanView:
    """``{% plan_view page as plan %}``: contents, standing and files of the published plan."""
    return readers.plan_view(context["request"], page)


@register.simple_tag(takes_context=True)
def chapter_view(context: template.Context, page: Page) -> readers.ChapterView:
    """``{% chapter_view page as chapter %}``: number, sections, cards and neighbours of a published chapter."""
    return readers.chapter_view(context["request"], page)


@register.simple_tag(takes_context=True)
def card_view(context: template.Context, page: ActionCardPage) -> readers.CardView:
    """``{% card_view page as in_plan %}``: the number that readers know a published card by, and its file."""
    return readers.card_view(context["request"], page)


@register.simple_tag
def plan_standing(page: Page | None) -> dict[str, Any]:
    """``{% plan_standing page as standing %}``: for editors: version in force, open proposal, due date."""
    if page is None or page.pk is None:
        return {}
    version = current_version(page.translation_key)
    return {
        "standing": Standing(version, outlines(page.translation_key), timezone.localdate()) if version else None,
        "proposal": PlanVersion.objects.light()
        .filter(plan_key=page.translation_key, state=PlanVersion.State.PROPOSED)
        .first(),
    }
