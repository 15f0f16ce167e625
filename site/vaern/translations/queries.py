"""Reads of translations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, Subquery
from wagtail.models import Page

from vaern.translations.models import StillRight
from vaern.translations.rules import is_behind


@dataclass(frozen=True)
class Row:
    """A Danish page and how its translation stands: missing, behind, or a draft."""

    source: Page
    translation: Page | None
    state: str


def source_of(page: Page) -> Page | None:
    """Return the live Danish page that this one is a translation of."""
    found: Page | None = (
        Page.objects.live()
        .filter(translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE)
        .exclude(pk=page.pk)
        .annotate(still_right_for=Subquery(StillRight.objects.filter(page=page.pk).values("source_published_at")[:1]))
        .select_related("locale")
        .first()
    )
    return found


def changed_since(page: Page) -> tuple[Page, dt.datetime] | None:
    """Return the Danish page and when it was changed, when this translation is behind it. One query."""
    source = source_of(page)
    if source is None or not is_behind(
        source=source.last_published_at,
        translation=page.last_published_at,
        still_right_for=source.still_right_for,
    ):
        return None
    return source, source.last_published_at


def report(language: str = "en") -> list[Row]:
    """Return the live Danish pages whose translation is missing, a draft, or behind. One query for both languages."""
    right = StillRight.objects.filter(page=OuterRef("pk")).values("source_published_at")[:1]
    pages = Page.objects.filter(depth__gt=1, locale__language_code__in=(settings.LANGUAGE_CODE, language))
    both = list(pages.annotate(still_right_for=Subquery(right)).select_related("locale").order_by("path"))
    translations = {page.translation_key: page for page in both if page.locale.language_code == language}
    danish = [page for page in both if page.live and page.locale.language_code == settings.LANGUAGE_CODE]
    rows = []
    for source in danish:
        page = translations.get(source.translation_key)
        if page is None:
            rows.append(Row(source, None, "missing"))
        elif not page.live:
            rows.append(Row(source, page, "draft"))
        elif is_behind(
            source=source.last_published_at,
            translation=page.last_published_at,
            still_right_for=page.still_right_for,
        ):
            rows.append(Row(source, page, "behind"))
    return rows
