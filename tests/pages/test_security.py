"""What every answer carries so that a browser keeps visitors safe, and what no page contains."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from bookings.links import link_to
from tests.factories.bookings import make_booking, make_session
from tests.factories.courses import make_workshop
from tests.factories.forms import book_url, booking_form
from tests.factories.people import make_user
from vaern import views

pytestmark = pytest.mark.usefixtures("site", "clock")
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "manifest-src": "'self'",
}
PATHS = ["/", "/en/", "/workshops/", "/er-du-bekymret/", "/maal/", "/log-ind/", "/findes-ikke/", "/healthz"]


def policy(answer: Any) -> dict[str, str]:
    directives = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in directives}


@pytest.mark.parametrize("path", PATHS)
def test_every_public_answer_has_the_strict_policy_and_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    assert policy(answer) == CSP
    assert answer["X-Content-Type-Options"] == "nosniff"
    # Where people worry, the next site is not told where they came from.
    assert answer["Referrer-Policy"] == ("no-referrer" if path == "/er-du-bekymret/" else "same-origin")
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Permissions-Policy"].startswith("camera=(), geolocation=(), microphone=()")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_admin_has_its_own_policy_and_scripts_of_our_own_only(client: Client) -> None:
    client.force_login(make_user("editor"))
    admin = policy(client.get("/admin/"))
    assert {name: value for name, value in admin.items() if CSP.get(name) != value} == {
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "frame-src": "'self'",
        "frame-ancestors": "'self'",
    }
    assert policy(client.get("/")) == CSP


def test_no_page_has_styles_or_scripts_in_its_text(client: Client) -> None:
    user = make_user("coordinator")
    session = make_session(workshop=make_workshop("Kilder"), facilitators=[user])
    booking = make_booking(session)
    own = link_to(booking)
    public = [*PATHS, "/maal/2025/", session.workshop.url, book_url(session), own, own + "afbestil/", "/log-af/"]
    pages = {path: client.get(path).content.decode() for path in public}
    pages["errors"] = client.post(book_url(session), booking_form()).content.decode()
    client.force_login(user)
    for path in ("/min-side/", "/fremmoede/", f"/fremmoede/{session.uuid}/", "/koordinator/maal/"):
        pages[path] = client.get(path).content.decode()
    found = {
        path: re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+=\"|javascript:", html)
        for path, html in pages.items()
        if html
    }
    assert {path: signs for path, signs in found.items() if signs} == {}
    sources = {source for html in pages.values() for source in re.findall(r'(?:src|srcset)="([^"]*)"', html)}
    assert [source for source in sources if not source.startswith("/static/")] == []


def test_the_search_above_finds_what_it_looks_for() -> None:
    html = '<p style="x"><script>a</script><script src="/static/a.js"></script><a onclick="x">'
    found = re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+=\"|javascript:", html)
    assert found == [" style=", "<script>", ' onclick="']


@pytest.mark.parametrize("path", ["/x%00y/", "/?a=%00", "/admin/?x=%00", "/workshops/%00"])
def test_nul_in_an_address_is_a_bad_request(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("path", ["/%ff/", "/?a=%ff", "/" + "x" * 5000, "/..%2f..%2fetc/passwd", "//evil.example/"])
def test_odd_addresses_are_answered(client: Client, path: str) -> None:
    assert client.get(path).status_code in {200, 301, 404}


def test_a_host_that_is_not_ours_is_a_bad_request(client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


# -- for those who watch over the machine ------------------------------------------------------------------


def test_alive_and_ready(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert "no-store" in answer["Cache-Control"]
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405


def test_alive_asks_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/healthz")


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: Any) -> None:
        raise OperationalError("no route to db.example.dk with password hunter2")

    monkeypatch.setattr(views, "MigrationExecutor", down)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "unreachable"})
    assert client.get("/healthz").status_code == 200


def test_not_ready_before_it_is_migrated(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.MigrationExecutor, "migration_plan", lambda *_: [("a", False), ("b", False)])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "migrations": 2})
