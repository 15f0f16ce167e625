"""How much a first and a second look at the front page cost over a phone's connection."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from tests.e2e.conftest import OpenPage
from tests.e2e.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PACKED_ALREADY = ("font/", "image/png", "image/jpeg", "image/webp")


def sent(response: Any) -> int:
    """Return the bytes of an answer as a server with gzip sends them; 304 and what the browser kept send none."""
    if response.status == 304:
        return 0
    body = response.body()
    packed = response.headers.get("content-type", "").startswith(PACKED_ALREADY) or response.url.endswith(".woff2")
    return len(body) if packed else len(gzip.compress(body))


def test_the_first_look_is_light(world: World, open_page: OpenPage) -> None:
    page = open_page(width=390)
    answers: list[Any] = []

    def keep(answer: Any) -> None:  # a method of a list is no listener to Playwright
        answers.append(answer)

    page.on("response", keep)
    page.goto(world.url + "/", wait_until="networkidle")
    assert len(answers) <= 12, [answer.url for answer in answers]
    assert sum(map(sent, answers)) <= 120_000, {answer.url: sent(answer) for answer in answers}
    fonts = [answer.url for answer in answers if answer.url.endswith(".woff2")]
    assert fonts
    assert all("Latin1" in url for url in fonts)


def test_a_name_with_other_letters_fetches_the_whole_font(world: World, open_page: OpenPage) -> None:
    """The twin: the parted fonts are parted by letters, and none are lost."""
    page = open_page(width=390)
    page.goto(world.url + "/", wait_until="networkidle")
    with page.expect_response(lambda answer: "/complete/woff2/IBMPlexSans-" in answer.url):
        page.evaluate("document.querySelector('h1').textContent = 'Łukasz'")
