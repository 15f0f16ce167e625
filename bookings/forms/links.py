"""Ask for the link to one's bookings again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.fields import AddressField, PlainCharField
from vaern.limits.forms import GuardedForm


class LinkForm(GuardedForm):
    """The address that booked, and the reference where only one booking is meant."""

    use_required_attribute = False

    email = AddressField(
        label=_("The e-mail address that booked"),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write an e-mail address, e.g. name@example.dk."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    reference = PlainCharField(
        label=_("Reference"),
        max_length=12,
        required=False,
        help_text=_("Only if you want the link to a single booking."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-width-s"}),
    )
