"""Old addresses lead on, but never to a page that is not published."""

from __future__ import annotations

from urllib.parse import urlparse

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect


class LiveRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects, which would tell the address of a page that has been taken off the site."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer 404 with where the page is now, unless it is not public now."""
        led: HttpResponse = super().process_response(request, response)
        return response if led is not response and leads_to_unpublished(request.get_full_path()) else led


def leads_to_unpublished(full_path: str) -> bool:
    """Say whether the redirect from this path is to a page that is not live."""
    path = Redirect.normalise_path(full_path, decode_unicode=False)
    bare = urlparse(path).path
    asked = {path, bare, uri_to_iri(path), uri_to_iri(bare)}
    return bool(Redirect.objects.filter(old_path__in=asked, redirect_page__live=False).exists())
