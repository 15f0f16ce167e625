"""Send a roll as a file, and confirm what it would change."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RollFileForm(forms.Form):
    """The filled-in template."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("The filled-in list"),
        help_text=_("CSV or XLSX, at most 1 MB."),
        error_messages={
            "required": _("Choose the file."),
            "missing": _("Choose the file."),
            "empty": _("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
