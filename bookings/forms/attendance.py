"""The attendance form of a session: a part a class."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.domain.attendance import NOT_ASKED, LineReport
from bookings.forms.fields import MAX_ADULTS, MAX_PUPILS, HeadCountField
from bookings.models import AttendanceRecord, GroupLine


class LineAttendanceForm(forms.Form):
    """How many of one class came. All empty means: not reported."""

    use_required_attribute = False
    marks_optional = False

    pupils = HeadCountField(label=_("Pupils present"), min_value=0, max_value=MAX_PUPILS, required=False)
    adults = HeadCountField(label=_("Adults present"), min_value=0, max_value=MAX_ADULTS, required=False)
    reason = forms.ChoiceField(
        label=_("Or: it did not take place, because"),
        required=False,
        choices=[("", _("Choose a reason")), *AttendanceRecord.Reason.choices],
    )
    # The record that the page shows, so that a page opened before somebody else's correction does not undo it.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: GroupLine, history: list[AttendanceRecord], **kwargs: Any) -> None:
        """`history` is all that has been reported of the class, oldest first; the last is what holds now."""
        self.line = line
        self.history = {record.pk: record for record in history}
        self.record = record = history[-1] if history else None
        initial = (
            {
                "pupils": record.pupils_present,
                "adults": record.adults_present,
                "reason": record.reason,
                "seen": record.pk,
            }
            if record
            else {}
        )
        kwargs.update(initial=initial, prefix=f"line-{line.pk}")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Two numbers, or a reason, or nothing at all; and what was reported cannot be emptied again."""
        data = super().clean() or {}
        pupils, adults, reason = data.get("pupils"), data.get("adults"), data.get("reason")
        if self.errors:
            return data
        if reason and (pupils is not None or adults is not None):
            self.add_error("reason", _("Write either numbers or a reason, not both."))
        elif pupils is None and adults is not None:
            self.add_error("pupils", _("Write the number of pupils. Write 0 if nobody came."))
        elif adults is None and pupils is not None:
            self.add_error("adults", _("Write the number of adults. Write 0 if nobody came."))
        elif pupils is None and not reason and self._shown(data) is not None:
            self.add_error("pupils", _("This class has been reported. Correct the numbers instead of emptying them."))
        return data

    def report(self) -> LineReport | None:
        """Return what is reported, or None when the class is left as the page showed it. Valid forms only."""
        data = self.cleaned_data
        shown = self._shown(data)
        unchanged = shown and (shown.reason, shown.pupils_present, shown.adults_present) == (
            data["reason"],
            data["pupils"],
            data["adults"],
        )
        if unchanged or (data["pupils"] is None and not data["reason"]):
            return None
        return LineReport(
            self.line.pk,
            took_place=not data["reason"],
            pupils=data["pupils"],
            adults=data["adults"],
            reason=data["reason"],
            seen_id=data["seen"] if self._tells_what_it_saw else NOT_ASKED,
        )

    @property
    def _tells_what_it_saw(self) -> bool:
        return self.add_prefix("seen") in self.data

    def _shown(self, data: dict[str, Any]) -> AttendanceRecord | None:
        """Return the record that the page showed; for a form that does not tell, the one that holds now."""
        return self.history.get(data.get("seen") or 0) if self._tells_what_it_saw else self.record


class AttendanceKeyForm(forms.Form):
    """The attendance page's own key, and the one confirmation that more came than were booked."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    more_is_right = forms.BooleanField(required=False, widget=forms.HiddenInput)
