"""Logs are JSON, one object a line, and hold neither persons nor secret links."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from typing import Any

import pytest
from django.test import Client

from bookings.links import link_to, token_of
from tests.factories.bookings import make_booking, make_session
from vaern.settings.logs import RedactingFilter, logging_config, redact

TOKEN = "aB3-_" * 8 + "xyz"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to aase@example.dk now", "to [e-mail] now"),
        ("Aase.Oe+x@skole.kk.dk,bo@example.dk", "[e-mail],[e-mail]"),
        (f"/min-booking/{TOKEN}/afbestil/", "/min-booking/[token]/afbestil/"),
        ("010203-1234", "[number]"),
        ("CPR 0102031234.", "CPR [number]."),
        ("12345678", "12345678"),
        ("tlf 12 34 56 78", "tlf 12 34 56 78"),
        (TOKEN[:-1], TOKEN[:-1]),
        (TOKEN + "a", TOKEN + "a"),
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("", ""),
    ],
)
def test_redaction(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_every_part_of_a_record_is_redacted() -> None:
    try:
        raise ValueError(f"no mail to aase@example.dk with {TOKEN}")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "mail to %s (%s)", ("aase@example.dk", TOKEN), info)
    record.request = object()
    assert RedactingFilter().filter(record) is True
    assert record.getMessage() == "mail to [e-mail] ([token])"
    assert record.exc_text
    assert record.exc_text.endswith("ValueError: no mail to [e-mail] with [token]")
    assert (record.exc_info, hasattr(record, "request")) == (None, False)


def formatted(**extra: Any) -> dict[str, Any]:
    """What our configuration writes of one record."""
    config = logging_config("INFO")
    stream = io.StringIO()
    configurator = logging.config.DictConfigurator(config)
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(configurator.configure_formatter(config["formatters"]["json"]))
    record = logging.makeLogRecord({"name": "vaern.x", "levelname": "INFO", "msg": "æøå aase@example.dk", **extra})
    handler.handle(record)
    (line,) = stream.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_is_one_json_object() -> None:
    found = formatted(status=200)
    assert {name: value for name, value in found.items() if name != "time"} == {
        "level": "INFO",
        "logger": "vaern.x",
        "message": "æøå [e-mail]",
        "status": 200,
    }
    assert found["time"].endswith("+00:00")


def test_the_request_log_has_the_route_and_never_the_path(
    site: None, clock: Any, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    booking = make_booking(make_session())
    caplog.set_level(logging.INFO, logger="vaern.request")
    client.get(link_to(booking) + "?navn=bo")
    client.get("/min-booking/ukendt/")
    client.generic("BREW", "/")
    lines = [record for record in caplog.records if record.name == "vaern.request"]
    seen = [(line.method, line.route, line.status) for line in lines]  # type: ignore[attr-defined]
    assert seen == [("GET", "bookings:own", 200), ("GET", "bookings:own", 404), ("other", "wagtail_serve", 405)]
    everything = " ".join(str(vars(line)) for line in lines)
    for secret in (token_of(booking.uuid), "navn=bo", "ukendt", "BREW"):
        assert secret not in everything


def test_a_missing_page_is_not_logged_with_its_path(
    site: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.get("/min-booking/ukendt-hemmelighed/")
    assert "ukendt-hemmelighed" not in caplog.text
