"""The sitemap: every page that everybody may read, in both languages, each with its translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page

from vaern.guidance.models import PlanVersion
from vaern.pages.access import closed


def open_pages() -> QuerySet[Page]:
    """Return the pages that everybody may read now: live, not expired, nothing on or above them restricted."""
    pages: QuerySet[Page] = Page.objects.live().filter(depth__gt=1, alias_of__isnull=True)
    return pages.exclude(expire_at__lte=timezone.now()).exclude(closed())


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


@dataclass(frozen=True)
class View:
    """A page of ours that no editor writes, in a language."""

    language: str
    name: str
    args: tuple[str, ...] = ()

    def address(self, language: str = "") -> str:
        """Return its path, or its path in another language."""
        with translation.override(language or self.language):
            return reverse(self.name, args=self.args)


class ViewSitemap(OurAddress):
    """Pages that no editor writes; each is there in every language."""

    names: tuple[str, ...] = ()

    def items(self) -> list[View]:
        """Return each view in each language."""
        return [View(code, name) for name in self.names for code, _name in settings.LANGUAGES]

    def location(self, item: View) -> str:
        """Return the path."""
        return item.address()

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """Add the alternates to what Django's sitemap says."""
        urls: list[dict[str, Any]] = super().get_urls(page, site, protocol)
        for url in urls:
            url["alternates"] = [
                {"location": settings.VAERN_BASE_URL + url["item"].address(code), "lang_code": code}
                for code, _name in settings.LANGUAGES
            ]
        return urls


class GoalsSitemap(ViewSitemap):
    """The yearly goals."""

    names = ("goals:public",)


class DataSitemap(ViewSitemap):
    """The page about our open data."""

    names = ("bookings:data",)


class PlanSitemap(ViewSitemap):
    """The change log of each plan that has been adopted. Older versions are read from there, not found. One query."""

    def items(self) -> list[View]:
        """Return the change logs."""
        slugs = PlanVersion.objects.adopted().order_by("slug").values_list("slug", flat=True).distinct()
        return [View(code, "plan:versions", (slug,)) for slug in slugs for code, _name in settings.LANGUAGES]


SECTIONS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "pages": PageSitemap,
    "goals": GoalsSitemap,
    "data": DataSitemap,
    "plan": PlanSitemap,
}
