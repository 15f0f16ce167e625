"""Which scripts, styles, images and frames a browser may load from us.

Every address outside the Wagtail admin gets ``PUBLIC``: nothing inline, nothing from another host, no frames.
Under ``/admin/`` Wagtail needs a little more, and ``AdminPolicyMiddleware`` gives it exactly that. Scripts
stay ``'self'`` in both: the few templates in which Wagtail writes inline scripts are overridden in this app.

Settings import this module, so it imports no models and reads no settings.
"""

from collections.abc import Callable
from typing import Final

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Directives = dict[str, list[str]]

PUBLIC: Final[Directives] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "object-src": [NONE],
    "manifest-src": [SELF],
}

# The rich text editor writes <style> elements, an upload is shown from a blob: address before it is sent,
# and previews are frames of our own.
ADMIN: Final[Directives] = {
    **PUBLIC,
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}

ADMIN_PREFIX: Final = "/admin/"


class AdminPolicyMiddleware:
    """Give the Wagtail admin its own policy, whether it stands before or after django-csp's middleware.

    A preview of a page is the exception. Wagtail renders it in an inner request to the page's own address,
    which goes through the whole middleware before the admin view hands the same response out again. Such a
    response keeps the public policy, so that an editor sees the page as a visitor's browser would show it;
    only our own admin may put it in a frame.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.admin_policy = build_policy(config=ADMIN)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path_info.startswith(ADMIN_PREFIX):
            response._answers_public_address = True  # type: ignore[attr-defined]
        elif not getattr(response, "_answers_public_address", False):
            response.headers[HEADER] = self.admin_policy
        elif HEADER in response.headers:
            public = response.headers[HEADER]
            response.headers[HEADER] = public.replace(f"frame-ancestors {NONE}", f"frame-ancestors {SELF}")
        return response
