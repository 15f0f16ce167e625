"""The booking form and the attendance form. They check what is written; the verbs decide."""

from __future__ import annotations

import re
import unicodedata
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.domain.attendance import NOT_ASKED, LineReport
from bookings.domain.booking import BookingSchool, ClassGroup, Contact
from bookings.models import AttendanceRecord, GroupLine
from bookings.rules import fold, label_key
from courses import grades
from vaern.limits.forms import GuardedForm
from vaern.people.models import Organisation
from vaern.people.queries import school_choices

UNLISTED = "unlisted"
MAX_PUPILS = 200
MAX_ADULTS = 50
MAX_GROUPS = 6
MAX_LABEL = 20
MAX_SCHOOL_NAME = 200


CPR = re.compile(r"(?<!\d)\d{6}[\s-]?\d{4}(?!\d)")


class PlainCharField(forms.CharField):
    """One line of plain text: control characters (line breaks among them) are an error, not silently mended."""

    default_error_messages = {
        "control": _("Write it on one line, without special characters."),
        "cpr": _("This looks like a CPR number. Leave it out: Værn never holds CPR numbers."),
    }
    may_hold_ten_digits = False

    def validate(self, value: str) -> None:
        """Refuse control characters, which could end up in a mail's header, and what looks like a CPR number (§8)."""
        super().validate(value)
        if not self.may_hold_ten_digits and CPR.search(value):
            raise ValidationError(self.error_messages["cpr"], code="cpr")
        if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in value):
            raise ValidationError(self.error_messages["control"], code="control")


class PhoneField(PlainCharField):
    """A phone number: digits, spaces, and a plus in front."""

    may_hold_ten_digits = True

    default_error_messages = {"phone": _("Write the phone number with digits only, e.g. 12 34 56 78.")}

    def validate(self, value: str) -> None:
        """Refuse what is not a phone number."""
        super().validate(value)
        digits = value.replace(" ", "").removeprefix("+")
        if value and not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
            raise ValidationError(self.error_messages["phone"], code="phone")


class AddressField(forms.EmailField):
    """An e-mail address in small letters, as it is stored; some letters grow by it, so its length is checked after."""

    def to_python(self, value: Any) -> str:
        """Return the address in small letters."""
        return (super().to_python(value) or "").lower()


class HeadCountField(forms.IntegerField):
    """A number of persons, written with ordinary digits; no default, since a default looks like a fact."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            # Not type="number": a browser turns "2,5" into 25 or into nothing, and nobody is told.
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-width-xs"}),
            error_messages={
                "invalid": _("Write a whole number."),
                "min_value": _("The number must be at least %(limit_value)s."),
                "max_value": _("The number must be at most %(limit_value)s."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> int | None:
        """Refuse what only Python would take for a number: other scripts' digits, underscores, thousands of digits."""
        if value not in self.empty_values and not re.fullmatch(r"\s*-?[0-9]{1,9}\s*", str(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class BookingForm(GuardedForm):
    """School and contact of a class booking."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    school = forms.ChoiceField(
        label=_("School"),
        error_messages={"required": _("Choose your school."), "invalid_choice": _("Choose your school.")},
    )
    school_name = PlainCharField(
        label=_("The school's name"),
        max_length=MAX_SCHOOL_NAME,
        required=False,
        help_text=_("Only if the school is not on the list."),
    )
    name = PlainCharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your work e-mail"),
        max_length=254,
        help_text=_("We send the confirmation here."),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write an e-mail address, e.g. name@school.dk."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
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
        school = self.fields["school"]
        if isinstance(school, forms.ChoiceField):
            school.choices = [
                ("", _("Choose a school")),
                *school_choices(),
                (UNLISTED, _("The school is not on the list")),
            ]

    def clean_school_name(self) -> str:
        """Refuse a name that grows past its column when it is folded (ß becomes ss)."""
        name: str = self.cleaned_data["school_name"]
        if len(fold(name)) > MAX_SCHOOL_NAME:
            raise ValidationError(_("Write the school's name."))
        return name

    def clean(self) -> dict[str, Any]:
        """An unlisted school needs a name; the adult in charge needs name and e-mail or neither."""
        data = super().clean() or {}
        unnamed = data.get("school") == UNLISTED and not data.get("school_name")
        if unnamed and "school_name" not in self.errors:
            self.add_error("school_name", _("Write the school's name."))
        if (
            data.get("responsible_name")
            and not data.get("responsible_email")
            and "responsible_email" not in self.errors
        ):
            self.add_error("responsible_email", _("Write the e-mail address of the adult in charge."))
        if data.get("responsible_email") and not data.get("responsible_name") and "responsible_name" not in self.errors:
            self.add_error("responsible_name", _("Write the name of the adult in charge."))
        return data

    def booking_school(self) -> BookingSchool:
        """Return the chosen school, or the unlisted one by name. Valid forms only."""
        if self.cleaned_data["school"] == UNLISTED:
            return BookingSchool(unlisted_name=self.cleaned_data["school_name"])
        number = self.cleaned_data["school"]
        return BookingSchool(organisation=Organisation.objects.schools().get(school__institution_number=number))

    def contact(self) -> Contact:
        """Return who books. Valid forms only."""
        data = self.cleaned_data
        return Contact(
            name=data["name"],
            email=data["email"],
            phone=data["phone"],
            responsible_name=data["responsible_name"],
            responsible_email=data["responsible_email"],
        )

    @property
    def idempotency_key(self) -> uuid.UUID:
        """Return the form's key. Valid forms only."""
        key: uuid.UUID = self.cleaned_data["key"]
        return key


class GroupForm(forms.Form):
    """One class: pupils and adults as two numbers, never a name."""

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
    pupils = HeadCountField(label=_("Number of pupils"), min_value=1, max_value=MAX_PUPILS)
    adults = HeadCountField(label=_("Number of adults who come with the class"), min_value=0, max_value=MAX_ADULTS)
    needs = forms.MultipleChoiceField(
        label=_("The room must have"),
        required=False,
        choices=GroupLine.NEEDS,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, grade_from: int | None, grade_to: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False  # a form set would let an empty class pass, which cannot be booked
        self.fields["pupils"].error_messages["required"] = _("Write the number of pupils.")
        self.fields["adults"].error_messages["required"] = _("Write the number of adults.")
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


class CancelForm(forms.Form):
    """Nothing to fill in: the button is the answer. The POST's CSRF token makes it the booker's own."""


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
