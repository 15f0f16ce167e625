"""The site does not start with a limit that nobody can read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from vaern.limits.doors import parsed


@register()
def limits_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each limit in VAERN_LIMITS that is none."""
    found: list[CheckMessage] = []
    for name, written in settings.VAERN_LIMITS.items():
        try:
            parsed(written)
        except ValueError as error:
            found.append(Error(f"VAERN_LIMITS, {name}: {error}", id="limits.E001"))
    return found
