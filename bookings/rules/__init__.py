"""Pure decisions about bookings: no database, no clock of their own, tested as tables (domain.md §3, §4)."""

from bookings.rules.answers import (
    NO_LIMITS,
    Answer,
    Group,
    GroupLimits,
    SessionFacts,
    answer,
    availability,
    may_wait,
    on_approval,
    sizes,
)
from bookings.rules.changes import cancellation, moving, renumbering, reporting
from bookings.rules.line import (
    BYPASS_FREE,
    MAX_PASSED,
    OFFER_LASTS,
    Place,
    WaitingRule,
    bypass_is_free,
    next_in_line,
    offer_ends,
)
from bookings.rules.names import fold, label_key
from bookings.rules.states import ACTIVE, ENDED, SEAT_HOLDING, Refusal, State

__all__ = [
    "ACTIVE",
    "BYPASS_FREE",
    "ENDED",
    "MAX_PASSED",
    "NO_LIMITS",
    "OFFER_LASTS",
    "SEAT_HOLDING",
    "Answer",
    "Group",
    "GroupLimits",
    "Place",
    "Refusal",
    "SessionFacts",
    "State",
    "WaitingRule",
    "answer",
    "availability",
    "bypass_is_free",
    "cancellation",
    "fold",
    "label_key",
    "may_wait",
    "moving",
    "next_in_line",
    "offer_ends",
    "on_approval",
    "renumbering",
    "reporting",
    "sizes",
]
