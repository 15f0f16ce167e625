"""The forms that signatories and whoever checks a receipt fill in."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vaern.design.fields import INVISIBLE, PlainCharField
from vaern.limits.forms import GuardedForm

LARGEST = 5 * 1024 * 1024


class LineField(PlainCharField):
    """One line about who somebody is. It stands in the evidence: no invisible characters, which could turn it about."""

    refused = PlainCharField.refused | {INVISIBLE}


class SignForm(GuardedForm):
    """The unticked statement and the typed name; the text that was read goes along as its hash."""

    use_required_attribute = False

    text = forms.CharField(widget=forms.HiddenInput, max_length=64)
    statement = forms.BooleanField(error_messages={"required": _("Tick the box to sign, or say no below.")})
    name = LineField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    title = LineField(
        label=_("Your title"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    on_public_list = forms.BooleanField(
        label=_("You may name our organisation on the public list of those who have signed."),
        required=False,
    )

    def __init__(self, *args: Any, statement: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].label = statement


class CodeForm(GuardedForm):
    """The six digits; what was answered before goes along, signed by us."""

    use_required_attribute = False

    pending = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        error_messages={"required": _("Write the six digits from the mail.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input-width-s"}
        ),
    )

    def clean_code(self) -> str:
        """Return the digits, however they were spaced."""
        return re.sub(r"[\s-]", "", self.cleaned_data["code"])


class DeclineForm(GuardedForm):
    """Nothing to fill in: nobody is asked why."""

    use_required_attribute = False


class OtherForm(GuardedForm):
    """Who must sign instead."""

    use_required_attribute = False

    name = LineField(label=_("Their name"), max_length=120, error_messages={"required": _("Write the name.")})
    title = LineField(label=_("Their title"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("Their e-mail address at work"),
        max_length=254,
        error_messages={
            "required": _("Write the e-mail address."),
            "invalid": _("Write an e-mail address, e.g. name@example.dk."),
        },
    )

    def clean_email(self) -> str:
        """Return the address in small letters."""
        return str(self.cleaned_data["email"]).lower()


class CheckForm(GuardedForm):
    """A verification code."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Verification code"),
        max_length=40,
        help_text=_("It is on the receipt: 17 letters and digits."),
        error_messages={"required": _("Write the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class FileForm(GuardedForm):
    """A file to compare with the receipt; it is looked at and not kept."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("The receipt as a file"),
        help_text=_("We compare the file with the receipt, and do not keep it."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large to be a receipt."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is too large to be a receipt."))
        return file
