"""The forms of files that go out and come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.cms.staff import DayField
from vaern.exchange.datasets import Dataset, Period
from vaern.exchange.importing import MAX_BYTES


class ExportForm(forms.Form):
    """Which days, and which kind of file."""

    first = DayField(label=gettext_lazy("From day"), required=False)
    last = DayField(label=gettext_lazy("To day, included"), required=False)
    form = forms.ChoiceField(label=gettext_lazy("Kind of file"), widget=forms.RadioSelect, initial="xlsx")

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["form"]
        if isinstance(field, forms.ChoiceField):
            field.choices = dataset.forms
        if not dataset.dated:
            del self.fields["first"], self.fields["last"]

    def clean(self) -> dict[str, Any]:
        """Check the order of the days."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day must not be before the first."))
        return cleaned

    @property
    def period(self) -> Period:
        """Return the days that were asked for."""
        return Period(self.cleaned_data.get("first"), self.cleaned_data.get("last"))


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or Excel (XLSX), at most 10 MB. Nothing is written before you have seen what it does."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Divide it into several."))
        return file
