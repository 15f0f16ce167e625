"""Structured logs, one JSON object a line, without personal data and without secret links."""

from __future__ import annotations

import logging
import re
from typing import Any

PATTERNS = [
    (re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "[token]"),
    (re.compile(r"\b\d{6}-?\d{4}\b"), "[number]"),
]


def redact(text: str) -> str:
    """Replace e-mail addresses, 256-bit tokens and what looks like a CPR number (domain.md §8)."""
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text


class RedactingFilter(logging.Filter):
    """Rewrites each record before it is formatted, whichever library wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the message and its traceback; never drops a record."""
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        # Django puts the request and its path beside the message; both can hold a secret link.
        for name in ("request", "server_time"):
            record.__dict__.pop(name, None)
        return True


def logging_config(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard error as JSON, at the given level."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"redact": {"()": "vaern.settings.logs.RedactingFilter"}},
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": "%(levelname)s %(name)s %(message)s",
                "rename_fields": {"levelname": "level", "name": "logger", "timestamp": "time"},
                "timestamp": True,  # ISO 8601 in UTC, whatever the machine's clock is set to
                "json_ensure_ascii": False,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": level, "propagate": False},
            # A missing page is the request log's business: this logger would repeat its path.
            "django.request": {"level": "ERROR"},
            # These tell each page's title and each index task at INFO; nobody has asked for it.
            "wagtail": {"level": "WARNING"},
            "django_tasks": {"level": "WARNING"},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }
