"""The site's addresses, and `/bench/<name>/`: a page's bytes from memory through the same middleware."""

from __future__ import annotations

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from vaern.urls import handler400
from vaern.urls import urlpatterns as site_addresses

__all__ = ["handler400", "urlpatterns"]

PAGES = {page.stem: page.read_bytes() for page in Path(os.environ["BENCH_PAGES"]).glob("*.html")}


def from_memory(request: HttpRequest, name: str) -> HttpResponse:
    """Return the bytes that were fetched from the page before the run."""
    return HttpResponse(PAGES[name])


urlpatterns = [path("bench/<slug:name>/", from_memory), *site_addresses]
