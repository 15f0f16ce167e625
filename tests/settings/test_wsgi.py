"""What stands between gunicorn and Django, and what gunicorn writes of errors outside Django."""

from __future__ import annotations

import http.client
import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test.client import BOUNDARY, MULTIPART_CONTENT, RequestFactory

from tests.concurrency.processes import Process, environment
from vaern.wsgi import Doorkeeper, application, in_utf_8

TOKEN = "aB3-_" * 8 + "xyz"
ODD = ["utf-7", "hex", "unicode_escape", "rot13", "undefined", "latin-1", '"hex"', "nobody"]
FORM = "application/x-www-form-urlencoded"


def call(app: Any = application, **environ: Any) -> tuple[str, bytes]:
    """Ask the application as gunicorn does; return the status and the body."""
    seen: list[str] = []
    asked = RequestFactory()._base_environ() | environ
    answer = app(asked, lambda status, headers, exc_info=None: seen.append(status))
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    return seen[0], body


@pytest.fixture
def _keep_connection() -> Iterator[None]:
    """A request closes old connections, and the test's transaction with them; Django's own client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("charset", ODD)
def test_another_charset_is_dropped_and_the_rest_stays(charset: str) -> None:
    assert in_utf_8(f"{FORM}; charset={charset}") == FORM
    assert in_utf_8(f"{FORM};CHARSET={charset}") == FORM
    assert in_utf_8(f"{MULTIPART_CONTENT}; charset={charset}") == f'multipart/form-data; boundary="{BOUNDARY}"'
    assert in_utf_8(f'text/plain; charset={charset}; x="a\\"b;c"') == 'text/plain; x="a\\"b;c"'


@pytest.mark.parametrize(
    "content_type", ["", FORM, MULTIPART_CONTENT, f"{FORM}; charset=UTF-8", f'{FORM}; charset="utf8"', ";", "a;b"]
)
def test_utf_8_stays_as_it_is(content_type: str) -> None:
    assert in_utf_8(content_type) == content_type


@pytest.mark.parametrize("charset", ["charset*=hex''x", "charset*=undefined''x", "charset*=nobody''x"])
def test_what_django_cannot_read_goes(charset: str) -> None:
    assert in_utf_8(f"{FORM}; {charset}") == FORM


@pytest.mark.usefixtures("site", "_keep_connection")
@pytest.mark.parametrize("charset", [f"charset={name}" for name in ODD] + ["charset*=hex''x", "charset*=undefined''x"])
@pytest.mark.parametrize("kind", [FORM, MULTIPART_CONTENT])
def test_no_charset_gives_a_500(kind: str, charset: str) -> None:
    body = b"email=aase%40example.dk&q=%C3%A6"
    status, _ = call(
        REQUEST_METHOD="POST",
        PATH_INFO="/log-ind/",
        CONTENT_TYPE=f"{kind}; {charset}",
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": io.BytesIO(body)},
    )
    assert status[:3] in {"200", "302", "400", "403"}


@pytest.mark.parametrize(
    "environ",
    [
        {"PATH_INFO": "/kurser/\0"},
        {"HTTP_COOKIE": "sessionid=a\0b"},
        {"HTTP_COOKIE": 'sessionid="a\\000b"'},
        {"HTTP_COOKIE": 'x=1; sessionid="\\000"; y=2'},
    ],
)
def test_a_nul_is_answered_with_400_and_goes_no_further(environ: dict[str, str]) -> None:
    assert call(**environ) == ("400 Bad Request", b"400 Bad Request\n")


@pytest.mark.parametrize("cookie", ["a=1", 'a="\\303\\246"', "a=\\000", 'a="\\\\000"'])
def test_other_cookies_go_through(cookie: str) -> None:
    def inner(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["HTTP_COOKIE"].encode()]

    assert call(Doorkeeper(inner), HTTP_COOKIE=cookie) == ("200 OK", cookie.encode())


@pytest.mark.usefixtures("site", "_keep_connection")
def test_an_ordinary_page_is_served() -> None:
    status, body = call(PATH_INFO="/log-ind/")
    assert status == "200 OK"
    assert b"</html>" in body


@pytest.mark.django_db
def test_gunicorn_writes_json_without_the_secrets_of_an_address(tmp_path: Path) -> None:
    """A real gunicorn that reads gunicorn.conf.py by itself, before an application that fails outside Django."""
    (tmp_path / "failing.py").write_text(
        "def application(environ, start_response):\n    raise ValueError(environ['RAW_URI'])\n"
    )
    listener = socket.create_server(("127.0.0.1", 0))
    process = Process(
        ["-m", "gunicorn", "failing", f"--pythonpath={tmp_path}", f"--bind=fd://{listener.fileno()}",
         "--access-logfile=-", "--no-control-socket"],
        log=tmp_path / "log",
        env=environment(LOG_LEVEL="INFO"),
        keep=[listener.fileno()],
    )  # fmt: skip
    try:
        connection = http.client.HTTPConnection(*listener.getsockname(), timeout=20)
        connection.request("GET", f"/min-booking/{TOKEN}/?til=aase%40example.dk")
        assert connection.getresponse().status == 500
        connection.close()
        process.stop()
    finally:
        listener.close()
        process.end()
    text = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["message"] for line in lines if line["level"] == "ERROR"] == [
        "Error handling request GET /min-booking/[token]/?til=[e-mail]"
    ]
    assert "ValueError: /min-booking/[token]/" in text
    assert {line["logger"] for line in lines} == {"gunicorn.error"}
    assert TOKEN not in text
    assert "aase" not in text
