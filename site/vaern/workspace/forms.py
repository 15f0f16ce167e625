"""The workspace's forms. They check what is written; the verbs decide."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.admin.answers import facilitators
from bookings.admin.forms import MAX_CAPACITY, ReasonField, workshops_with_sessions
from bookings.forms import HeadCountField, PlainCharField
from bookings.models import Session, SessionSeries
from vaern.cms.staff import DayField
from vaern.design.fields import holds_cpr
from vaern.people.models import Organisation, User
from vaern.workspace.rules import MOST_DATES

NO_PERSONS = gettext_lazy("Write about the session, never about a person: no names, no illness, no CPR numbers.")
MAX_TEXT, MAX_SUBJECT = 2000, 120
YEAR = dt.timedelta(days=366)


class PlainTextField(forms.CharField):
    """Several lines of plain text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 8}), **kwargs)

    def validate(self, value: str) -> None:
        """Refuse hidden characters, and what looks like a CPR number (domain.md §8)."""
        super().validate(value)
        if holds_cpr(value):
            raise ValidationError(PlainCharField.default_error_messages["cpr"], code="cpr")
        if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} and char not in "\r\n\t" for char in value):
            raise ValidationError(_("Write it without special characters."), code="control")


class ApproveForm(forms.Form):
    """Approving several at once."""

    wait = forms.BooleanField(
        label=gettext_lazy("Put those without room on the waiting list"),
        required=False,
        help_text=gettext_lazy("Otherwise none is approved when one of them has no room."),
    )


class ReasonForm(forms.Form):
    """Calling several off: one reason for all."""

    reason = ReasonField(help_text=gettext_lazy("It is sent to those who have booked.") + " " + NO_PERSONS)


class NoteForm(forms.Form):
    """A message by hand."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    subject = PlainCharField(label=pgettext_lazy("message", "Subject"), max_length=MAX_SUBJECT)
    text = PlainTextField(label=gettext_lazy("Text"), max_length=MAX_TEXT, help_text=NO_PERSONS)
    waiting = forms.BooleanField(
        label=gettext_lazy("Also to those who wait or have asked"),
        required=False,
        help_text=gettext_lazy("Otherwise only to those who hold a place."),
    )

    def __init__(self, *args: Any, asks_waiting: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()
        if not asks_waiting:
            del self.fields["waiting"]


class AssignForm(forms.Form):
    """Who holds the sessions."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Facilitators"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )
    replace = forms.BooleanField(
        label=gettext_lazy("In place of those who hold them now"),
        required=False,
        help_text=gettext_lazy(
            "Otherwise they are added to them. Those who are new, and those who are let go, are told."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["people"]
        if isinstance(people, forms.ModelMultipleChoiceField):
            people.queryset = facilitators()


class HoldersForm(forms.Form):
    """Who holds one session: nobody is a choice."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("Facilitators"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        held_by = [person.pk for person in session.facilitators.all()]
        kwargs.setdefault("initial", {"people": held_by})
        super().__init__(*args, **kwargs)
        people = self.fields["people"]
        if isinstance(people, forms.ModelMultipleChoiceField):
            people.queryset = (facilitators() | User.objects.filter(pk__in=held_by).distinct()).order_by("email")


class ViewForm(forms.Form):
    """The name of a saved view."""

    name = PlainCharField(max_length=40)
    query = forms.CharField(max_length=4000, required=False)


class ClockField(forms.TimeField):
    """A time of day, as Danes write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%H:%M", "%H.%M"],
            widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "placeholder": "10:00"}),
            **kwargs,
        )


WEEKDAYS = [
    ("0", gettext_lazy("Monday")),
    ("1", gettext_lazy("Tuesday")),
    ("2", gettext_lazy("Wednesday")),
    ("3", gettext_lazy("Thursday")),
    ("4", gettext_lazy("Friday")),
    ("5", gettext_lazy("Saturday")),
    ("6", gettext_lazy("Sunday")),
]
ONE_BY_ONE = ""


class SeriesForm(forms.Form):
    """Several dates of one workshop by a rule; which of them are planned is chosen from what the rule gives."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    workshop = forms.ModelChoiceField(workshops_with_sessions(), label=gettext_lazy("Workshop"))
    first_day = DayField(label=gettext_lazy("From"))
    last_day = DayField(
        label=gettext_lazy("Until and with"),
        help_text=gettext_lazy("A year ahead at most, and %(most)s dates at a time.") % {"most": MOST_DATES},
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On which days"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day of the week.")},
    )
    every = forms.TypedChoiceField(
        label=gettext_lazy("How often"),
        coerce=int,
        choices=[
            ("1", gettext_lazy("Every week")),
            ("2", gettext_lazy("Every second week")),
            ("3", gettext_lazy("Every third week")),
            ("4", gettext_lazy("Every fourth week")),
        ],
    )
    starts = ClockField(label=gettext_lazy("Starts at"))
    ends = ClockField(
        label=gettext_lazy("Ends at"), required=False, help_text=gettext_lazy("Empty: as long as the workshop takes.")
    )
    place = PlainCharField(
        label=gettext_lazy("Place"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty: at the school that books."),
    )
    district = forms.ChoiceField(
        label=gettext_lazy("District"), choices=[("", "---------"), *Organisation.District.choices], required=False
    )
    capacity = HeadCountField(
        label=gettext_lazy("Number of places"), required=False, min_value=0, max_value=MAX_CAPACITY
    )
    unlimited = forms.BooleanField(label=gettext_lazy("No limit on the number of places"), required=False)
    capacity_unit = forms.ChoiceField(label=gettext_lazy("Capacity counts"), choices=Session.Unit.choices)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("da", gettext_lazy("Danish")), ("en", gettext_lazy("English"))]
    )
    facilitators = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("Facilitators"), required=False, widget=forms.CheckboxSelectMultiple
    )
    visibility = forms.ChoiceField(label=gettext_lazy("Visibility"), choices=Session.Visibility.choices)
    waiting_rule = forms.ChoiceField(label=gettext_lazy("Waiting list"), choices=Session.WaitingRule.choices)
    approval_needed = forms.BooleanField(label=gettext_lazy("A coordinator approves each booking"), required=False)
    together = forms.ChoiceField(
        label=gettext_lazy("Booked together"),
        required=False,
        choices=[(ONE_BY_ONE, gettext_lazy("No, each date by itself")), *SessionSeries.Mode.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()
        self.fields["waiting_rule"].initial = Session.WaitingRule.NONE
        workshop, people = self.fields["workshop"], self.fields["facilitators"]
        workshop.widget.attrs["class"] = "w-w-full"
        if isinstance(workshop, forms.ModelChoiceField):
            workshop.queryset = workshops_with_sessions()
        if isinstance(people, forms.ModelMultipleChoiceField):
            people.queryset = facilitators()

    def clean(self) -> dict[str, Any]:
        """Check the order of days and times, and that the number of places is either given or unlimited."""
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day must not be before the first."))
        elif first and last and last - first > YEAR:
            self.add_error("last_day", _("Plan a year ahead at most."))
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The session must end after it starts."))
        if "capacity" in data and data["capacity"] is None and not data["unlimited"]:
            self.add_error("capacity", _("Write how many places there are, or tick that there is no limit."))
        elif data.get("capacity") is not None and data["unlimited"]:
            self.add_error("unlimited", _("Either write how many places there are, or tick that there is no limit."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what all the sessions have in common. Valid forms only."""
        names = ("workshop", "place", "district", "capacity", "capacity_unit", "language", "visibility")
        return {name: self.cleaned_data[name] for name in (*names, "waiting_rule", "approval_needed")}
