"""The plain page for a request that has no form to keep, and what every such answer carries."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vaern.limits.domain import Denied
from vaern.limits.texts import sentence


def too_many(request: HttpRequest, denied: Denied) -> HttpResponse:
    """Answer 429 with a plain page. A view with a form renders the form instead, and passes its answer to `marked`."""
    return marked(render(request, "429.html", {"text": sentence(denied)}), denied)


def marked(response: HttpResponse, denied: Denied) -> HttpResponse:
    """Return the answer as a 429 that says when to come back and is kept nowhere."""
    response.status_code = 429
    response["Retry-After"] = str(denied.seconds(timezone.now()))
    response["Cache-Control"] = "no-store"
    return response
