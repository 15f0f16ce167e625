"""The admin's own content policy and the choosers that start without inline scripts."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from courses.models import CataloguePage
from tests.factories.courses import make_workshop
from tests.factories.people import make_user
from vaern.cms.csp import HEADER, AdminPolicyMiddleware

STRICT = "default-src 'none'; frame-ancestors 'none'"


def answered(path: str, header: str = STRICT, *, inner: str = "") -> str:
    """The policy of an answer at `path`; with `inner`, one that was made by a request to that address first."""

    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        if header:
            response[HEADER] = header
        if inner:
            return AdminPolicyMiddleware(lambda _: response)(RequestFactory().get(inner))  # type: ignore[return-value]
        return response

    return AdminPolicyMiddleware(view)(RequestFactory().get(path)).headers.get(HEADER, "")


def test_only_the_admin_gets_the_admins_policy() -> None:
    assert answered("/") == STRICT
    assert answered("/administration/") == STRICT
    assert answered("/en/admin/") == STRICT
    assert "style-src 'self' 'unsafe-inline'" in answered("/admin/")
    assert "script-src 'self'" in answered("/admin/")


def test_a_preview_keeps_the_public_policy_and_may_stand_in_our_frame() -> None:
    assert answered("/admin/pages/1/edit/preview/", inner="/workshops/") == "default-src 'none'; frame-ancestors 'self'"


@pytest.mark.usefixtures("site", "clock")
def test_the_admins_pages_hold_no_inline_scripts(client: Client) -> None:
    client.force_login(make_user("editor"))
    workshop, catalogue = make_workshop(), CataloguePage.objects.get(locale__language_code="da")
    paths = [
        "/admin/",
        f"/admin/pages/{catalogue.pk}/",
        f"/admin/pages/{workshop.pk}/edit/",
        f"/admin/pages/add/courses/workshoppage/{catalogue.pk}/",
        "/admin/images/",
        "/admin/documents/",
    ]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        scripts = re.findall(r"<script([^>]*)>", answer.content.decode())
        inline = [attrs for attrs in scripts if "src=" not in attrs and "application/json" not in attrs]
        assert inline == [], path
        assert "script-src 'self'" in answer[HEADER]
        assert "gravatar" not in answer.content.decode()
