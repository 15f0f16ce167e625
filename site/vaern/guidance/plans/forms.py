"""Forms of the editors' screens. They check what is written; the verbs decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from vaern.cms.staff import DayField
from vaern.design.formats import format_date
from vaern.guidance.models import PlanVersion
from vaern.guidance.plans.rules import latest_revision

ABOUT_THE_PLAN = _("Readers see it. Write about the plan, never about a person.")


class ProposalForm(forms.Form):
    """What kind of change it is, and what readers are told of it."""

    kind = forms.ChoiceField(
        label=_("Kind of change"),
        choices=PlanVersion.Kind.choices,
        widget=forms.RadioSelect,
        help_text=_("Material: what people must do is changed. Editorial: words, names, numbers and links."),
    )
    note_da = forms.CharField(
        label=_("What is new, in Danish"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=ABOUT_THE_PLAN,
    )
    note_en = forms.CharField(
        label=_("What is new, in English"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Without it, English readers see the Danish text, marked as Danish."),
    )


class NativeDay(forms.DateInput):
    """The browser's own field for a day: Wagtail's calendar opens by itself and lies over the button below it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class AdoptionForm(forms.Form):
    """Who adopted it and when, and when it must be revised."""

    adopted_by = forms.CharField(
        label=_("Adopted by"), max_length=120, help_text=_("The body, e.g. the committee or the City Council.")
    )
    adopted_on = DayField(label=_("Adopted on"), widget=NativeDay)
    published_on = DayField(label=_("Published on"), widget=NativeDay)
    revision_due_on = DayField(
        label=_("Next revision at the latest"),
        widget=NativeDay,
        help_text=_("At most four years after the adoption (barnets lov § 15, stk. 3)."),
    )

    def clean(self) -> dict[str, Any]:
        """Say which date cannot be, at that date, and why."""
        values: dict[str, Any] = super().clean() or {}
        adopted, published, due = (values.get(each) for each in ("adopted_on", "published_on", "revision_due_on"))
        if adopted is None:
            return values
        if adopted > timezone.localdate():
            self.add_error("adopted_on", _t("The plan cannot be adopted on a day that has not come."))
        if published is not None and published < adopted:
            self.add_error("published_on", _t("The plan cannot be published before it is adopted."))
        if due is not None and due > latest_revision(adopted):
            text = _t(
                "By law the plan is revised at least every four years (barnets lov § 15, stk. 3): "
                "by %(day)s at the latest."
            )
            self.add_error("revision_due_on", text % {"day": format_date(latest_revision(adopted), "plain")})
        if due is not None and due <= adopted:
            self.add_error("revision_due_on", _t("The revision must come after the adoption."))
        return values


class DeclineForm(forms.Form):
    """Why a proposal is declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The proposer reads it. Write about the text, never about a person."),
    )


class WithdrawForm(forms.Form):
    """Nothing to write: only to confirm."""
