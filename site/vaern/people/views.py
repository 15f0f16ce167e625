"""The door in front of the staff screens."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def staff_login(request: HttpRequest) -> HttpResponse:
    """Let somebody sign in who wants to the staff screens; who is signed in and was sent here may not open them.

    Without it those would be sent to and fro for ever: the sign-in page sends them back to where they came from.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("account_login") + (f"?{query}" if query else ""))
