"""Check pages: takes them apart, looks up what they point at, and asks the rules. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from vaern.pages.checks import rules
from vaern.pages.checks.extract import pieces_of
from vaern.pages.checks.pieces import Finding, Kind, Piece, read_rich


def check_page(page: Any, *, today: dt.date | None = None) -> list[Finding]:
    """Return the remarks on a page as it is in memory: a draft, a revision or the live page."""
    return check_pages([page], today=today)[0]


def check_pages(pages: Iterable[Any], *, today: dt.date | None = None) -> list[list[Finding]]:
    """Return the remarks on each page, in their order; the look-ups are made once for all."""
    pages = list(pages)
    today = today or timezone.localdate()
    taken = [pieces_of(type(page), lambda name, page=page: getattr(page, name)) for page in pages]  # type: ignore[misc]
    known = Known([piece for pieces in taken for piece in pieces])
    return [
        [*rules.check(pieces, known.facts(page)), *_stewardship(page, today)]
        for page, pieces in zip(pages, taken, strict=True)
    ]


def check_values(page: Any, pieces: list[Piece]) -> list[Finding]:
    """Return the remarks on what stands in a page's form."""
    return rules.check(pieces, Known(pieces).facts(page))


def _stewardship(page: Any, today: dt.date) -> list[Finding]:
    if not hasattr(page, "review_on"):
        return []
    responsible = page.responsible_id is not None
    return list(rules.stewardship(responsible=responsible, review_on=page.review_on, today=today))


class Known:
    """What the pieces point at, looked up in at most six queries."""

    def __init__(self, pieces: list[Piece]) -> None:
        rich = [read_rich(piece.text) for piece in pieces if piece.kind is Kind.RICH]
        links = [link for text in rich for link in text.links]
        chosen = {kind: {int(p.text) for p in pieces if p.kind is kind} for kind in (Kind.PAGE, Kind.IMAGE)}
        numbers = {link.number for link in links if link.kind == "page" and link.number is not None}
        self.page_ids = numbers | chosen[Kind.PAGE]
        self.pages = {
            page.pk: page
            for page in (Page.objects.filter(pk__in=self.page_ids).defer_streamfields() if self.page_ids else ())
        }
        self.translations = self._translations()
        self.missing_documents = self._missing_documents({link.number for link in links if link.kind == "document"})
        self.undescribed = self._undescribed(chosen[Kind.IMAGE])
        self.dead_paths = _dead_paths({rules.link_path(link) for link in links} - {""})

    def _translations(self) -> set[tuple[Any, int]]:
        keys = {page.translation_key for page in self.pages.values()}
        if not keys:
            return set()
        found = Page.objects.filter(translation_key__in=keys, live=True)
        return set(found.values_list("translation_key", "locale_id"))

    def _missing_documents(self, numbers: set[int | None]) -> frozenset[int]:
        asked = {number for number in numbers if number is not None}
        if not asked:
            return frozenset()
        there = get_document_model().objects.filter(pk__in=asked).values_list("pk", flat=True)
        return frozenset(asked - set(there))

    def _undescribed(self, numbers: set[int]) -> frozenset[int]:
        if not numbers:
            return frozenset()
        images = get_image_model().objects.filter(pk__in=numbers)
        return frozenset(image.pk for image in images if not image.description)

    def facts(self, page: Any) -> rules.Facts:
        """Return the facts as they are for a page in its language."""
        foreign = {
            other.pk: (other.title, (other.translation_key, page.locale_id) in self.translations)
            for other in self.pages.values()
            if page.locale_id is not None and other.locale_id != page.locale_id
        }
        return rules.Facts(
            missing_pages=frozenset(self.page_ids - set(self.pages)),
            unpublished_pages={other.pk: other.title for other in self.pages.values() if not other.live},
            foreign_pages=foreign,
            missing_documents=self.missing_documents,
            undescribed_images=self.undescribed,
            dead_paths=self.dead_paths,
        )


def _dead_paths(paths: set[str]) -> frozenset[str]:
    """Return the paths of this site at which neither a view, nor a live page, nor a redirect is found."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first() if paths else None
    if site is None:
        return frozenset()
    asked = {path: _url_path(path, site) for path in paths if _is_page_path(path)}
    if not asked:
        return frozenset()
    live = set(Page.objects.live().filter(url_path__in=asked.values()).values_list("url_path", flat=True))
    without = {path for path, url_path in asked.items() if url_path not in live}
    if not without:
        return frozenset()
    normal = {Redirect.normalise_path(path): path for path in without}
    led = Redirect.objects.filter(Q(site=site) | Q(site=None), old_path__in=normal).values_list("old_path", flat=True)
    return frozenset(without - {normal[path] for path in led})


def _is_page_path(path: str) -> bool:
    try:
        return resolve(path).url_name == "wagtail_serve"
    except Resolver404:
        return True


def _url_path(path: str, site: Site) -> str:
    """Return a page's place in the tree: Danish pages are under the site's root, English ones under its translation."""
    parts = [part for part in path.split("/") if part]
    root = site.root_page
    codes = {code for code, _name in settings.LANGUAGES}
    if parts and parts[0] in codes:
        translation = root.get_translations(inclusive=True).filter(locale__language_code=parts[0]).first()
        root, parts = translation or root, parts[1:]
    return "/".join([root.url_path.rstrip("/"), *parts, ""])
