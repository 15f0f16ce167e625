"""What a public site must answer beside its pages: robots, sitemap, security.txt, the accessibility statement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sitemaps import views as sitemap_views
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from vaern.addresses import in_english
from vaern.pages.access import closed
from vaern.pages.models import ArticlePage
from vaern.sitemaps import SECTIONS

# Beginnings of addresses that belong to one person, to staff, or to no page: in Danish; the English follow.
OWN_ADDRESSES = (
    "/booking/",
    "/bestil/",
    "/bestil-raekke/",
    "/oensk-besoeg/",
    "/mit-besoeg/",
    "/min-booking/",
    "/mine-bookinger/",
    "/min-kalender/",
    "/find-min-booking/",
    "/feedback/",
    "/min-side/",
    "/log-ind/",
    "/log-af/",
    "/fremmoede/",
    "/vikar/",
    "/tjek-ind/",
    "/koordinator/",
    "/soeg/",
)
SECURITY_TXT_VALID = dt.timedelta(days=180)
STATEMENT_SLUGS = {"da": "tilgaengelighed", "en": "accessibility"}


def text(lines: list[str]) -> HttpResponse:
    """Return lines as plain text."""
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Say what robots may read: everything public, nothing of one person's own; of a demo nothing at all."""
    if apps.is_installed("vaern.demo"):
        return text(["User-agent: *", "Disallow: /"])
    both = [*OWN_ADDRESSES, *(f"/en{in_english(path)}" for path in OWN_ADDRESSES)]
    return text(
        [
            "User-agent: *",
            "Disallow: /admin/",
            "Disallow: /demo/",
            *(f"Disallow: {path}" for path in both),
            "",
            f"Sitemap: {settings.VAERN_BASE_URL}{reverse('sitemap')}",
        ]
    )


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Return the sitemap, in parts of at most `Sitemap.limit` addresses."""
    answer: Any = sitemap_views.index(request, sitemaps=SECTIONS, sitemap_url_name="sitemap_section")
    return _rendered(answer)


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """Return one part of the sitemap."""
    answer: Any = sitemap_views.sitemap(request, sitemaps=SECTIONS, section=section)
    return _rendered(answer)


def _rendered(answer: Any) -> HttpResponse:
    """Render here, while the language of the request is still the active one."""
    rendered: HttpResponse = answer.render()
    return rendered


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a security hole (RFC 9116). The end is computed, so that it never lies in the past."""
    contact = settings.VAERN_SECURITY_CONTACT
    if "@" in contact and not contact.startswith("mailto:"):
        contact = f"mailto:{contact}"
    expires = (
        (timezone.now() + SECURITY_TXT_VALID).astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    )
    return text(
        [
            f"Contact: {contact}" if contact else "# Contact: skal udfyldes (VAERN_SECURITY_CONTACT)",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: da, en",
            f"Canonical: {settings.VAERN_BASE_URL}{reverse('security_txt')}",
        ]
    )


@require_safe
def was(request: HttpRequest) -> HttpResponse:
    """Lead to the accessibility statement: the one in WAS-Tool when its address is set, else our own page of it.

    The short address `/was` is what the law's guidance asks for (danish-context.md §3.1).
    """
    if settings.VAERN_WAS_URL:
        return redirect(settings.VAERN_WAS_URL)
    language = translation.get_language() or settings.LANGUAGE_CODE
    pages = ArticlePage.objects.live().exclude(closed()).filter(locale__language_code=language)
    page = pages.filter(slug=STATEMENT_SLUGS.get(language, "")).first()
    if page is None:
        raise Http404
    return redirect(page.get_url(request))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for it by its old name."""
    return redirect(static("vaern/img/favicon.svg"), permanent=True)
