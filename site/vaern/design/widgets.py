"""Native date and time inputs; the browser shows the reader's own calendar and clock."""

from __future__ import annotations

from typing import Any

from django import forms


class NativeDateInput(forms.DateInput):
    """``<input type="date">``, whose value must be ISO whatever the language is.

    >>> forms.DateField(widget=NativeDateInput)
    """

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "input-width-xs", **(attrs or {})}, format="%Y-%m-%d")


class NativeTimeInput(forms.TimeInput):
    """``<input type="time">``, hours and minutes."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "input-width-xs", **(attrs or {})}, format="%H:%M")
