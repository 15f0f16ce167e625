"""The WSGI application that gunicorn serves."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application
from django.http.cookie import parse_cookie
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

UTF_8 = {"utf-8", "utf8"}
REFUSAL = b"400 Bad Request\n"
# A smaller form is read by Django (DATA_UPLOAD_MAX_MEMORY_SIZE). A larger body than the largest is not worth our time.
LARGE, LARGEST_READ, CHUNK = 2_500_000, 64 * 1024 * 1024, 64 * 1024


class Doorkeeper:
    """Keeps from Django what it reads before any middleware or view of ours could answer decently.

    Django decodes a form in whatever codec its Content-Type names (also `hex`, `rot13` and `undefined`, which give a
    500), and a NUL in the path or in a cookie (a session key, say) goes as far as PostgreSQL, which refuses it.
    """

    def __init__(self, application: WSGIApplication) -> None:
        """Stand before `application`."""
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer 400 to a NUL; hand everything else on, as UTF-8; read what Django left unread of a large form."""
        if has_nul(environ.get("PATH_INFO", ""), environ.get("HTTP_COOKIE", "")):
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(REFUSAL)))]
            start_response("400 Bad Request", headers)
            return [REFUSAL]
        if "CONTENT_TYPE" in environ:
            environ["CONTENT_TYPE"] = in_utf_8(environ["CONTENT_TYPE"])
        answer = self.application(environ, start_response)
        read_to_the_end(environ)
        return answer


def read_to_the_end(environ: WSGIEnvironment) -> None:
    """Read and forget the rest of a large body, so that the sender gets to see the answer.

    Django answers 413 without reading a form that is too large. A server that then closes the connection with bytes
    waiting in it resets it, and a browser says "the connection was interrupted" in place of our page.
    """
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or not LARGE < int(length) <= LARGEST_READ:
        return
    try:
        while environ["wsgi.input"].read(CHUNK):
            pass
    except OSError:
        return  # the sender has gone


def has_nul(path: str, cookies: str) -> bool:
    """Say whether a NUL is in the path or the cookies, also one that only Django's unquoting (`\\000`) would make."""
    if "\0" in path or "\0" in cookies:
        return True
    return "\\000" in cookies and any("\0" in value for value in parse_cookie(cookies).values())


def in_utf_8(content_type: str) -> str:
    """Return the Content-Type without a charset other than UTF-8, and bare when Django could not read it.

    The other parameters stay: without its boundary a form with files cannot be read.
    """
    try:
        kind, parameters = parse_header_parameters(content_type)
    except (ValueError, LookupError):
        return content_type.partition(";")[0].strip()
    if parameters.get("charset", "utf-8").strip().lower() in UTF_8:
        return content_type
    kept = (f"; {name}={quoted(value)}" for name, value in parameters.items() if name != "charset")
    return kind + "".join(kept)


def quoted(value: str) -> str:
    """Return a parameter's value as a quoted string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vaern.settings.production")
# Less than gunicorn's own 30 s, so that a page answers for itself. Commands and jobs take the time that they need.
os.environ.setdefault("STATEMENT_TIMEOUT", "10s")
application = Doorkeeper(get_wsgi_application())
