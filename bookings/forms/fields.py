"""Fields that every form of bookings uses: one line of plain text, a phone number, an address, a head count."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_PUPILS = 200
MAX_ADULTS = 50

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
