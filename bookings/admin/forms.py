"""Forms and filters of the staff screens. They check what is written; the verbs decide."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from bookings.forms import HeadCountField, PlainCharField
from bookings.models import Booking, Session
from bookings.rules import State
from courses.models import WorkshopPage
from vaern.cms.staff import MomentField
from vaern.people.models import User

MAX_CAPACITY = 2000


class ReasonField(PlainCharField):
    """Why something is done: one short line that is kept, with the warning that goes with free text (domain.md §8)."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Reason"),
            "max_length": 200,
            "error_messages": {"required": _("Write a reason.")},
        }
        super().__init__(**(defaults | kwargs))


class ReasonForm(forms.Form):
    """The reason for calling a session or a booking off; it is sent to those who have booked."""

    reason = ReasonField(
        help_text=_(
            "It is sent to those who have booked. Write about the session, never about a person: no names, no "
            "illness, no CPR numbers."
        )
    )


def workshops_with_sessions() -> QuerySet[WorkshopPage]:
    """Return the workshops a session can be planned of: the Danish pages, since translations share their sessions."""
    found: QuerySet[WorkshopPage] = WorkshopPage.objects.filter(
        locale__language_code=settings.LANGUAGE_CODE,
        way_of_booking__in=[WorkshopPage.Way.SESSIONS, WorkshopPage.Way.BOTH],
    )
    return found.order_by("title")


class PlanSessionForm(forms.ModelForm):
    """A new session. No limit on places is something one says, not something one forgets to write."""

    capacity = HeadCountField(
        label=_("Number of places"),
        required=False,
        min_value=0,
        max_value=MAX_CAPACITY,
        help_text=_("0: full at once."),
    )
    unlimited = forms.BooleanField(label=_("No limit on the number of places"), required=False)

    class Meta:
        model = Session
        fields: ClassVar = [
            "workshop",
            "starts_at",
            "ends_at",
            "place",
            "district",
            "online_link",
            "language",
            "capacity",
            "unlimited",
            "capacity_unit",
            "facilitators",
            "visibility",
            "opens_at",
            "closes_at",
            "cancel_until",
            "approval_needed",
        ]
        field_classes: ClassVar = {
            "place": PlainCharField,
            **dict.fromkeys(["starts_at", "ends_at", "opens_at", "closes_at", "cancel_until"], MomentField),
        }
        widgets: ClassVar = {"facilitators": forms.CheckboxSelectMultiple}
        help_texts: ClassVar = {
            "starts_at": _("Danish time, e.g. 24.11.2026 10:00."),
            "approval_needed": _("The date is shown as “By agreement” and cannot be booked online."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workshop = self._choice("workshop")
        workshop.queryset = workshops_with_sessions()
        workshop.widget.attrs["class"] = "w-w-full"  # Wagtail lets a long title run out of a narrow screen
        self._choice("facilitators").queryset = self._facilitators()

    def _choice(self, name: str) -> forms.ModelChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ModelChoiceField):
            raise TypeError(name)
        return field

    def _facilitators(self) -> QuerySet[User]:
        """Return those whose role is to hold sessions, and whoever holds this one already."""
        holders = Q(is_active=True, groups__permissions__codename="report_own_attendance")
        if self.instance.pk:
            holders |= Q(sessions=self.instance)
        return User.objects.filter(holders).distinct()

    def clean(self) -> dict[str, Any]:
        """Check the order of the times, and that the number of places is either given or unlimited."""
        cleaned = super().clean() or {}
        self._check_places(cleaned)
        self._check_times(cleaned)
        return cleaned

    def _check_places(self, cleaned: dict[str, Any]) -> None:
        if "capacity" not in cleaned:
            return
        if cleaned["capacity"] is None and not cleaned["unlimited"]:
            self.add_error("capacity", _("Write how many places there are, or tick that there is no limit."))
        elif cleaned["capacity"] is not None and cleaned["unlimited"]:
            self.add_error("unlimited", _("Either write how many places there are, or tick that there is no limit."))

    def _check_times(self, cleaned: dict[str, Any]) -> None:
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts is None:
            return
        if ends is not None and ends <= starts:
            self.add_error("ends_at", _("The session must end after it starts."))
        for name in ("closes_at", "cancel_until"):
            if cleaned.get(name) is not None and cleaned[name] > starts:
                self.add_error(name, _("This must not be later than the start of the session."))
        opens = cleaned.get("opens_at")
        if opens is not None and opens >= (cleaned.get("closes_at") or starts):
            self.add_error("opens_at", _("Registration must open before it closes."))

    def values(self) -> dict[str, Any]:
        """Return the session's fields as they were written, for the verb."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"facilitators", "unlimited"} and not self.fields[name].disabled
        }


class ChangeSessionForm(PlanSessionForm):
    """A session that exists: its workshop stays, since those who booked have booked that workshop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workshop = self._choice("workshop")
        workshop.disabled = True
        workshop.queryset = WorkshopPage.objects.filter(pk=self.instance.workshop_id)
        workshop.help_text = _("To hold another workshop, cancel this session and plan a new one.")
        self.fields["unlimited"].initial = self.instance.capacity is None


class SessionFilterSet(WagtailFilterSet):
    """What the list of sessions can be narrowed by."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=Session.Status.choices, empty_label=_("All"))
    workshop = django_filters.ModelChoiceFilter(
        label=_("Workshop"), queryset=WorkshopPage.objects.none(), empty_label=_("All")
    )
    starts_at = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = Session
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["workshop"].queryset = WorkshopPage.objects.filter(
            locale__language_code=settings.LANGUAGE_CODE
        ).order_by("title")


class BookingFilterSet(WagtailFilterSet):
    """What the list of bookings can be narrowed by. One session is chosen by a link from it, not from a long list."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices, empty_label=_("All"))
    session__starts_at = django_filters.DateFromToRangeFilter(
        label=_("The session's date"), widget=DateRangePickerWidget
    )
    session = django_filters.ModelChoiceFilter(
        label=_("Session"), queryset=Session.objects.none(), empty_label=_("All")
    )

    class Meta:
        model = Booking
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str((self.data or {}).get("session", ""))
        if chosen.isascii() and chosen.isdigit():
            self.filters["session"].queryset = Session.objects.filter(pk=chosen).select_related("workshop")
        else:
            del self.filters["session"]
