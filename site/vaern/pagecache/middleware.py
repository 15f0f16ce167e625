"""Answers anonymous readers from memory as long as nothing public has changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import get_language_from_path, override

from vaern.pagecache.models import current_stamp

# What a page shows can also change by the clock: a date closes, a banner ends. All such moments are whole minutes.
BUCKET_SECONDS = 60
KEPT_SECONDS = 2 * BUCKET_SECONDS
LONGEST_ADDRESS = 500
LARGEST_PAGE = 512 * 1024
# The views whose pages are the same for every anonymous reader; others say so with `same_for_all`.
PUBLIC_VIEWS = frozenset({"wagtail_serve"})


class Kept(NamedTuple):
    """A page as it is kept: body and headers."""

    content: bytes
    headers: dict[str, str]


View = TypeVar("View", bound=Callable[..., HttpResponse])


def same_for_all(view: View) -> View:
    """Mark a view whose page is the same for every anonymous reader, so that it may be kept."""
    view.same_for_all = True  # type: ignore[attr-defined]
    return view


class PageCacheMiddleware:
    """Keeps whole pages under the stamp of what they were made from.

    The stamp is read before the page is made, so a page is never younger than its stamp says. Nothing that belongs to
    one person is kept: only GET, only readers without a session, only views named as public, only responses that set
    no cookie. It stands outside the policy and compression middlewares, so that it keeps what they made.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.VAERN_PAGE_CACHE or not may_be_answered(request):
            return self.get_response(request)
        key = key_of(request)
        kept = caches["pages"].get(key)
        if kept is not None:
            request.answered_from_memory = True  # type: ignore[attr-defined]
            return answer(request, Kept(*kept))
        response = self.get_response(request)
        if may_be_kept(request, response):
            if "ETag" not in response.headers:  # a feed has its own, which does not change with the time it was made
                set_response_etag(response)
            response.headers.setdefault("Cache-Control", "no-cache")
            caches["pages"].set(key, (response.content, dict(response.items())), KEPT_SECONDS)
            return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response
        return response


def may_be_answered(request: HttpRequest) -> bool:
    """Say whether the reader is anonymous and asks for a page as everybody sees it."""
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and CookieStorage.cookie_name not in request.COOKIES
        and "HTTP_AUTHORIZATION" not in request.META
        and "HTTP_RANGE" not in request.META
        and not request.path_info.startswith(("/admin/", "/static/", "/media/"))
        and len(request.get_full_path()) <= LONGEST_ADDRESS
        and _leads_to_a_public_view(request.path_info)
    )


def _leads_to_a_public_view(path: str) -> bool:
    """Say whether a page at this address could be kept at all, so that a form asks for no stamp.

    The language of this request is not set yet; what addresses look like depends on it.
    """
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return False
    return match.view_name in PUBLIC_VIEWS or getattr(match.func, "same_for_all", False)


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether this page is the same for every anonymous reader."""
    match = request.resolver_match
    return (
        match is not None
        and (match.view_name in PUBLIC_VIEWS or getattr(match.func, "same_for_all", False))
        and response.status_code == 200
        and not response.streaming
        and len(response.content) <= LARGEST_PAGE
        and not response.cookies
        # A page with a form holds the reader's own token; with the cookie already there, nothing else would tell.
        and settings.CSRF_COOKIE_NAME not in request.COOKIES
        # A browser that must not store a page says nothing of us: guidance is the same for all, and we know no reader.
        and ("no-store" not in response.headers.get("Cache-Control", "") or getattr(response, "same_for_all", False))
        and "private" not in response.headers.get("Cache-Control", "")
    )


def key_of(request: HttpRequest) -> str:
    """Return the key of this page in this minute of this state of the database. One query."""
    packed = "gz" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
    part = "part" if request.headers.get("HX-Request") else "whole"
    bucket = int(time.time()) // BUCKET_SECONDS
    where = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
    return f"{current_stamp()}:{bucket}:{packed}:{part}:{blake2b(where.encode(), digest_size=20).hexdigest()}"


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Return the kept page, or 304 when the reader has it."""
    response = HttpResponse(kept.content, headers=kept.headers)
    return get_conditional_response(request, etag=kept.headers["ETag"], response=response) or response
