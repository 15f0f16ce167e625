"""The reader's form: yes or no, and a short text."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from vaern.design.fields import CommentField
from vaern.feedback.models import MAX_TEXT


class FeedbackForm(forms.Form):
    """Asks nothing about the reader. `website` is for machines only."""

    useful = forms.ChoiceField(
        label=gettext_lazy("Was this page useful?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    text = CommentField(
        label=gettext_lazy("What was good, or what was missing?"),
        help_text=gettext_lazy("Do not write about people: no names and nothing that tells who somebody is."),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_machine(self) -> bool:
        """Say whether the field that no person sees has been filled in."""
        return bool(self.data.get("website"))
