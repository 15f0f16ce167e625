"""The attendance form of a session: a part a class, a person, and a walk-in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.domain.attendance import NOT_ASKED, LineReport, PersonReport, Report, WalkInReport
from bookings.forms.fields import MAX_ADULTS, MAX_PUPILS, HeadCountField
from bookings.models import AttendanceRecord, GroupLine, PersonLine, WalkIn

REASONS = [("", _("Choose a reason")), *AttendanceRecord.Reason.choices]
MAX_PERSONS = 500


class RollForm(forms.Form):
    """A part of the roll; all empty means: not reported."""

    use_required_attribute = False
    marks_optional = False
    kind = ""

    # The record that the page shows, so that a page opened before somebody else's correction does not undo it.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject: Any, history: list[AttendanceRecord], **kwargs: Any) -> None:
        """`history` is all that has been reported of it, oldest first; the last is what holds now."""
        self.row = subject
        self.history = {record.pk: record for record in history}
        self.record = history[-1] if history else None
        initial = {**self.values_of(self.record), "seen": self.record.pk} if self.record else {}
        kwargs.update(initial=initial, prefix=f"{self.kind}-{subject.pk}")
        super().__init__(*args, **kwargs)

    @staticmethod
    def values_of(record: AttendanceRecord) -> dict[str, Any]:
        """Return a record's values as the form has them."""
        raise NotImplementedError

    def report(self) -> Report | None:
        """Return what is reported, or None when it is left as the page showed it. Valid forms only."""
        raise NotImplementedError

    @property
    def first_field(self) -> str:
        """Return the field at which an error of the whole part is shown."""
        return "pupils"

    @property
    def corrections(self) -> list[AttendanceRecord]:
        """Return what was reported before, newest first."""
        return list(self.history.values())[-2::-1]

    @property
    def seen_id(self) -> int | None:
        """Return the record that the sender saw. Valid forms only."""
        return self.cleaned_data["seen"] if self._tells_what_it_saw else NOT_ASKED

    @property
    def _tells_what_it_saw(self) -> bool:
        return self.add_prefix("seen") in self.data

    def shown(self, data: dict[str, Any]) -> AttendanceRecord | None:
        """Return the record that the page showed; for a form that does not tell, the one that holds now."""
        return self.history.get(data.get("seen") or 0) if self._tells_what_it_saw else self.record

    def is_as_shown(self) -> bool:
        """Say whether the form says what the page showed. Valid forms only."""
        shown = self.shown(self.cleaned_data)
        return shown is not None and all(
            self.cleaned_data.get(name) == value for name, value in self.values_of(shown).items()
        )


class LineAttendanceForm(RollForm):
    """How many of one class came, or why it did not take place."""

    kind = "line"

    pupils = HeadCountField(label=_("Pupils present"), min_value=0, max_value=MAX_PUPILS, required=False)
    adults = HeadCountField(label=_("Adults present"), min_value=0, max_value=MAX_ADULTS, required=False)
    reason = forms.ChoiceField(label=_("Or: it did not take place, because"), required=False, choices=REASONS)

    def __init__(self, *args: Any, line: GroupLine, history: list[AttendanceRecord], **kwargs: Any) -> None:
        self.line = line
        super().__init__(*args, subject=line, history=history, **kwargs)

    @staticmethod
    def values_of(record: AttendanceRecord) -> dict[str, Any]:
        """Return a record's values as the form has them."""
        return {"pupils": record.pupils_present, "adults": record.adults_present, "reason": record.reason}

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
        elif pupils is None and not reason and self.shown(data) is not None:
            self.add_error("pupils", _("This class has been reported. Correct the numbers instead of emptying them."))
        return data

    def report(self) -> LineReport | None:
        """Return what is reported, or None when the class is left as the page showed it. Valid forms only."""
        data = self.cleaned_data
        if self.is_as_shown() or (data["pupils"] is None and not data["reason"]):
            return None
        return LineReport(
            self.line.pk,
            took_place=not data["reason"],
            pupils=data["pupils"],
            adults=data["adults"],
            reason=data["reason"],
            seen_id=self.seen_id,
        )


PRESENT, ABSENT = "present", "absent"
PRESENCE = [(PRESENT, _("Present")), (ABSENT, _("Absent"))]


def presence_of(record: AttendanceRecord) -> dict[str, Any]:
    """Return a person's record as the form has it; one of a session that did not take place is neither."""
    if record.persons_present is None:
        return {"presence": ""}
    return {"presence": PRESENT if record.persons_present else ABSENT}


class PresenceForm(RollForm):
    """Whether one person was there."""

    presence = forms.ChoiceField(label=_("Was there?"), required=False, choices=PRESENCE, widget=forms.RadioSelect)

    @staticmethod
    def values_of(record: AttendanceRecord) -> dict[str, Any]:
        """Return a record's values as the form has them."""
        return presence_of(record)

    @property
    def first_field(self) -> str:
        """Return the field at which an error of the whole part is shown."""
        return "presence"


class PersonAttendanceForm(PresenceForm):
    """Whether one person of a booking was there."""

    kind = "person"

    def report(self, *, all_present: bool = False) -> PersonReport | None:
        """Return what is reported; with `all_present`, one of whom nothing is said is present. Valid forms only."""
        presence = self.cleaned_data["presence"] or (PRESENT if all_present else "")
        shown = self.shown(self.cleaned_data)
        if not presence or (shown is not None and presence_of(shown)["presence"] == presence):
            return None
        row: PersonLine = self.row
        return PersonReport(row.pk, present=presence == PRESENT, seen_id=self.seen_id)


class DoorWalkInForm(PresenceForm):
    """Whether somebody who checked in at the door without a booking was there."""

    kind = "walk-in"

    def report(self) -> WalkInReport | None:
        """Return what is reported, or None when it is left as the page showed it. Valid forms only."""
        presence = self.cleaned_data["presence"]
        if self.is_as_shown() or not presence:
            return None
        return WalkInReport(self.row.pk, persons=int(presence == PRESENT), seen_id=self.seen_id)


class WalkInClassForm(RollForm):
    """A correction of a class that came without a booking."""

    kind = "walk-in"

    pupils = HeadCountField(label=_("Pupils present"), min_value=0, max_value=MAX_PUPILS)
    adults = HeadCountField(label=_("Adults present"), min_value=0, max_value=MAX_ADULTS)

    @staticmethod
    def values_of(record: AttendanceRecord) -> dict[str, Any]:
        """Return a record's values as the form has them."""
        return {"pupils": record.pupils_present, "adults": record.adults_present}

    def report(self) -> WalkInReport | None:
        """Return what is reported, or None when it is left as the page showed it. Valid forms only."""
        if self.is_as_shown():
            return None
        data = self.cleaned_data
        return WalkInReport(self.row.pk, pupils=data["pupils"], adults=data["adults"], seen_id=self.seen_id)


class WalkInPersonsForm(RollForm):
    """A correction of persons who came without a booking."""

    kind = "walk-in"

    persons = HeadCountField(label=_("Persons present"), min_value=0, max_value=MAX_PERSONS)

    @staticmethod
    def values_of(record: AttendanceRecord) -> dict[str, Any]:
        """Return a record's values as the form has them."""
        return {"persons": record.persons_present}

    @property
    def first_field(self) -> str:
        """Return the field at which an error of the whole part is shown."""
        return "persons"

    def report(self) -> WalkInReport | None:
        """Return what is reported, or None when it is left as the page showed it. Valid forms only."""
        if self.is_as_shown():
            return None
        return WalkInReport(self.row.pk, persons=self.cleaned_data["persons"], seen_id=self.seen_id)


def walk_in_form(data: Any, walk_in: WalkIn, history: list[AttendanceRecord]) -> RollForm:
    """Return the form that suits a walk-in."""
    kind: type[RollForm] = WalkInClassForm if walk_in.is_class else WalkInPersonsForm
    if walk_in.email:
        kind = DoorWalkInForm
    return kind(data, subject=walk_in, history=history)


class AttendanceKeyForm(forms.Form):
    """The page's own key, the one confirmation that more came than were booked, and what is said of all persons."""

    use_required_attribute = False
    marks_optional = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    more_is_right = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Or: it did not take place, because"), required=False, choices=REASONS)


class NameSearchForm(forms.Form):
    """A part of a name, to find somebody on a long roll."""

    use_required_attribute = False
    marks_optional = False

    q = forms.CharField(
        label=_("Find a name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
