"""Forms of the staff screens. They check what is written; the verbs decide."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from charter.domain.agreements import check_agreement, write_agreement
from charter.domain.errors import Refused
from charter.forms import LineField
from charter.models import Agreement, CharterText, Partner, Signatory
from charter.queries import standing, with_standing
from charter.words import refused
from vaern.cms.staff import DayField
from vaern.people.models import Organisation

STATES = [
    ("covered", _("Covered")),
    ("lapsing", _("Runs out within 60 days")),
    ("lapsed", _("Run out")),
    ("in_progress", _("In progress")),
    ("declined", _("Declined")),
    ("none", _("Not asked yet")),
]
KINDS = (Organisation.Kind.PARTNER, Organisation.Kind.SUPPLIER)


class PartnerForm(forms.ModelForm):
    """An organisation that can sign."""

    class Meta:
        model = Partner
        fields: ClassVar = ["organisation", "cvr", "language", "stage", "on_public_list"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        rows = Organisation.objects.filter(kind__in=KINDS)
        if self.instance.pk:
            field.queryset, field.disabled = rows.filter(pk=self.instance.organisation_id), True
        else:
            field.queryset = rows.filter(charter_partner=None)
            field.help_text = _("Organisations of the kinds partner and supplier that are not here yet.")


class SignatoryForm(forms.ModelForm):
    """Who may sign. The address is where codes are sent, so it is the person's own."""

    class Meta:
        model = Signatory
        fields: ClassVar = ["partner", "name", "title", "email", "authority", "state"]
        field_classes: ClassVar = {"name": LineField, "title": LineField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        state: Any = self.fields["state"]
        if not self.instance.pk:
            del self.fields["state"]
            return
        # The address is what a signature rests on: another address is another signatory.
        for name in ("partner", "email"):
            self.fields[name].disabled = True
        if self.instance.state == Signatory.State.PROPOSED:
            state.disabled = True
        else:
            state.choices = [one for one in Signatory.State.choices if one[0] != Signatory.State.PROPOSED]

    def clean_email(self) -> str:
        """Return the address in small letters."""
        return str(self.cleaned_data["email"]).lower()


class AgreementForm(forms.ModelForm):
    """A cooperation agreement; on the day of a new one the partner's signature must be valid."""

    class Meta:
        model = Agreement
        fields: ClassVar = ["partner", "kind", "agreed_on", "valid_from", "valid_until", "record_number"]
        field_classes: ClassVar = {
            "agreed_on": DayField,
            "valid_from": DayField,
            "valid_until": DayField,
            "record_number": LineField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["record_number"].required = False

    def clean(self) -> dict[str, Any]:
        """Check the signature on the day that counts."""
        cleaned = super().clean() or {}
        partner, day = cleaned.get("partner"), cleaned.get("agreed_on")
        if partner and day:
            try:
                check_agreement(organisation_id=partner.organisation_id, agreed_on=day, unless=self.instance.pk)
            except Refused as error:
                self.add_error("agreed_on", refused(error.why))
        return cleaned

    def save(self, commit: bool = True) -> Agreement:
        """Write it by the verb. Raises Refused when the signature has ended since the form was checked."""
        return write_agreement(agreement=self.instance)


class TextForm(forms.ModelForm):
    """A proposal for the next text."""

    class Meta:
        model = CharterText
        fields: ClassVar = ["kind", "note", "title_da", "body_da", "title_en", "body_en"]
        help_texts: ClassVar = {
            "body_da": _("An empty line parts paragraphs. Begin a heading with ## and each line of a list with -."),
            "kind": _("After a material change the next version has a new main number. Who has signed stays covered."),
        }


class PublishForm(forms.Form):
    """Who approved the text, and when."""

    approved_by = LineField(label=_("Approved by"), max_length=120, help_text=_("The committee or the office."))
    approved_on = DayField(label=_("Approved on"))


class ReasonForm(forms.Form):
    """Why a term ends before its time."""

    reason = LineField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Write about the matter, never about a person. It is kept, and not published."),
        error_messages={"required": _("Write a reason.")},
    )


class NoForm(forms.Form):
    """Nothing to fill in."""


class PartnerFilterSet(WagtailFilterSet):
    """How partners stand."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state", empty_label=_("All"))

    class Meta:
        model = Partner
        fields: ClassVar = ["stage"]

    def in_state(self, queryset: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        """Return the partners who stand so today."""
        found = [row.pk for row in with_standing(Partner.objects.all()) if standing(row).state == value]
        return queryset.filter(pk__in=found)
