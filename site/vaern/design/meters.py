"""The arithmetic of the goal meter: where value and target lie on a line 100 wide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Meter:
    """Positions in the drawing, from 0 to 100, with at most one decimal; the text beside it says the same."""

    filled: float
    band_start: float
    band_width: float
    reached: bool


def place(value: float, low: float, high: float | None = None) -> Meter:
    """Place a value against a target, or a target range, leaving a little room past what is greatest.

    >>> place(3000, 4000)
    Meter(filled=69.0, band_start=92.0, band_width=0.0, reached=False)
    """
    top = high if high is not None and high > low else low
    scale = 92 / max(value, top, 1)
    return Meter(
        filled=round(max(value, 0) * scale, 1),
        band_start=round(low * scale, 1),
        band_width=round((top - low) * scale, 1),
        reached=value >= low,
    )
