"""Visitors with a browser's manners (cookies, CSRF token, form key) and no browser, and a way to start them at once."""

from __future__ import annotations

import html
import http.client
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from tests.concurrency.processes import PATIENCE
from vaern.people.models import Organisation

T = TypeVar("T")
Ready = Callable[[], object]
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


@dataclass(frozen=True)
class Answer:
    """What came back: `text` with entities resolved, `location` when it leads elsewhere."""

    status: int
    location: str
    text: str


class Visitor:
    """One person's cookies. Each request has a connection of its own, so one visitor can be in many threads."""

    def __init__(self, address: tuple[str, int], *, session_key: str = "") -> None:
        self.address = address
        self.cookies = {"sessionid": session_key} if session_key else {}

    def get(self, path: str) -> Answer:
        """Read a page and keep its cookies."""
        return self._ask("GET", path, None, lambda: None)

    def form(self, path: str) -> dict[str, str]:
        """Read a page and return its form's hidden fields: CSRF token, key, counts."""
        answer = self.get(path)
        assert answer.status == 200, answer
        return dict(_HIDDEN.findall(answer.text))

    def post(self, path: str, fields: Mapping[str, str], ready: Ready = lambda: None) -> Answer:
        """Connect, say `ready`, and send the form when everybody is."""
        return self._ask("POST", path, urlencode(fields), ready)

    def _ask(self, method: str, path: str, body: str | None, ready: Ready) -> Answer:
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE)
        headers = {"Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.connect()
            ready()
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = html.unescape(response.read().decode())
        finally:
            connection.close()
        if method == "GET":
            for cookie in response.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), text)


def at_once(attempts: Sequence[Callable[[Ready], T]]) -> list[T]:
    """Run each in a thread of its own; none passes its `ready()` before all are there. Results in order."""
    barrier = threading.Barrier(len(attempts), timeout=PATIENCE)
    with ThreadPoolExecutor(len(attempts)) as pool:
        futures = [pool.submit(attempt, barrier.wait) for attempt in attempts]
        return [future.result() for future in futures]


def class_fields(school: Organisation, label: str, *, pupils: int = 20, email: str = "") -> dict[str, str]:
    """Return what a teacher writes into the booking form."""
    return {
        "school": school.school.institution_number,
        "school_name": "",
        "groups-0-label": label,
        "groups-0-grade": "7",
        "groups-0-pupils": str(pupils),
        "groups-0-adults": "2",
        "name": "Åse Ødegård",
        "email": email or "aase@example.dk",
        "phone": "12 34 56 78",
        "responsible_name": "",
        "responsible_email": "",
    }
