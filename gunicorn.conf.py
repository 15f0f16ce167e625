"""What gunicorn reads by itself when it is started here: its own log lines are ours, redacted and in JSON.

An error outside Django (a broken import, a client that goes away) is logged by gunicorn with the address that was
asked for, and an address can hold the secret link of a teacher. Everything here works without Django being set up.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

# gunicorn reads this file before it looks at --pythonpath.
sys.path.append(str(Path(__file__).resolve().parent / "site"))

from vaern.settings.logs import logging_config


def own_logging(level: str) -> dict[str, Any]:
    """The site's logging, and gunicorn's lines through it. There is no access log, also when one is asked for."""
    config = logging_config(level)
    config["loggers"] |= {
        "gunicorn.error": {"handlers": ["stderr"], "level": level, "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    }
    return config


accesslog = None
logconfig_dict = own_logging(os.environ.get("LOG_LEVEL") or "INFO")
