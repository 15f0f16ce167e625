"""Fields of plain text that every form uses, and the one check for what looks like a CPR number (domain.md §8)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Any ten digits that could be one, however they are parted: nobody has a reason to write such a number here.
CPR = re.compile(r"(?<!\d)\d{6}\s?[-‐‑‒–—−]?\s?\d{4}(?!\d)")
# Line breaks and other control characters, halves of characters, and the separators of lines and paragraphs.
CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
INVISIBLE = "Cf"


def holds_cpr(text: str) -> bool:
    """Say whether something in `text` looks like a CPR number, also with invisible characters in between.

    >>> holds_cpr("Åse 010190–1234"), holds_cpr("12 34 56 78")
    (True, False)
    """
    return bool(CPR.search("".join(char for char in text if unicodedata.category(char) != INVISIBLE)))


class PlainCharField(forms.CharField):
    """One line of plain text: control characters (line breaks among them) are an error, not silently mended."""

    default_error_messages = {
        "control": _("Write it on one line, without special characters."),
        "cpr": _("This looks like a CPR number. Leave it out: Værn never holds CPR numbers."),
    }
    may_hold_ten_digits = False
    refused: ClassVar[frozenset[str]] = CONTROL

    def validate(self, value: str) -> None:
        """Refuse control characters, which could end up in a mail's header, and what looks like a CPR number (§8)."""
        super().validate(value)
        if not self.may_hold_ten_digits and holds_cpr(value):
            raise ValidationError(self.error_messages["cpr"], code="cpr")
        if any(unicodedata.category(char) in self.refused for char in value):
            raise ValidationError(self.error_messages["control"], code="control")


class CommentField(forms.CharField):
    """A short text in one's own words, kept as one line of plain characters whatever lines it was written on."""

    default_error_messages = {
        "cpr": _("This looks like a CPR number. Take it out: Værn never holds CPR numbers."),
    }

    def clean(self, value: Any) -> str:
        """Return the text on one line. Refuses what looks like a CPR number, so that it is never stored."""
        text = str(super().clean(value))
        plain = " ".join("".join(" " if unicodedata.category(char) in CONTROL else char for char in text).split())
        if holds_cpr(text) or holds_cpr(plain):
            raise ValidationError(self.error_messages["cpr"], code="cpr")
        return plain
