"""Fields that every form of bookings uses: a phone number, an address, a head count; plain text is the ground's."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vaern.design.fields import CPR, PlainCharField

MAX_PUPILS = 200
MAX_ADULTS = 50

__all__ = ["CPR", "AddressField", "HeadCountField", "PhoneField", "PlainCharField"]


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
