"""What the field template needs to know about one form field: its kind, its ids, and what describes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django import forms
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

ErrorSource: TypeAlias = BaseForm | BaseFormSet


@dataclass(frozen=True)
class Option:
    """One radio button or check box of a group."""

    id: str
    tag: SafeString
    label: str
    hint: str
    disabled: bool


@dataclass(frozen=True)
class Problem:
    """One line of the error summary; ``href`` is empty when the whole form is meant."""

    href: str
    message: str


class Control:
    """One field as our field template draws it.

    The browser's own ``required`` bubbles are switched off: the server says what is wrong, in the page and in
    the reader's language. Hint and error have Django's own ids (``id_x_helptext``, ``id_x_error``), so a
    field drawn by hand with ``{{ form.x }}`` is described by the same elements.
    """

    def __init__(self, field: BoundField) -> None:
        field.form.use_required_attribute = False
        self.field = field
        self.widget = field.field.widget

    @cached_property
    def kind(self) -> str:
        """Return ``checkbox``, ``choices``, ``group`` (several inputs, one answer), ``file`` or ``input``."""
        if isinstance(self.widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(self.widget, forms.RadioSelect):  # CheckboxSelectMultiple too, by inheritance
            return "choices"
        if isinstance(self.widget, forms.FileInput):
            return "file"
        return "group" if self.field.use_fieldset else "input"

    @property
    def is_fieldset(self) -> bool:
        """Return whether the label is a legend."""
        return self.kind in {"choices", "group"}

    @property
    def is_radio(self) -> bool:
        """Return whether exactly one of several can be chosen."""
        return getattr(self.widget, "input_type", "") == "radio"

    @property
    def optional(self) -> bool:
        """Return whether "(valgfrit)" is shown; a single check box is optional by its nature.

        A form in which everything is optional (filters) or depends on the rest says so with `marks_optional = False`.
        """
        marks = getattr(self.field.form, "marks_optional", True)
        return marks and not self.field.field.required and self.kind != "checkbox"

    @property
    def legend_id(self) -> str:
        """Return the id of the legend, which names inputs that have no label of their own."""
        return f"{self.field.auto_id}_legend"

    @property
    def hint_id(self) -> str:
        """Return the id of the help text."""
        return f"{self.field.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        """Return the id of the error message."""
        return f"{self.field.auto_id}_error"

    @property
    def limit(self) -> int | None:
        """Return the greatest number of characters, for text areas only."""
        return self.widget.attrs.get("maxlength") if isinstance(self.widget, forms.Textarea) else None

    @property
    def limit_id(self) -> str:
        """Return the id of the sentence that tells the greatest number of characters."""
        return f"{self.field.auto_id}_limit"

    @cached_property
    def described_by(self) -> str:
        """Return the ids of everything that explains the control, in reading order."""
        ids = [self.widget.attrs.get("aria-describedby", "")]
        if self.field.help_text:
            ids.append(self.hint_id)
        if self.limit:
            ids.append(self.limit_id)
        if self.field.errors:
            ids.append(self.error_id)
        return " ".join(filter(None, ids))

    @property
    def css_class(self) -> str:
        """Return the control's classes: DKFDS's for its kind, then the form's own (a width, say)."""
        if self.kind == "checkbox":
            own = "form-checkbox"
        elif self.kind == "file":
            own = "v-file"
        elif isinstance(self.widget, forms.Select | forms.SelectDateWidget):
            own = "form-select"
        else:
            own = "form-input"
        return " ".join(filter(None, [own, self.widget.attrs.get("class", "")]))

    @property
    def html(self) -> SafeString:
        """Return the control itself, with classes and descriptions; no placeholder, the label is enough."""
        attrs: dict[str, Any] = {"class": self.css_class, "placeholder": False}
        if self.kind == "group":
            if not any("aria-label" in part.attrs for part in getattr(self.widget, "widgets", ())):
                attrs["aria-labelledby"] = self.legend_id
        elif self.described_by:
            attrs["aria-describedby"] = self.described_by
        return self.field.as_widget(attrs=attrs)

    @property
    def options(self) -> Iterator[Option]:
        """Yield the buttons or boxes; a widget's ``option_hints`` {value: text} explains single ones."""
        hints = getattr(self.widget, "option_hints", {})
        for part in self.field.subwidgets:
            attrs = part.data["attrs"]
            for name in ("required", "aria-invalid", "aria-describedby"):
                attrs.pop(name, None)
            hint = str(hints.get(str(part.data["value"]), ""))
            if hint:
                attrs["aria-describedby"] = f"{attrs['id']}_helptext"
            attrs["class"] = "form-radio" if self.is_radio else "form-checkbox"
            yield Option(
                id=attrs["id"],
                tag=part.tag(),
                label=part.choice_label,
                hint=hint,
                disabled=bool(attrs.get("disabled")),
            )

    @property
    def first_id(self) -> str:
        """Return the id an error link leads to: the control, or the first one of a group."""
        return f"{self.field.auto_id}_0" if self.kind == "choices" else self.field.id_for_label


def problems(sources: Iterable[ErrorSource]) -> list[Problem]:
    """Return every error of the forms and formsets in the order the fields stand on the page.

    Django's general "this field is required" gets the field's name in front, so that lines can be told apart.
    """
    found: list[Problem] = []
    for source in sources:
        if isinstance(source, BaseFormSet):
            if source.is_bound:
                found += [Problem("", str(message)) for message in source.non_form_errors()]
            found += problems(source.forms)
        elif isinstance(source, BaseForm) and source.errors:
            found += [Problem("", str(message)) for message in source.non_field_errors()]
            for field in source:
                found += _field_problems(field)
    return found


def _field_problems(field: BoundField) -> Iterator[Problem]:
    general = str(forms.Field.default_error_messages["required"])
    href = "" if field.is_hidden else f"#{Control(field).first_id}"
    for message in field.errors:
        nameless = message == general or field.is_hidden
        yield Problem(href, f"{field.label}: {message}" if nameless else str(message))
