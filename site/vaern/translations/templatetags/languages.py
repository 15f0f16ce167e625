"""``{% load languages %}``: what a page tells of its other language, of its address, and of its age."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language
from wagtail.models import Page

from vaern.pages.navigation import home_url, top_pages
from vaern.translations.queries import changed_since
from vaern.translations.rules import is_behind

register = template.Library()
# Our own views that are the same for everybody and worth finding; all others may hold somebody's secret link.
PUBLIC_VIEWS = frozenset({"goals:public", "goals:public_year", "bookings:data", "plan:versions"})


@register.inclusion_tag("components/address.html", takes_context=True)
def address_of_page(context: template.Context) -> dict[str, Any]:
    """``{% address_of_page %}``: canonical address, translations and Open Graph; nothing on a page of one's own.

    A page that shows different things by its query says in `canonical_query` which of it belongs to the address.
    """
    request, page = context.get("request"), context.get("page")
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or (not isinstance(page, Page) and match.view_name not in PUBLIC_VIEWS):
        return {}
    base, query = settings.VAERN_BASE_URL, context.get("canonical_query")
    links = context["navigation"].languages
    same = [
        {"code": link.code, "url": base + link.url.partition("?")[0]}
        for link in links
        if link.current
        or link.url != home_url(link.code)
        or request.path in {home_url(code) for code, _ in settings.LANGUAGES}
    ]
    danish = next((link["url"] for link in same if link["code"] == settings.LANGUAGE_CODE), "")
    return {
        "canonical": base + request.path + (f"?{query}" if query else ""),
        "alternates": [*same, {"code": "x-default", "url": danish or same[0]["url"]}] if len(same) > 1 else [],
        "image": base + static("vaern/img/og.png"),
        "locale": "en_GB" if get_language() == "en" else "da_DK",
        "title": page.seo_title or page.title if isinstance(page, Page) else "",
        "description": getattr(page, "description", ""),
    }


@register.inclusion_tag("components/translation_notice.html", takes_context=True)
def translation_notice(context: template.Context) -> dict[str, Any]:
    """``{% translation_notice %}``: on a translated page, that the Danish page was changed after it.

    One query, and none for a page right under the front page: the frame has read its Danish page already.
    """
    page, request = context.get("page"), context.get("request")
    if request is None or not isinstance(page, Page) or get_language() == settings.LANGUAGE_CODE or not page.pk:
        return {}
    same = (top for top in top_pages(request) if top.translation_key == page.translation_key and top.pk != page.pk)
    known = next(same, None)
    if known and not is_behind(
        source=known.last_published_at, translation=page.last_published_at, still_right_for=None
    ):
        return {}
    behind = changed_since(page)
    if behind is None:
        return {}
    source, changed = behind
    return {"changed": changed, "danish_url": source.get_url(request)}
