"""Small middlewares that hold for every request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponsePermanentRedirect
from django.urls import is_valid_path

from vaern.addresses import in_english

log = logging.getLogger("vaern.request")
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestLogMiddleware:
    """One log line a request: method, route, status and milliseconds; never the path, which can hold a secret link."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = self.get_response(request)
        log.info(
            "request",
            extra={
                "method": request.method if request.method in KNOWN_METHODS else "other",
                "route": route_of(request),
                "status": response.status_code,
                "ms": round((time.monotonic() - started) * 1000),
            },
        )
        return response


def route_of(request: HttpRequest) -> str:
    """Return the name of what answered, which tells nothing of who asked or for which page."""
    if getattr(request, "answered_from_memory", False):
        return "page cache"
    match = request.resolver_match
    return (match.view_name or match.route) if match else "none"


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class PlainRequestMiddleware:
    """Refuses a NUL in the address, which PostgreSQL would answer with an error, and switches off browser features."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("400", content_type="text/plain")
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
        )
        return response


class OldAddressMiddleware:
    """Leads from an English address with Danish words, as they were before, to the one with English words.

    Links in mails that were sent, and bookmarks, keep working; the secret part of a link goes along as it is.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or not request.path.startswith("/en/"):
            return response
        path = in_english(request.path)
        if path == request.path or not is_valid_path(path):
            return response
        query = request.META.get("QUERY_STRING", "")
        moved = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
        if request.method not in {"GET", "HEAD"}:
            moved.status_code = 308  # a form that was open during the change is sent on with what was filled in
        return moved
