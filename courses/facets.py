"""Counting a catalogue: which rows fit all that is asked, and how many would with one thing less. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One workshop as the counting sees it: what it has of each facet, and what keeps it out."""

    item: Any
    values: Mapping[str, Collection[Hashable]]
    fits: bool
    loose: Collection[str] = ()
    """The conditions each of which, let go of alone, would let it in (one date may be too late and another full)."""


@dataclass
class Tally:
    """What a catalogue holds for what was asked."""

    items: list[Any] = field(default_factory=list)
    without: Counter[str] = field(default_factory=Counter)
    """How many more would fit if this one condition were let go of."""
    counts: dict[str, Counter[Hashable]] = field(default_factory=dict)
    """For each facet, how many would fit if this value were chosen in place of what is."""


def tally(rows: Iterable[Row], facets: Iterable[str]) -> Tally:
    """Count in one pass."""
    found = Tally(counts={facet: Counter() for facet in facets})
    for row in rows:
        if row.fits:
            found.items.append(row.item)
            for facet, counter in found.counts.items():
                counter.update(row.values[facet])
        for condition in row.loose:
            found.without[condition] += 1
            if condition in found.counts:
                found.counts[condition].update(row.values[condition])
    return found
