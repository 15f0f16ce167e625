"""Booking for parents, other adults and staff: in each one's own few fields, and never a child's name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.domain.parties import Person
from bookings.forms.contact import ContactForm
from bookings.forms.fields import AddressField, HeadCountField, PlainCharField
from vaern.people.models import Administration

MAX_TEAM = 40
WRITE_AN_ADDRESS = _("Write an e-mail address, e.g. name@example.dk.")


class ParentsForm(ContactForm):
    """The one who registers, and perhaps a second adult."""

    second_name = PlainCharField(label=_("The other adult's name"), max_length=120, required=False)
    second_email = AddressField(
        label=_("The other adult's e-mail"),
        max_length=254,
        required=False,
        help_text=_("We do not write to this address. It keeps two of you from booking twice."),
        error_messages={"invalid": WRITE_AN_ADDRESS},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("The adult who takes part. Do not write your child's name anywhere.")
        self.fields["wait"].label = _("Put me on the waiting list if there is no room")
        self.fields["confirm_at_once"].label = _("Confirm my place at once when there is room")
        self.fields["email"].error_messages["invalid"] = WRITE_AN_ADDRESS

    def clean(self) -> dict[str, Any]:
        """The other adult needs a name, and an address of their own."""
        data = super().clean() or {}
        if data.get("second_email") and not data.get("second_name") and "second_name" not in self.errors:
            self.add_error("second_name", _("Write the other adult's name."))
        if data.get("second_email") and data.get("second_email") == data.get("email"):
            self.add_error("second_email", _("Write the other adult's own address, or leave it empty."))
        return data

    def second_adult(self) -> Person | None:
        """Return the second adult, if there is one. Valid forms only."""
        data = self.cleaned_data
        return Person(data["second_name"], data["second_email"]) if data["second_name"] else None


class StaffForm(ContactForm):
    """A colleague of one administration, who books alone or for a team."""

    administration = forms.ModelChoiceField(
        Administration.objects.none(),
        label=_("Administration"),
        empty_label=_("Choose an administration"),
        error_messages={
            "required": _("Choose your administration."),
            "invalid_choice": _("Choose your administration."),
        },
    )
    workplace = PlainCharField(
        label=_("Workplace"),
        max_length=120,
        help_text=_("For example a library, a jobcentre or a home-care group."),
        error_messages={"required": _("Write where you work.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    role = PlainCharField(
        label=_("Your role"),
        max_length=120,
        help_text=_("For example librarian or leader."),
        error_messages={"required": _("Write your role.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    attends = forms.BooleanField(label=_("I take part myself"), required=False, initial=True)
    unnamed = HeadCountField(
        label=_("More places, for colleagues whose names come later"),
        min_value=0,
        max_value=MAX_TEAM,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        administration = self.fields["administration"]
        if isinstance(administration, forms.ModelChoiceField):
            administration.queryset = Administration.objects.on(timezone.localdate())
        self.fields["email"].label = _("Your work e-mail")
        self.fields["email"].error_messages["invalid"] = WRITE_AN_ADDRESS


class PersonForm(forms.Form):
    """One colleague of a team."""

    use_required_attribute = False

    name = PlainCharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Write the colleague's name, or remove the line.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = AddressField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("Then the certificate of attendance can be sent to the right person."),
        error_messages={"invalid": WRITE_AN_ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False

    def person(self) -> Person:
        """Return the colleague. Valid forms only."""
        return Person(self.cleaned_data["name"], self.cleaned_data["email"])


PersonFormSet = forms.formset_factory(PersonForm, extra=0, max_num=MAX_TEAM, absolute_max=MAX_TEAM, validate_max=True)
