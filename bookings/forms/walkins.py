"""Those who came without a booking: a class, or so many persons; and the form at the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.domain.walkins import WalkInClass, WalkInPersons
from bookings.forms.attendance import MAX_PERSONS
from bookings.forms.classes import LabelForm, SchoolForm
from bookings.forms.fields import MAX_ADULTS, MAX_PUPILS, AddressField, HeadCountField
from courses.models import WorkshopPage
from vaern.limits.forms import GuardedForm
from vaern.people.models import Administration

Audience = WorkshopPage.Audience


class KeyedForm(forms.Form):
    """A form that is safe to send twice."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)


class WalkInClassForm(LabelForm, SchoolForm, KeyedForm):
    """A class that came without a booking. Never a pupil's name."""

    pupils = HeadCountField(label=_("Pupils present"), min_value=0, max_value=MAX_PUPILS)
    adults = HeadCountField(label=_("Adults present"), min_value=0, max_value=MAX_ADULTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].widget.attrs["class"] = "input-width-s"

    def came(self) -> WalkInClass:
        """Return what is to be put on the roll. Valid forms only."""
        data = self.cleaned_data
        return WalkInClass(self.booking_school(), data["label"], data["grade"], data["pupils"], data["adults"])


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
