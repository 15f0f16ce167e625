"""Pure decisions of the evaluation: when it is open, who is asked what, and how few answers are too few."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

# Domain.md §5, §8: four answers or fewer could be traced to a person.
FLOOR = 5


class Role(StrEnum):
    """As whom somebody is asked: the one who booked, or the adult in charge on the day."""

    CONTACT = "contact"
    RESPONSIBLE = "responsible"


# Adults and civil society answer what parents answer: both came as private persons.
VARIANT_OF = {"class": "teacher", "parents": "parent", "adults": "parent", "staff": "staff"}


@dataclass(frozen=True)
class Window:
    """How long a session is evaluated, and when those are reminded who have not answered."""

    open_days: int = 30
    remind_after_days: int = 7

    def closes_at(self, ends_at: dt.datetime) -> dt.datetime:
        """Return when the evaluation of a session that ends then is over."""
        return ends_at + dt.timedelta(days=self.open_days)

    def is_open(self, ends_at: dt.datetime, *, now: dt.datetime) -> bool:
        """Say whether a session that ends then is evaluated at `now`."""
        return ends_at <= now < self.closes_at(ends_at)


def enough(number: int) -> bool:
    """Say whether so many answers may be let out together.

    >>> [enough(4), enough(5)]
    [False, True]
    """
    return number >= FLOOR


def share(number: int, of: int) -> int:
    """Return a whole percentage, halves away from zero; 0 of nothing.

    >>> [share(1, 8), share(2, 3), share(0, 0)]
    [13, 67, 0]
    """
    return (200 * number + of) // (2 * of) if of else 0
