"""A page that has a password asks for it in our own frame, in the reader's language, and tells nothing of itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from tests.factories.texts import said
from tests.pages.test_navigation import make_article
from vaern.pages.models import ArticlePage

pytestmark = pytest.mark.usefixtures("site", "clock")
PASSWORD = "en hemmelig sætning"


def closed_article(language: str) -> ArticlePage:
    page = make_article("Navnet på siden", intro="Det, der står på siden.", language=language)
    PageViewRestriction.objects.create(page=page, restriction_type="password", password=PASSWORD)
    return page


@pytest.mark.parametrize(
    ("language", "heading"), [("da", "Siden har en adgangskode"), ("en", "This page has a password")]
)
def test_it_asks_and_lets_in(client: Client, language: str, heading: str) -> None:
    page = closed_article(language)
    answer = client.get(page.url)
    html = answer.content.decode()
    assert f"<h1>{heading}</h1>" in html
    assert ("dkfds.min.css" in html, f'<html lang="{language}">' in html, "noindex" in html) == (True, True, True)
    assert ("Navnet på siden" in html, "Det, der står på siden." in html) == (False, False)
    assert "<script>" not in html
    assert " style=" not in html
    form: Any = answer.context["form"]
    where, data = answer.context["action_url"], {"return_url": form["return_url"].value()}
    wrong = client.post(where, data | {"password": "forkert"})
    assert 'href="#id_password"' in wrong.content.decode()
    assert "Navnet på siden" not in wrong.content.decode()
    right = client.post(where, data | {"password": PASSWORD}, follow=True)
    assert right.redirect_chain == [(page.url, 302)]
    assert "Navnet på siden" in right.content.decode()


def test_the_question_is_never_kept_for_others(client: Client, settings: Any) -> None:
    settings.VAERN_PAGE_CACHE = True
    page = closed_article("da")
    first, second = (Client().get(page.url).content.decode() for _ in range(2))
    assert said("This page has a password") in first
    assert first != second  # each reader has a token of their own
    PageViewRestriction.objects.all().delete()
    assert "Navnet på siden" in client.get(page.url).content.decode()
