"""Which pages ask, and what their readers have said."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from wagtail.models import Page

from vaern.feedback.models import Feedback
from vaern.pages.access import closed
from vaern.pages.models import BasePage


def asking_page(number: str) -> BasePage | None:
    """Return the public page with this number, if it asks its readers; None for any other."""
    if not number.isdigit() or len(number) > 12:
        return None
    page = Page.objects.live().exclude(closed()).filter(pk=int(number)).select_related("locale").specific().first()
    return page if isinstance(page, BasePage) and page.asks_feedback else None


def tallies() -> Any:
    """Return yes and no for each page, spam left out, the pages with most noes first."""
    return (
        Feedback.objects.exclude(state=Feedback.State.SPAM)
        .order_by()
        .values("page_id", "page__title")
        .annotate(yes=Count("pk", filter=Q(useful=True)), no=Count("pk", filter=Q(useful=False)))
        .order_by("-no", "-yes", "page__title")
    )
