"""The form that is sent after a session: one field a question, made of what editors ask now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.design.fields import CommentField
from vaern.evaluation.models import MAX_TEXT, Question
from vaern.limits.forms import GuardedForm

WARNING = gettext_lazy(
    "Write about the workshop and never about persons: no names, nothing that tells who somebody is, no CPR numbers."
)


class AnswerForm(GuardedForm):
    """Asks nothing about the person."""

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[_name(question)] = _field(question)

    def clean(self) -> dict[str, Any]:
        """Refuse a form without a single answer."""
        data = super().clean()
        if not self.errors and not self._said(data):
            self.add_error(None, _("Answer at least one question."))
        return data

    def said(self) -> dict[Question, int | str]:
        """Return what was answered. Checked forms only."""
        return self._said(self.cleaned_data)

    def _said(self, data: dict[str, Any]) -> dict[Question, int | str]:
        given = {question: data.get(_name(question), "") for question in self.questions}
        return {
            question: value if question.kind == Question.Kind.TEXT else int(value)
            for question, value in given.items()
            if value != ""
        }

    @property
    def asked(self) -> list[Any]:
        """Return the fields of the questions, in their order."""
        return [self[_name(question)] for question in self.questions]


def _name(question: Question) -> str:
    """Return a field's name: another version of a question is another field, and nobody answers what was not read."""
    return f"q{question.pk}"


def _field(question: Question) -> forms.Field:
    if question.kind == Question.Kind.TEXT:
        return CommentField(
            label=question.text,
            help_text=WARNING,
            max_length=MAX_TEXT,
            required=question.required,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    return forms.ChoiceField(
        label=question.text,
        choices=question.options,
        required=question.required,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose an answer.")},
    )
