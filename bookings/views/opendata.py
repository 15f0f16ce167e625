"""Feeds and exports for other systems, and the page that explains them. All read only, all for everybody."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.opendata import atom, ical
from bookings.opendata.catalogue import HEADER, records, table
from bookings.opendata.dates import last_change, open_dates
from bookings.opendata.fields import FIELDS
from courses.models import CataloguePage, WorkshopPage
from courses.search import Found
from vaern.pagecache.middleware import same_for_all
from vaern.pages.navigation import breadcrumbs

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Terms:
    """On which terms the data may be used."""

    name: str
    url: str
    confirmed: bool


def terms_of_use() -> Terms:
    """Return the terms as the editors have written them on the Danish catalogue. One query."""
    page = CataloguePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).order_by("path").first()
    page = page or CataloguePage()
    return Terms(page.data_licence, page.data_licence_url, page.data_licence_confirmed)


@same_for_all
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Send the open dates as a calendar to follow."""
    now = timezone.now()
    dates = open_dates(_found(request), request, now=now)
    changed = last_change(now)
    stamp = changed or now
    content = ical.feed(dates, name=_("Open workshop dates"), host=_host(), language=_language(), stamp=stamp)
    return _answer(request, content, "text/calendar", mark=ical.unstamped(content), changed=changed, name="datoer.ics")


@same_for_all
@require_safe
def atom_feed(request: HttpRequest) -> HttpResponse:
    """Send the newest open dates as a news feed."""
    now = timezone.now()
    dates = open_dates(_found(request), request, now=now)
    changed = last_change(now)
    terms = terms_of_use()
    content = atom.feed(
        dates,
        title=_("New open workshop dates"),
        link=request.build_absolute_uri(reverse("bookings:data")),
        feed_url=request.build_absolute_uri(),
        language=_language(),
        rights=_rights(terms),
        changed=changed or now,
    )
    return _answer(request, content, "application/atom+xml", mark=atom.unstamped(content), changed=changed)


@same_for_all
@require_safe
def catalogue_json(request: HttpRequest) -> HttpResponse:
    """Send the catalogue as JSON, both languages in one."""
    now = timezone.now()
    rows = records(_found(request), request, now=now)
    terms = terms_of_use()
    content = {
        "format_version": FORMAT_VERSION,
        "generated_at": now.isoformat(timespec="seconds"),
        "publisher": "Københavns Kommune",
        "documentation": request.build_absolute_uri(reverse("bookings:data")),
        "licence": {"name": terms.name, "url": terms.url or None, "confirmed": terms.confirmed},
        "count": len(rows),
        "workshops": rows,
    }
    written = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return _answer(request, written, "application/json", mark=repr((rows, terms)).encode(), changed=last_change(now))


@same_for_all
@require_safe
def catalogue_csv(request: HttpRequest) -> HttpResponse:
    """Send the catalogue as a table that a Danish Excel opens."""
    now = timezone.now()
    written = table(records(_found(request), request, now=now), HEADER)
    return _answer(request, written, "text/csv", mark=written, changed=last_change(now), name="workshops.csv")


@same_for_all
@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    """Explain the feeds and exports: addresses, fields, filters and terms."""
    addresses = {
        name: request.build_absolute_uri(reverse(f"bookings:data_{name}"))
        for name in ("calendar", "atom", "json", "csv")
    }
    return render(
        request,
        "bookings/data.html",
        {
            "addresses": addresses,
            "webcal": addresses["calendar"].replace("https://", "webcal://").replace("http://", "webcal://"),
            "terms": terms_of_use(),
            "fields": [[name, text] for name, text in FIELDS.items()],
            "breadcrumbs": breadcrumbs((_("Use our data"), "")),
        },
    )


def _found(request: HttpRequest) -> Found:
    return WorkshopPage.search(request.GET, language=_language())


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _host() -> str:
    return urlsplit(settings.VAERN_BASE_URL).hostname or "localhost"


def _rights(terms: Terms) -> str:
    return terms.name if terms.confirmed else _("%(licence)s (to be confirmed)") % {"licence": terms.name}


def _answer(
    request: HttpRequest,
    content: bytes,
    content_type: str,
    *,
    mark: bytes,
    changed: dt.datetime | None,
    name: str = "",
) -> HttpResponse:
    """Return the content, or 304 when the reader has it. `mark` is what the content says, without when it was made."""
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    seen = hashlib.sha256(f"{request.get_host()} {_language()} ".encode() + mark)
    response.headers["ETag"] = f'W/"{seen.hexdigest()[:32]}"'
    response.headers["Cache-Control"] = "public, no-cache"
    # Public data that other sites may read in a browser.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if changed:
        response.headers["Last-Modified"] = http_date(changed.timestamp())
    if name:
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    kept: Any = get_conditional_response(
        request,
        etag=response.headers["ETag"],
        last_modified=int(changed.timestamp()) if changed else None,
        response=response,
    )
    answer: HttpResponse = kept or response
    return answer
