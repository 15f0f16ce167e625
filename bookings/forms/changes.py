"""What a booker changes alone: the numbers of the classes, or who takes part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.domain.changes import Numbers, Seat
from bookings.domain.parties import Person
from bookings.forms.fields import MAX_ADULTS, MAX_PUPILS, AddressField, HeadCountField, PlainCharField
from bookings.forms.people import MAX_TEAM, WRITE_AN_ADDRESS
from bookings.models import Booking, GroupLine, PersonLine


class NumbersForm(forms.Form):
    """One class's pupils and adults, as they shall be."""

    use_required_attribute = False

    pupils = HeadCountField(label=_("Number of pupils"), min_value=1, max_value=MAX_PUPILS)
    adults = HeadCountField(label=_("Number of adults who come with the class"), min_value=0, max_value=MAX_ADULTS)

    def __init__(self, data: QueryDict | None, *, line: GroupLine) -> None:
        super().__init__(data, prefix=f"line-{line.pk}", initial={"pupils": line.pupils, "adults": line.adults})
        self.line = line
        self.fields["pupils"].error_messages["required"] = _("Write the number of pupils.")
        self.fields["adults"].error_messages["required"] = _("Write the number of adults.")

    def numbers(self) -> Numbers:
        """Return the two numbers. Valid forms only."""
        return Numbers(self.cleaned_data["pupils"], self.cleaned_data["adults"])


class SeatForm(forms.Form):
    """One person of a booking. Without a name the seat is kept for somebody."""

    use_required_attribute = False

    line = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = PlainCharField(label=_("Name"), max_length=120, required=False)
    email = AddressField(
        label=_("E-mail"), max_length=254, required=False, error_messages={"invalid": WRITE_AN_ADDRESS}
    )
    off = forms.BooleanField(label=_("Take this person off the booking"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False

    def seat(self) -> Seat | None:
        """Return the seat, or None when it is given up. Valid forms only."""
        data = self.cleaned_data
        return None if data["off"] else Seat(Person(data["name"], data["email"]), data["line"])


SeatFormSet = forms.formset_factory(SeatForm, extra=0, max_num=MAX_TEAM, absolute_max=MAX_TEAM, validate_max=True)


def number_forms(booking: Booking, data: QueryDict | None = None) -> list[NumbersForm]:
    """Return a form for each class of a booking."""
    return [NumbersForm(data, line=line) for line in booking.lines.all()]


def seat_forms(booking: Booking, data: QueryDict | None = None) -> Any:
    """Return the forms of all who take part: as booked, as sent, or (`add_row` sent) with one more and no complaint."""
    if data is not None and "add_row" not in data:
        return SeatFormSet(data, prefix="people")
    lines = [_row(line) for line in booking.people.all()]
    if data is not None:
        lines = [*_as_written(data, most=MAX_TEAM - 1), {}]
    return SeatFormSet(prefix="people", initial=lines)


def _row(line: PersonLine) -> dict[str, Any]:
    return {"line": line.pk, "name": line.name, "email": line.email}


def _as_written(data: QueryDict, *, most: int) -> list[dict[str, Any]]:
    written = data.get("people-TOTAL_FORMS", "")
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 3 else 0
    return [
        {
            **{name: data.get(f"people-{index}-{name}", "") for name in ("line", "name", "email")},
            "off": f"people-{index}-off" in data,
        }
        for index in range(min(number, most))
    ]
