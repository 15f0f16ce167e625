"""The catalogue's filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses import grades

Choices = Sequence[tuple[str, Any]]


class CatalogueFilterForm(forms.Form):
    """Every field is optional; a value that is not a choice is left out of the search, never an error page."""

    use_required_attribute = False
    marks_optional = False

    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    audience = forms.ChoiceField(label=_("For whom"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    subject = forms.ChoiceField(label=_("Subject"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, *args: Any, audiences: Choices, subjects: Choices, themes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        numbers = [(str(grade), str(grade)) for grade in range(grades.LOWEST, grades.HIGHEST + 1)]
        for name, choices in (
            ("audience", audiences),
            ("grade", numbers),
            ("subject", subjects),
            ("theme", themes),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [*every, *choices]

    def chosen(self) -> dict[str, str]:
        """Return the filters that were set and make sense; those that do not are left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
