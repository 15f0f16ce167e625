"""Plain text, and what looks like a CPR number, the same in every form."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError

from bookings.forms import PhoneField
from charter.forms import LineField
from vaern.design.fields import CommentField, PlainCharField, holds_cpr
from vaern.feedback.forms import FeedbackForm

PARTS = ["-", "–", "—", "−", " ", "\u00a0", " - ", " – ", "\u200b", "\u2060-", ""]
FIELDS = [PlainCharField(), LineField(), CommentField(), FeedbackForm.base_fields["text"]]


@pytest.mark.parametrize("between", PARTS)
@pytest.mark.parametrize("field", FIELDS, ids=["bookings", "charter", "evaluation", "feedback"])
def test_no_form_takes_a_cpr_number(field: forms.Field, between: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(f"Åse 010203{between}1234, Husum")
    assert [error.code for error in refused.value.error_list] == ["cpr"]


@pytest.mark.parametrize("written", ["12 34 56 78", "2026-11-25 10", "010203-12345", "Klasse 7.B – 24 elever", ""])
def test_other_numbers_are_none(written: str) -> None:
    assert holds_cpr(written) is False
    assert PlainCharField(required=False).clean(written) == written


def test_a_comment_is_kept_on_one_line() -> None:
    assert CommentField().clean(" Godt.\r\n\tMen\u2028kort \x07 ") == "Godt. Men kort"
    # Half a character: the database would not take it.
    assert CommentField().clean("a\ud800b") == "a b"
    assert CommentField(required=False).clean("") == ""


def test_a_name_in_the_evidence_has_no_invisible_characters() -> None:
    assert PlainCharField().clean("Åse\u202eÆrlig") == "Åse\u202eÆrlig"
    with pytest.raises(ValidationError) as refused:
        LineField().clean("Åse\u202eÆrlig")
    assert [error.code for error in refused.value.error_list] == ["control"]


def test_a_phone_number_may_have_ten_digits() -> None:
    assert PhoneField().clean("+4512345678") == "+4512345678"
