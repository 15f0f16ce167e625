"""The editor's form of a material, and the list's filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

from materials.rules import Fit, Plan
from vaern.pages import grades

Choices = Sequence[tuple[str, Any]]
SORTS = [
    ("", gettext_lazy("Newest first")),
    ("title", gettext_lazy("Title")),
    ("grade", gettext_lazy("Lowest grade first")),
    ("lessons", gettext_lazy("Shortest first")),
]
LESSONS = [
    ("1", gettext_lazy("1 lesson")),
    ("2", gettext_lazy("2 lessons")),
    ("3", gettext_lazy("3 lessons or more")),
]


class MaterialForm(WagtailAdminPageForm):
    """Refuses to publish steps that take longer than the lessons, unless it says why; a draft may be anything."""

    drafting = False

    def defer_required_fields(self) -> None:
        """Remember that a draft is saved: Wagtail asks for less then, and so do we."""
        self.drafting = True
        super().defer_required_fields()

    def clean(self) -> dict[str, Any]:
        """Check the minutes."""
        cleaned: dict[str, Any] = super().clean()
        if self.drafting or "steps" not in cleaned or not cleaned.get("lessons"):
            return cleaned
        minutes = [block.value["minutes"] or 0 for block in cleaned["steps"]]
        planned = Plan(sum(minutes), cleaned["lessons"] * 45)
        if not planned.may_be_published(cleaned.get("minutes_reason") or ""):
            self.add_error("minutes_reason", minutes_text(planned))
        return cleaned


def minutes_text(planned: Plan) -> str:
    """Return what to tell an editor whose minutes do not add up, or nothing when they do."""
    facts = {"minutes": planned.minutes, "stated": planned.stated}
    if planned.fit is Fit.ABOVE:
        return (
            _(
                "The steps take %(minutes)s minutes, but the lessons are %(stated)s minutes. "
                "Shorten the steps, add a lesson, or say why."
            )
            % facts
        )
    if planned.fit is Fit.BELOW:
        return (
            _("The steps take %(minutes)s minutes, and the lessons are %(stated)s minutes. Is a step missing?") % facts
        )
    if planned.fit is Fit.NO_STEPS:
        return _("The material has no step plan yet.")
    return ""


class MaterialFilterForm(forms.Form):
    """Every field is optional; a value that is not a choice is left out of the search, never an error page."""

    use_required_attribute = False
    marks_optional = False

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=80)
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("Subject"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False)
    audience = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    format = forms.ChoiceField(label=gettext_lazy("Format"), required=False)
    lessons = forms.ChoiceField(label=gettext_lazy("Duration"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Sort by"), required=False, choices=SORTS)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(str(grade), str(grade)) for grade in range(grades.LOWEST, grades.HIGHEST + 1)]
        every: dict[str, Choices] = {"grade": numbers, "lessons": LESSONS, **choices}
        for name, values in every.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *list(values)]

    def chosen(self) -> dict[str, str]:
        """Return the filters that were set and make sense; those that do not are left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def label_of(self, name: str, value: str) -> str:
        """Return "Grade: 7", as a chip says it."""
        field = self.fields[name]
        choices: Any = getattr(field, "choices", None)
        shown = str(dict(choices).get(value, value)) if choices else f"“{value}”"
        return f"{field.label}: {shown}"
