"""Those who came without a booking: a class, or so many persons; and the form at the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bookings.domain.parties import BookingSchool
from bookings.domain.walkins import WalkInClass, WalkInPersons
from bookings.forms.attendance import MAX_PERSONS
from bookings.forms.classes import MAX_LABEL, MAX_SCHOOL_NAME, UNLISTED, SchoolField, SchoolSelect, all_choices
from bookings.forms.fields import MAX_ADULTS, MAX_PUPILS, AddressField, HeadCountField, PlainCharField
from bookings.rules import fold, label_key
from courses.models import WorkshopPage
from vaern.limits.forms import GuardedForm
from vaern.pages import grades
from vaern.people.models import Administration, Organisation
from vaern.people.queries import school_today

Audience = WorkshopPage.Audience


class KeyedForm(forms.Form):
    """A form that is safe to send twice."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)


class WalkInClassForm(KeyedForm):
    """A class that came without a booking. Never a pupil's name."""

    organisation: Organisation | None = None

    school = SchoolField(label=_("School"), widget=SchoolSelect, error_messages={"required": _("Choose the school.")})
    school_name = PlainCharField(
        label=_("The school's name"),
        max_length=MAX_SCHOOL_NAME,
        required=False,
        help_text=_("Only if the school is not on the list."),
    )
    label = PlainCharField(
        label=_("Class"),
        max_length=MAX_LABEL,
        help_text=_("For example 7.B. Do not write names of pupils."),
        error_messages={"required": _("Write which class it is, e.g. 7.B.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-width-s"}),
    )
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        choices=[
            ("", _("Choose a grade")),
            *((str(n), format_lazy(_("Grade {number}"), number=n)) for n in range(grades.LOWEST, grades.HIGHEST + 1)),
        ],
        coerce=int,
        error_messages={"required": _("Choose the grade.")},
    )
    pupils = HeadCountField(label=_("Pupils present"), min_value=0, max_value=MAX_PUPILS)
    adults = HeadCountField(label=_("Adults present"), min_value=0, max_value=MAX_ADULTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        if isinstance(field, forms.ChoiceField):
            field.choices = all_choices

    def clean_label(self) -> str:
        """Refuse what says nothing, or grows past its column when it is folded."""
        label: str = self.cleaned_data["label"]
        key = label_key(label)
        if not any(char.isalnum() for char in key) or len(key) > MAX_LABEL:
            raise forms.ValidationError(_("Write which class it is, e.g. 7.B."))
        return label

    def clean_school(self) -> str:
        """Refuse what is no school of today."""
        number: str = self.cleaned_data["school"]
        if number != UNLISTED:
            self.organisation = school_today(number)
            if self.organisation is None:
                raise forms.ValidationError(_("Choose the school."))
        return number

    def clean(self) -> dict[str, Any]:
        """An unlisted school needs a name."""
        data = super().clean() or {}
        name = data.get("school_name") or ""
        unnamed = data.get("school") == UNLISTED and (not name or len(fold(name)) > MAX_SCHOOL_NAME)
        if unnamed and "school_name" not in self.errors:
            self.add_error("school_name", _("Write the school's name."))
        return data

    def came(self) -> WalkInClass:
        """Return what is to be put on the roll. Valid forms only."""
        data = self.cleaned_data
        school = (
            BookingSchool(organisation=self.organisation)
            if self.organisation
            else BookingSchool(unlisted_name=data["school_name"])
        )
        return WalkInClass(school, data["label"], data["grade"], data["pupils"], data["adults"])


def administrations() -> Any:
    """Return the administrations of today."""
    return Administration.objects.on(timezone.localdate()).order_by("name_da")


class WalkInPersonsForm(KeyedForm):
    """So many persons who came without a booking; nobody is named."""

    persons = HeadCountField(label=_("How many came without a booking?"), min_value=1, max_value=MAX_PERSONS)
    administration = forms.ModelChoiceField(
        queryset=Administration.objects.none(),
        label=_("Administration"),
        required=False,
        empty_label=_("Not known"),
        help_text=_("Only if all of them come from the same."),
    )

    def __init__(self, *args: Any, audience: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _for_staff_only(self, audience)

    def came(self) -> WalkInPersons:
        """Return what is to be put on the roll. Valid forms only."""
        administration = self.cleaned_data.get("administration")
        return WalkInPersons(self.cleaned_data["persons"], administration.pk if administration else None)


class CheckInForm(GuardedForm):
    """One's own e-mail address at the door."""

    use_required_attribute = False

    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("The one you booked with, if you have booked."),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write an e-mail address, e.g. name@example.dk."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    administration = forms.ModelChoiceField(
        queryset=Administration.objects.none(),
        label=_("Your administration"),
        required=False,
        empty_label=_("None of these"),
        help_text=_("Only if you have not booked."),
    )

    def __init__(self, *args: Any, audience: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _for_staff_only(self, audience)


def _for_staff_only(form: forms.Form, audience: str) -> None:
    """Ask for the administration only where staff come."""
    field = form.fields["administration"]
    if audience != Audience.STAFF:
        del form.fields["administration"]
    elif isinstance(field, forms.ModelChoiceField):
        field.queryset = administrations()
