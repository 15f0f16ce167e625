"""Model fields of our own: a list of choices in one column, and an address that is https unless it says otherwise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChoiceListField(models.JSONField):
    """Stores the chosen values as a JSON list, in the order of `options`; edited as check boxes."""

    def __init__(self, *args: Any, options: list[tuple[str, Any]] | None = None, **kwargs: Any) -> None:
        self.options = options or []
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse what is not a list of known values."""
        super().validate(value, model_instance)
        if not isinstance(value, list) or not set(value) <= {key for key, _label in self.options}:
            raise ValidationError(_("Choose from the list."), code="invalid_choice")

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Return check boxes for the options."""
        return forms.MultipleChoiceField(
            choices=self.options,
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )


class HttpsURLField(models.URLField):
    """A URLField whose forms read "example.org" as https, as Django will from 6.0 on."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return a form field that assumes https."""
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        """Say that the column is an ordinary URLField."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
