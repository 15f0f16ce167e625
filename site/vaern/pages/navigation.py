"""The frame of every page: menu, footer, language switcher and the way to "Er du bekymret?"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, F
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

# Named by its content type: pages is below guidance and does not import it.
WORRIED_MODEL = "worriedpage"


@dataclass(frozen=True)
class Link:
    """A title, where it leads, and whether the page being read is there or below."""

    title: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class LanguageLink:
    """The same page, or the nearest there is, in another language."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True)
class Navigation:
    """What base.html shows around the content."""

    home_url: str
    worried_url: str
    items: list[Link]
    footer: list[Link]
    languages: list[LanguageLink]


def site_frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, made only when a template asks for it, and `demo_mailbox_url`."""
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "demo_mailbox_url": _demo_mailbox_url(),
    }


def _demo_mailbox_url() -> str:
    """Return the demo mailbox's address, or nothing where the demo is not installed, as in production."""
    try:
        return reverse("demo_mailbox")
    except NoReverseMatch:
        return ""


def navigation(request: HttpRequest) -> Navigation:
    """Return the frame for the request's language; one query for the pages."""
    language = get_language() or settings.LANGUAGE_CODE
    pages = _top_pages(request, language)
    worried = next((page.get_url(request) for page in pages if page.content_type.model == WORRIED_MODEL), "")
    return Navigation(
        home_url=home_url(language),
        worried_url=worried or "",
        items=_links(request, (page for page in pages if page.show_in_menus)),
        footer=_links(request, (page for page in pages if page.in_footer)),
        languages=[
            LanguageLink(code, NATIVE_NAMES[code], _in_language(request, code), code == language)
            for code, _label in settings.LANGUAGES
        ],
    )


NATIVE_NAMES = {"da": "Dansk", "en": "English"}


def home_url(language: str) -> str:
    """Return the front page's address in `language`: Danish has no prefix."""
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def _top_pages(request: HttpRequest, language: str) -> list[Page]:
    """Return the live pages right under the front page in `language`, in the editors' order."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    return list(
        Page.objects.live()
        .filter(depth=site.root_page.depth + 1, locale__language_code=language, view_restrictions__isnull=True)
        .annotate(in_footer=Coalesce(F("articlepage__in_footer"), False, output_field=BooleanField()))
        .select_related("content_type")
    )


def _links(request: HttpRequest, pages: Iterable[Page]) -> list[Link]:
    links = []
    for page in pages:
        url = page.get_url(request)
        if url:
            links.append(Link(page.title, url, current=request.path.startswith(url)))
    return links


def current_page(request: HttpRequest) -> Page | None:
    """Return the Wagtail page being served, or None in our own views."""
    match = request.resolver_match
    if match is None or match.url_name != "wagtail_serve":
        return None
    return Page.find_for_request(request, match.args[0] if match.args else match.kwargs.get("path", ""))


def _in_language(request: HttpRequest, language: str) -> str:
    """Return where this page is found in `language`: its translation, the same view, or else the front page."""
    page = current_page(request)
    if page is not None:
        if page.locale.language_code == language:
            return str(request.path)
        translated = page.get_translations().filter(live=True, locale__language_code=language).first()
        return (translated.get_url(request) if translated else None) or home_url(language)
    if request.resolver_match is None or request.method != "GET":
        return home_url(language)
    return translate_url(request.path, language)


def breadcrumbs(*here: tuple[str, str]) -> list[dict[str, str]]:
    """Return the path from the front page to `here`: (title, url) pairs, the last with an empty url."""
    home = (_("Home"), home_url(get_language() or settings.LANGUAGE_CODE))
    return [{"title": title, "url": url} for title, url in (home, *here)]


def page_breadcrumbs(request: HttpRequest, page: Page) -> list[dict[str, str]]:
    """Return the path from the front page to a Wagtail page; one query for its ancestors, none right under the front page."""
    site = Site.find_for_request(request)
    top = site.root_page.depth if site else 2
    ancestors = page.get_ancestors().filter(depth__gt=top) if page.depth > top + 1 else ()
    return breadcrumbs(*((p.title, p.get_url(request) or "") for p in ancestors), (page.title, ""))
