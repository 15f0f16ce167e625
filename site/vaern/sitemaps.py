"""The sitemap: every page that everybody may read, in both languages, each with its translation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page, PageViewRestriction


def open_pages() -> QuerySet[Page]:
    """Return the pages that everybody may read now: live, not expired, nothing on or above them restricted."""
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    closed = PageViewRestriction.objects.annotate(below=path).filter(below__startswith=F("page__path"))
    pages: QuerySet[Page] = Page.objects.live().filter(depth__gt=1, alias_of__isnull=True)
    return pages.exclude(expire_at__lte=timezone.now()).exclude(Exists(closed))


class OurAddress(Sitemap):
    """Addresses at the site's public address, whatever host a request came by."""

    limit = 1000

    def get_protocol(self, protocol: str | None = None) -> str:
        """Return the scheme of VAERN_BASE_URL."""
        return urlsplit(settings.VAERN_BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """Return the host of VAERN_BASE_URL."""
        return urlsplit(settings.VAERN_BASE_URL).netloc


class PageSitemap(OurAddress):
    """Pages of every type. Two queries, whatever their number."""

    def items(self) -> list[Page]:
        """Return the pages by their place in the tree, each knowing its translations."""
        pages = [page for page in open_pages().select_related("locale").order_by("path") if page.get_url_parts()]
        same: dict[Any, list[Page]] = {}
        for page in pages:
            same.setdefault(page.translation_key, []).append(page)
        for page in pages:
            page.in_all_languages = same[page.translation_key]
        return pages

    def location(self, item: Page) -> str:
        """Return the path."""
        return str(item.get_url_parts()[2])

    def lastmod(self, item: Page) -> Any:
        """Return when it was published last."""
        return item.last_published_at

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """Add the alternates to what Django's sitemap says."""
        urls: list[dict[str, Any]] = super().get_urls(page, site, protocol)
        base = settings.VAERN_BASE_URL
        for url in urls:
            others = url["item"].in_all_languages
            if len(others) > 1:
                url["alternates"] = [
                    {"location": base + self.location(other), "lang_code": other.locale.language_code}
                    for other in others
                ]
        return urls


class GoalsSitemap(OurAddress):
    """The pages of ours that no editor writes."""

    def items(self) -> list[str]:
        """Return the languages."""
        return [code for code, _name in settings.LANGUAGES]

    def location(self, item: str) -> str:
        """Return the goals' address in a language."""
        with translation.override(item):
            return reverse("goals:public")


SECTIONS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {"pages": PageSitemap, "goals": GoalsSitemap}
