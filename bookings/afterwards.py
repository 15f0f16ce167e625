"""What comes after a session and is known by higher apps only: they say so here, and bookings asks.

Like `courses.dates`: the evaluation gives its answer in its AppConfig (`provide`); without it no mail has such a link.
"""

from __future__ import annotations

from collections.abc import Callable

from bookings.models import Booking

EvaluationPath = Callable[[Booking, bool], str]


class _Known:
    """What has been provided."""

    evaluation: EvaluationPath | None = None


def provide(evaluation: EvaluationPath) -> None:
    """Let `evaluation` say where a booking's contact (True) or adult in charge (False) evaluates; empty for nowhere."""
    _Known.evaluation = evaluation


def evaluation_path(booking: Booking, *, is_contact: bool) -> str:
    """Return the path where the recipient of a message evaluates the session, or nothing."""
    return _Known.evaluation(booking, is_contact) if _Known.evaluation else ""
