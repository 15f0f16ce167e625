"""What holds for every request that may meet a busy session."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.domain.locking import Busy


class BusyMiddleware:
    """Answers 409 with a plain page where a view has no form to keep (domain.md I9)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn Busy into the 409 page; everything else is not ours."""
        if not isinstance(exception, Busy):
            return None
        response = render(request, "409.html", status=409)
        response["Retry-After"] = "5"
        return response
