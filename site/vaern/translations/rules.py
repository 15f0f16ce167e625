"""When a translation is behind. Pure."""

from __future__ import annotations

import datetime as dt

# Whoever translates publishes both; the order of those minutes says nothing.
TOGETHER = dt.timedelta(minutes=10)


def is_behind(
    *, source: dt.datetime | None, translation: dt.datetime | None, still_right_for: dt.datetime | None
) -> bool:
    """Say whether the Danish page was published after the translation, and nobody said that it still fits."""
    if source is None or translation is None or source <= translation + TOGETHER:
        return False
    return still_right_for is None or source > still_right_for
