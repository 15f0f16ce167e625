"""The forms with which a coordinator answers: requests for approval, and requests for a visit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.forms import PlainCharField
from bookings.models import Booking, VisitRequest
from bookings.permissions import OWN
from vaern.cms.staff import MomentField
from vaern.design.formats import format_date, format_time_range
from vaern.people.models import User


class ApprovalForm(forms.Form):
    """Which requests are answered, and why when the answer is no."""

    bookings = forms.ModelMultipleChoiceField(
        Booking.objects.filter(state=Booking.State.REQUESTED),
        label=gettext_lazy("Requests"),
        error_messages={
            "required": gettext_lazy("Choose at least one request."),
            "invalid_choice": gettext_lazy("One of these requests has been answered already. Look again."),
        },
    )
    reason = PlainCharField(
        label=gettext_lazy("Reason, which the booker is told"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed only when you say no. Do not write about persons."),
    )

    def __init__(self, *args: Any, saying_no: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = saying_no
        self.fields["reason"].error_messages["required"] = _("Write why, so that the booker understands.")


def facilitators() -> Any:
    """Return the users who hold sessions."""
    app_label, codename = OWN.split(".")
    return (
        User.objects.filter(
            groups__permissions__codename=codename,
            groups__permissions__content_type__app_label=app_label,
            is_active=True,
        )
        .distinct()
        .order_by("email")
    )


class AnswerVisitForm(forms.Form):
    """The answer to a request for a visit: one of its times, another, or no."""

    PROPOSE, DECLINE = "propose", "decline"

    answer = forms.ChoiceField(label=gettext_lazy("Answer"), widget=forms.RadioSelect)
    starts_at = MomentField(
        label=gettext_lazy("Another time"),
        required=False,
        help_text=gettext_lazy("Danish time, e.g. 24.11.2026 10:00."),
    )
    facilitators = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("Facilitators"), required=False, widget=forms.CheckboxSelectMultiple
    )
    place = PlainCharField(
        label=gettext_lazy("Place"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty: at the school that asks."),
    )
    text = PlainCharField(
        label=gettext_lazy("Text to the school"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A reason is needed when you say no. Do not write about persons."),
    )

    def __init__(self, *args: Any, visit: VisitRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times = {f"wish-{wish.number}": wish.starts_at for wish in visit.wishes.all()}
        wishes = [
            (
                f"wish-{wish.number}",
                _("Yes, on %(when)s")
                % {"when": f"{format_date(wish.starts_at)}, {format_time_range(wish.starts_at, wish.ends_at)}"},
            )
            for wish in visit.wishes.all()
        ]
        answer, people = self.fields["answer"], self.fields["facilitators"]
        if isinstance(answer, forms.ChoiceField):
            answer.choices = [
                *wishes,
                (self.PROPOSE, _("Propose another time")),
                (self.DECLINE, _("No, we cannot come")),
            ]
        if isinstance(people, forms.ModelMultipleChoiceField):
            people.queryset = facilitators()

    def clean(self) -> dict[str, Any]:
        """Another time is needed for a proposal, a reason for a no, and somebody who comes for the rest."""
        data = super().clean() or {}
        answer = data.get("answer")
        if answer == self.DECLINE:
            if not data.get("text") and "text" not in self.errors:
                self.add_error("text", _("Write why, so that the school understands."))
            return data
        if answer == self.PROPOSE and not data.get("starts_at") and "starts_at" not in self.errors:
            self.add_error("starts_at", _("Write the time that you propose."))
        elif answer == self.PROPOSE and data.get("starts_at") and data["starts_at"] <= timezone.now():
            self.add_error("starts_at", _("Choose a time that is still to come."))
        if answer and not data.get("facilitators") and "facilitators" not in self.errors:
            self.add_error("facilitators", _("Choose who comes."))
        return data

    def wish(self) -> dt.datetime:
        """Return the wished time that was chosen. Valid forms that say yes only."""
        return self.times[self.cleaned_data["answer"]]
