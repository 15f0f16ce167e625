"""The reader's form: yes or no, and a short text."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.feedback.models import MAX_TEXT

# Any ten digits that could be one: a reader has no reason to write such a number.
CPR = re.compile(r"(?<!\d)\d{6}[\s\u00a0–-]?\d{4}(?!\d)")


class FeedbackForm(forms.Form):
    """Asks nothing about the reader. `website` is for machines only."""

    useful = forms.ChoiceField(
        label=gettext_lazy("Was this page useful?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What was good, or what was missing?"),
        help_text=gettext_lazy("Do not write about people: no names and nothing that tells who somebody is."),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Return the text on one line of plain characters. Refuses what looks like a CPR number (domain.md §8)."""
        text = str(self.cleaned_data["text"])
        if CPR.search(text):
            raise forms.ValidationError(_("This looks like a CPR number. Take it out: Værn never holds CPR numbers."))
        plain = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text)
        return " ".join(plain.split())

    @property
    def is_machine(self) -> bool:
        """Say whether the field that no person sees has been filled in."""
        return bool(self.data.get("website"))
