"""The demo's mailbox shows every message to everyone: it must never run where real people are."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def demo_is_local(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse the demo under the production settings, whoever listed it."""
    if settings.SETTINGS_MODULE == "vaern.settings.production":
        return [Error("vaern.demo must not be installed in production.", id="vaern.demo.E001")]
    return []
