"""The catalogue's filters: what an address asks for, read with patience."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.periods import Period
from vaern.pages import grades

Choices = Sequence[tuple[str, Any]]

SORTS: Choices = [
    ("next", _("Next date")),
    ("title", _("Title")),
    ("newest", _("Newest")),
    ("grade", _("Grade")),
]
WORKSHOPS, DATES, MONTH = "workshops", "dates", "month"
VIEWS: Choices = [(WORKSHOPS, _("Workshops")), (DATES, _("Dates")), (MONTH, _("Calendar"))]
# How the page is shown; everything else narrows what is found.
SHOWN_AS = ("sort", "view", "month")
EARLIEST, LATEST = dt.date(2020, 1, 1), dt.date(2099, 12, 31)
LONGEST_QUERY = 80


class DayField(forms.DateField):
    """A day that somebody can mean."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"], widget=widget, **kwargs)

    def validate(self, value: Any) -> None:
        """Refuse the year 9999, which no calendar can count on from."""
        super().validate(value)
        if value and not EARLIEST <= value <= LATEST:
            raise ValidationError(_("Choose from the list."), code="out_of_range")


class TickField(forms.BooleanField):
    """Ticked by `=1`; anything that is neither that nor what browsers send is no answer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=TickInput(check_test=lambda value: value == "1"), **kwargs)

    def to_python(self, value: Any) -> bool:
        """Return whether it is ticked."""
        if value not in {None, "", "0", "1", "on"}:
            raise ValidationError(_("Choose from the list."), code="invalid_choice")
        return value in {"1", "on"}


class TickInput(forms.CheckboxInput):
    """A check box that keeps what the address says, so that nonsense is told from a tick."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the value as it stands in the address."""
        return data.get(name)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Send `=1`, and draw the tick."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["value"] = "1"
        return context


class CatalogueFilterForm(forms.Form):
    """Every field is optional; a value that is not a choice is left out of the search, never an error page."""

    use_required_attribute = False
    marks_optional = False

    q = forms.CharField(label=_("Search"), required=False, max_length=LONGEST_QUERY)
    audience = forms.ChoiceField(label=_("For whom"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    subject = forms.ChoiceField(label=_("Subject"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    period = forms.ChoiceField(label=_("Period"), required=False, choices=Period.choices)
    place = forms.ChoiceField(label=_("Kind of place"), required=False)
    district = forms.ChoiceField(
        label=_("District"),
        required=False,
        help_text=_("A visit at the school can be had in every district."),
    )
    language = forms.ChoiceField(label=_("Held in"), required=False)
    free = TickField(label=_("Only with free places"))
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=SORTS)
    view = forms.ChoiceField(required=False, choices=VIEWS, widget=forms.HiddenInput)
    month = forms.RegexField(r"^20[2-9]\d-(0[1-9]|1[0-2])$", required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        # "from" is no name in Python.
        self.fields["from"] = DayField(label=_("From"))
        self.fields["to"] = DayField(label=_("To"))
        self.order_fields([*ORDER, *SHOWN_AS])
        numbers = [(str(grade), str(grade)) for grade in range(grades.LOWEST, grades.HIGHEST + 1)]
        for name, options in {**choices, "grade": numbers, "period": Period.choices, "sort": SORTS}.items():
            first = _("All") if name != "sort" else _("Our order")
            self._choice(name).choices = [("", first), *options]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and last < first:
            self.add_error("to", _("The period ends before it begins."))
        return cleaned

    def chosen(self) -> dict[str, str]:
        """Return what was asked for and makes sense, as it stands in an address; what does not is left out."""
        self.is_valid()
        told = {name: _as_written(self.cleaned_data[name]) for name in self.fields if self.cleaned_data.get(name)}
        if told.get("view") == WORKSHOPS:
            del told["view"]
        if told.get("view") != MONTH:
            told.pop("month", None)
        return told

    def left_out(self) -> list[str | Promise]:
        """Return the names of the fields whose value made no sense."""
        return [self.fields[name].label or str(name) for name in self.errors if name in self.fields]

    def count(self, counts: Mapping[str, Counter[Any]]) -> None:
        """Write behind each choice how many workshops it gives."""
        for name, counter in counts.items():
            field = self._choice(name)
            shown: Any = field.choices
            first, *options = shown
            counted = [(value, f"{label} ({counter[value]})") for value, label in options]
            field.choices = [first, *counted]

    def label_of(self, name: str, value: str) -> str:
        """Return what a chosen value is called."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        return value


# The order of the fields on the page: what a teacher asks first, then the rest behind "More filters".
FIRST = ("q", "audience", "grade", "subject")
MORE = ("theme", "period", "from", "to", "place", "district", "language", "free")
ORDER = (*FIRST, *MORE)
_SPACES = re.compile(r"\s+")


def _as_written(value: Any) -> str:
    if value is True:
        return "1"
    return value.isoformat() if isinstance(value, dt.date) else _SPACES.sub(" ", str(value)).strip()
