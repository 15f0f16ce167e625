"""Browser tests: pytest-playwright on the distribution's Chromium.

Without Chromium they are skipped and say why and what helps; REQUIRE_E2E=1 makes that a failure. They run in a
process of their own (`make e2e`): Playwright keeps an event loop in the test's thread, which Django must be told of.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine

from tests.conftest import NOW
from tests.e2e.world import World, make_world

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
    "--no-pings",
    "--no-first-run",
    "--force-color-profile=srgb",
]
REQUIRED = os.environ.get("REQUIRE_E2E") == "1"
OURS = frozenset({"127.0.0.1", "localhost"})


def _find_browser() -> tuple[str, str]:
    """Return the browser's path, or nothing and the reason."""
    try:
        import playwright.sync_api  # noqa: F401
        import pytest_playwright  # noqa: F401
    except ImportError as error:
        return "", f"{error.name} is not installed (pip install -r requirements/e2e.txt)"
    asked = os.environ.get("CHROMIUM_PATH")
    path = asked or next(filter(None, map(shutil.which, CANDIDATES)), "")
    if not path or not os.access(path, os.X_OK):
        looked = asked or ", ".join(CANDIDATES)
        return "", f"no Chromium found ({looked}); apt install chromium, or set CHROMIUM_PATH"
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        return "", f"{path} --version failed: {error}"
    return path, ""


CHROMIUM, REASON = _find_browser()
if REASON and REQUIRED:
    raise pytest.UsageError("REQUIRE_E2E=1 but " + REASON)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip with the reason where there is no browser."""
    if REASON:
        for item in items:
            if item.get_closest_marker("e2e"):
                item.add_marker(pytest.mark.skip(reason="browser test: " + REASON))


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_an_event_loop(playwright: Any) -> Iterator[None]:
    """Let Django's ORM work in the thread in which Playwright keeps its loop.

    The loop runs before the database is set up: Django keeps one connection without a loop and another with one, and
    only the connection that made the test database can restore what migrations put into it (serialized_rollback).
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the distribution's Chromium."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Danish reader in Copenhagen."""
    return {
        **browser_context_args,
        "locale": "da-DK",
        "timezone_id": "Europe/Copenhagen",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }


class Watch:
    """What went wrong in a browser and should not have: errors in the console, HTTP ≥ 400, other hosts."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.expected: set[int] = set()

    def follow(self, page: Any) -> None:
        """Listen to a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"uncaught: {error}"))
        page.on("response", self._response)

    def guard(self, route: Any) -> None:
        """Let requests to the site through and no others."""
        if urlsplit(route.request.url).hostname in OURS:
            route.continue_()
        else:
            self.seen.append(f"third-party request: {route.request.url}")
            route.abort()

    def _console(self, message: Any) -> None:
        refused = "Failed to load resource" in message.text and any(
            f" {code} " in message.text for code in self.expected
        )
        if message.type in {"error", "warning"} and not refused:
            self.seen.append(f"console {message.type}: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.seen.append(f"HTTP {response.status} {response.url}")


@pytest.fixture
def clean_console() -> Iterator[Watch]:
    """Fail the test on anything that `Watch` sees; a test that provokes an error page names its status first."""
    watch = Watch()
    yield watch
    assert not watch.seen, "\n".join(watch.seen)


OpenPage = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, browser_context_args: dict[str, Any], clean_console: Watch) -> Iterator[OpenPage]:
    """Open a page with cookies of its own: `open_page(width=390, script=False)`."""
    contexts = []

    def open_page(*, width: int = 1280, script: bool = True) -> Any:
        own = {"viewport": {"width": width, "height": 900}, "java_script_enabled": script}
        context = browser.new_context(**{**browser_context_args, **own})
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.route("http*://**/*", clean_console.guard)
        page = context.new_page()
        clean_console.follow(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def world(site: None, live_server: Any) -> Iterator[World]:
    """A site with pages, workshops, dates and people, on an ordinary Monday; time goes on."""
    with time_machine.travel(NOW, tick=True):
        yield make_world(live_server.url)
