"""Looking a certificate up, comparing the name on it, and comparing the file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.forms.fields import PlainCharField
from vaern.certificates.models import Certificate
from vaern.certificates.rules import plain_code

MAX_FILE = 5 * 1024 * 1024


class CodeForm(forms.Form):
    """The code, as it stands on the certificate."""

    kode = PlainCharField(
        label=gettext_lazy("Code on the certificate"),
        help_text=gettext_lazy("16 letters and digits, with or without dashes."),
        max_length=40,
        error_messages={"required": gettext_lazy("Write the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_kode(self) -> str:
        """Return the code as it is stored."""
        code = plain_code(self.cleaned_data["kode"])
        if not code:
            raise ValidationError(_("The code has 16 letters and digits. Look at it again."))
        return code


class NameForm(forms.Form):
    """The name that is to be compared. It is not kept."""

    name = PlainCharField(
        label=gettext_lazy("Name on the certificate"),
        help_text=gettext_lazy("Write it as it stands there. We compare it and do not keep it."),
        max_length=120,
        error_messages={"required": gettext_lazy("Write the name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FileForm(forms.Form):
    """The PDF that is to be compared. It is not kept."""

    pdf = forms.FileField(
        label=gettext_lazy("The certificate as a PDF"),
        help_text=gettext_lazy("At most 5 MB. We compare it and do not keep it."),
        error_messages={"required": gettext_lazy("Choose the file.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_pdf(self) -> UploadedFile:
        """Return the file. Refuses one that is larger than any certificate."""
        found: UploadedFile = self.cleaned_data["pdf"]
        if (found.size or 0) > MAX_FILE:
            raise ValidationError(_("The file is larger than a certificate can be."))
        return found


class RevokeForm(forms.Form):
    """Why it is taken back."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Certificate.Reason.choices)
    note = PlainCharField(
        label=gettext_lazy("Note for colleagues"),
        help_text=gettext_lazy("Never about illness or other private things, and no CPR number."),
        max_length=200,
        required=False,
    )


class ReplaceForm(RevokeForm):
    """Why, and the name on the new one."""

    name = PlainCharField(label=gettext_lazy("Name on the new certificate"), max_length=120)
    field_order: Any = ["name", "reason", "note"]
