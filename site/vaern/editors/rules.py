"""When somebody is told that a page's review is due. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SOON = dt.timedelta(days=30)
AGAIN_AFTER = dt.timedelta(days=7)
DUE, OVERDUE = "due", "overdue"


@dataclass(frozen=True)
class Told:
    """The last notice about a page."""

    kind: str
    review_on: dt.date
    recipient_id: int
    sent_on: dt.date


def review_state(review_on: dt.date | None, today: dt.date) -> str:
    """Return "overdue" after the date, "due" in the 30 days up to it, otherwise nothing."""
    if review_on is None or review_on - SOON > today:
        return ""
    return OVERDUE if review_on < today else DUE


def notice_now(*, review_on: dt.date | None, recipient_id: int | None, told: Told | None, today: dt.date) -> str:
    """Return the kind of notice to send today, or nothing.

    Once when it is due within 30 days, once when it is overdue, and then a reminder a week at most; after an outage
    what was missed is sent once. A new date or a new person begins anew.
    """
    state = review_state(review_on, today)
    if not state or recipient_id is None:
        return ""
    if told is None or told.review_on != review_on or told.recipient_id != recipient_id:
        return state
    if state == DUE:
        return ""
    return state if today - told.sent_on >= AGAIN_AFTER else ""
