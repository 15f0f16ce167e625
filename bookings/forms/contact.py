"""What every booking asks: who books, and how to reach them."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.domain.parties import Contact
from bookings.forms.fields import AddressField, PhoneField, PlainCharField
from vaern.limits.forms import GuardedForm


class ContactForm(GuardedForm):
    """Name, e-mail and phone, the form's own key, and whether to wait when there is no room."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = PlainCharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your e-mail"),
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
        required=False,
        help_text=_("We only call if something changes at the last moment."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    wait = forms.BooleanField(
        label=_("Put us on the waiting list if there is no room"),
        required=False,
        help_text=_("We write as soon as there are places for you."),
    )
    confirm_at_once = forms.BooleanField(
        label=_("Confirm our places at once when there is room"),
        required=False,
        help_text=_("Otherwise you get an offer by e-mail, which you accept within 48 hours."),
    )

    def contact(self) -> Contact:
        """Return who books. Valid forms only."""
        data = self.cleaned_data
        return Contact(
            name=data["name"],
            email=data["email"],
            phone=data["phone"],
            responsible_name=data.get("responsible_name", ""),
            responsible_email=data.get("responsible_email", ""),
        )

    @property
    def idempotency_key(self) -> uuid.UUID:
        """Return the form's key. Valid forms only."""
        key: uuid.UUID = self.cleaned_data["key"]
        return key

    @property
    def waiting(self) -> dict[str, bool]:
        """Return what was chosen about the waiting list, as the verbs take it. Valid forms only."""
        return {"wait": self.cleaned_data["wait"], "confirm_at_once": self.cleaned_data["confirm_at_once"]}

    def require_both(self, name: str, email: str, *, no_name: Any, no_email: Any) -> None:
        """Put an error where one of two fields that belong together is empty."""
        data = self.cleaned_data
        if data.get(name) and not data.get(email) and email not in self.errors:
            self.add_error(email, no_email)
        if data.get(email) and not data.get(name) and name not in self.errors:
            self.add_error(name, no_name)
