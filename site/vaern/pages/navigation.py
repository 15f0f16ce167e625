"""The frame of every page: menu, footer, language switcher and the way to "Er du bekymret?"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from vaern.pages.access import closed, restricted_itself
from vaern.pages.urgent import AT_ONCE, UrgentMessage

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
    urgent: list[UrgentMessage]


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
    """Return the frame for the request's language."""
    language = get_language() or settings.LANGUAGE_CODE
    pages = [page for page in top_pages(request) if page.locale.language_code == language and not page.is_restricted]
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
        urgent=urgent_messages(request),
    )


def urgent_messages(request: HttpRequest) -> list[UrgentMessage]:
    """Return the messages to show now. The list of top pages says whether there are any: mostly it costs no query."""
    if not any(page.something_urgent for page in top_pages(request)):
        return []
    return list(UrgentMessage.objects.shown_at(timezone.now())[:AT_ONCE])


NATIVE_NAMES = {"da": "Dansk", "en": "English"}


def home_url(language: str) -> str:
    """Return the front page's address in `language`: Danish has no prefix."""
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def top_pages(request: HttpRequest) -> list[Page]:
    """Return the live pages right under the front pages, of all languages, in the editors' order.

    One query a request: menu, footer, breadcrumbs and language switcher all read this list.
    """
    if not hasattr(request, "_vaern_top_pages"):
        homes, pages = _homes(request)
        request._vaern_top_pages = list(  # type: ignore[attr-defined]
            pages.annotate(
                in_footer=Coalesce(F("articlepage__in_footer"), False, output_field=BooleanField()),
                home_language=Subquery(homes.values("locale__language_code")[:1]),
                is_restricted=ExpressionWrapper(restricted_itself(), output_field=BooleanField()),
                is_open=~closed(),
                something_urgent=Exists(UrgentMessage.objects.shown_at(timezone.now())),
            )
            .filter(home_language__isnull=False)
            .select_related("content_type", "locale")
        )
    found: list[Page] = request._vaern_top_pages  # type: ignore[attr-defined]
    return found


def _homes(request: HttpRequest) -> tuple[QuerySet[Page], QuerySet[Page]]:
    """Return the request's live front pages, and the live pages one level down; the first know the second's path."""
    site = Site.find_for_request(request)
    if site is None:
        return Page.objects.none(), Page.objects.none()
    root = site.root_page
    homes = Page.objects.live().filter(
        translation_key=root.translation_key, path=Substr(OuterRef("path"), 1, len(root.path))
    )
    return homes, Page.objects.live().filter(depth=root.depth + 1)


def specific_of(page: Page) -> Page:
    """Return the page of its own type, and let it know when nothing above it or on it restricts who may read it."""
    specific: Page = page.specific
    specific.known_open = getattr(page, "is_open", False)
    return specific


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


def keep_query(request: HttpRequest, query: str) -> None:
    """Let the language switch carry `query` along: what a view has read and understood of its address, well encoded.

    A view says so itself, since a query string may as well be a token or nonsense, which no link should repeat.
    """
    request._vaern_kept_query = query  # type: ignore[attr-defined]


def _in_language(request: HttpRequest, language: str) -> str:
    """Return where this page is found in `language`, with the part of its query string that holds there as well."""
    address = _address_in(request, language)
    query = getattr(request, "_vaern_kept_query", "")
    return f"{address}?{query}" if query and request.method == "GET" and address != home_url(language) else address


def _address_in(request: HttpRequest, language: str) -> str:
    """Return where this page is found in `language`: its translation, the same view, or else the front page."""
    page = current_page(request)
    if page is not None:
        if language == get_language():
            return str(request.path)
        translated = _translation(request, page, language)
        address = translated.get_url(request) if translated else None
        return f"{address}{_below(request, page)}" if address else home_url(language)
    match = request.resolver_match
    if match is None or match.url_name == "wagtail_serve" or request.method != "GET":
        return home_url(language)
    return translate_url(request.path, language)


def _below(request: HttpRequest, page: Page) -> str:
    """Return the part of the address below the page's own, where a page answers itself: the same in both languages."""
    own = page.get_url(request) or ""
    return request.path[len(own) :] if request.path.startswith(own) else ""


def _translation(request: HttpRequest, page: Page, language: str) -> Page | None:
    top = top_pages(request)
    if page.pk in {other.pk for other in top}:
        same = (other for other in top if other.translation_key == page.translation_key and other.is_open)
        return next((other for other in same if other.locale.language_code == language), None)
    # A page that not everybody may read is not told of, neither here nor to search engines.
    translations = page.get_translations().filter(live=True, locale__language_code=language)
    found: Page | None = translations.exclude(closed()).first()
    return found


def breadcrumbs(*here: tuple[str, str]) -> list[dict[str, str]]:
    """Return the path from the front page to `here`: (title, url) pairs, the last with an empty url."""
    home = (_("Front page"), home_url(get_language() or settings.LANGUAGE_CODE))
    return [{"title": title, "url": url} for title, url in (home, *here)]


def page_breadcrumbs(request: HttpRequest, page: Page) -> list[dict[str, str]]:
    """Return the path from the front page to a Wagtail page; a query only for pages three levels down or deeper."""
    ancestors = [other for other in top_pages(request) if page.path.startswith(other.path) and other.pk != page.pk]
    if ancestors and page.depth > ancestors[0].depth + 1:
        ancestors += page.get_ancestors().filter(depth__gt=ancestors[0].depth)
    return breadcrumbs(*((other.title, other.get_url(request) or "") for other in ancestors), (page.title, ""))
