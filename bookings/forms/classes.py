"""Booking for school classes: the school, and each class as two numbers."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.domain.parties import BookingSchool, ClassGroup
from bookings.forms.contact import ContactForm
from bookings.forms.fields import MAX_ADULTS, MAX_PUPILS, AddressField, HeadCountField, PhoneField, PlainCharField
from bookings.models import GroupLine
from bookings.rules import fold, label_key
from vaern.pages import grades
from vaern.people.models import Organisation
from vaern.people.queries import school_choices, school_today

UNLISTED = "unlisted"
MAX_GROUPS = 6
MAX_LABEL = 20
MAX_SCHOOL_NAME = 200


class SchoolSelect(forms.Select):
    """A list of schools that can be typed into where there is JavaScript (vaern/js/choose.js)."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the words that the script says."""
        words = {
            "data-choose": "",
            "data-always": UNLISTED,
            "data-how": _("Type a part of the name, and choose with the arrow keys and Enter."),
            "data-none": _("No school has that name."),
            "data-results": _("Schools found: {all}."),
            "data-selected": _("{name}, number {number} of {all}."),
        }
        return super().build_attrs({**base_attrs, **words}, extra_attrs)


class SchoolField(forms.ChoiceField):
    """A choice of school; the one that was sent is looked up by itself (`ClassForm.clean_school`)."""

    def valid_value(self, value: Any) -> bool:
        """Leave it to the form."""
        return True


class SchoolForm(forms.Form):
    """Which school: one of today's, or one that is not on the list by its name."""

    organisation: Organisation | None = None

    school = SchoolField(
        label=_("School"),
        widget=SchoolSelect,
        error_messages={"required": _("Choose the school."), "invalid_choice": _("Choose the school.")},
    )
    school_name = PlainCharField(
        label=_("The school's name"),
        max_length=MAX_SCHOOL_NAME,
        required=False,
        help_text=_("Only if the school is not on the list."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        school = self.fields["school"]
        if isinstance(school, forms.ChoiceField):
            school.choices = cache(all_choices)  # read when the list is drawn, and only once

    def clean_school(self) -> str:
        """Refuse what is no school of today."""
        number: str = self.cleaned_data["school"]
        if number != UNLISTED:
            self.organisation = school_today(number)
            if self.organisation is None:
                raise ValidationError(self.fields["school"].error_messages["invalid_choice"], code="invalid_choice")
        return number

    def clean_school_name(self) -> str:
        """Refuse a name that grows past its column when it is folded (ß becomes ss)."""
        name: str = self.cleaned_data["school_name"]
        if len(fold(name)) > MAX_SCHOOL_NAME:
            raise ValidationError(_("Write the school's name."))
        return name

    def clean(self) -> dict[str, Any]:
        """An unlisted school needs a name."""
        data = super().clean() or {}
        unnamed = data.get("school") == UNLISTED and not data.get("school_name")
        if unnamed and "school_name" not in self.errors:
            self.add_error("school_name", _("Write the school's name."))
        return data

    def booking_school(self) -> BookingSchool:
        """Return the chosen school, or the unlisted one by name. Valid forms only."""
        if self.organisation is None:
            return BookingSchool(unlisted_name=self.cleaned_data["school_name"])
        return BookingSchool(organisation=self.organisation)


def all_choices() -> list[tuple[Any, Any]]:
    """Return every school to choose from, after the empty choice and before the way out. Two queries."""
    return [("", _("Choose a school")), *school_choices(), (UNLISTED, _("The school is not on the list"))]


class ClassForm(SchoolForm, ContactForm):
    """School and contact of a class booking."""

    phone = PhoneField(
        label=_("Phone number"),
        max_length=20,
        error_messages={"required": _("Write a phone number.")},
        help_text=_("The facilitator calls if something changes on the day."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    responsible_name = PlainCharField(
        label=_("Name of the adult in charge on the day"),
        max_length=120,
        required=False,
        help_text=_("Only if it is not you."),
    )
    responsible_email = AddressField(
        label=_("E-mail of the adult in charge on the day"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write an e-mail address, e.g. name@school.dk.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your work e-mail")
        yours = _("Choose your school.")
        self.fields["school"].error_messages.update(required=yours, invalid_choice=yours)

    def clean(self) -> dict[str, Any]:
        """The adult in charge needs name and e-mail or neither."""
        data = super().clean()
        self.require_both(
            "responsible_name",
            "responsible_email",
            no_name=_("Write the name of the adult in charge."),
            no_email=_("Write the e-mail address of the adult in charge."),
        )
        return data


class LabelForm(forms.Form):
    """Which class of a school: its label and its grade."""

    use_required_attribute = False

    label = PlainCharField(
        label=_("Class"),
        max_length=MAX_LABEL,
        help_text=_("For example 7.B. Do not write names of pupils."),
        error_messages={"required": _("Write which class it is, e.g. 7.B.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        coerce=int,
        error_messages={
            "required": _("Choose a grade."),
            "invalid_choice": _("Choose a grade from the list."),
        },
    )

    def __init__(self, *args: Any, grade_from: int | None = None, grade_to: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        low = grades.LOWEST if grade_from is None else grade_from
        high = grades.HIGHEST if grade_to is None else grade_to
        grade = self.fields["grade"]
        if isinstance(grade, forms.ChoiceField):
            grade.choices = [
                ("", _("Choose a grade")),
                *((str(n), _("Grade %(number)s") % {"number": n}) for n in range(low, high + 1)),
            ]

    def clean_label(self) -> str:
        """Refuse a label with neither letter nor digit, or one that does not fit its column when it is folded."""
        label: str = self.cleaned_data["label"]
        key = label_key(label)
        if not any(char.isalnum() for char in key) or len(key) > MAX_LABEL:
            raise ValidationError(_("Write which class it is, e.g. 7.B."))
        return label


class GroupForm(LabelForm):
    """One class: pupils and adults as two numbers, never a name."""

    pupils = HeadCountField(label=_("Number of pupils"), min_value=1, max_value=MAX_PUPILS)
    adults = HeadCountField(label=_("Number of adults who come with the class"), min_value=0, max_value=MAX_ADULTS)
    needs = forms.MultipleChoiceField(
        label=_("The room must have"),
        required=False,
        choices=GroupLine.NEEDS,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False  # a form set would let an empty class pass, which cannot be booked
        self.fields["pupils"].error_messages["required"] = _("Write the number of pupils.")
        self.fields["adults"].error_messages["required"] = _("Write the number of adults.")

    def group(self) -> ClassGroup:
        """Return the class. Valid forms only."""
        data = self.cleaned_data
        return ClassGroup(
            label=data["label"],
            grade=data["grade"],
            pupils=data["pupils"],
            adults=data["adults"],
            needs=data["needs"],
        )


class BaseGroupFormSet(forms.BaseFormSet):
    """The classes of one booking; the same class twice is an error on the second."""

    def clean(self) -> None:
        """Refuse a class that stands twice."""
        seen: set[str] = set()
        for form in self.forms:
            label = form.cleaned_data.get("label") if hasattr(form, "cleaned_data") else None
            if label and label_key(label) in seen:
                form.add_error("label", _("This class is in the form twice."))
            elif label:
                seen.add(label_key(label))


GroupFormSet = forms.formset_factory(
    GroupForm,
    formset=BaseGroupFormSet,
    extra=0,
    min_num=1,
    max_num=MAX_GROUPS,
    absolute_max=MAX_GROUPS,
    validate_max=True,
    validate_min=True,
)
