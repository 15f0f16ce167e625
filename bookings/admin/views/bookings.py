"""The list of bookings, and what is known of one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from bookings.admin import words
from bookings.facts import cancellable, place_in_line
from bookings.models import Booking
from bookings.queries import messages_about, thread_of
from vaern.cms.staff import LocalTimeMixin, StaffIndexView


class BookingIndexView(StaffIndexView):
    """Every booking, the newest first."""

    def get_base_queryset(self) -> QuerySet[Booking]:
        """Read sessions, classes and the number of pupils with the bookings."""
        return (
            Booking.objects.select_related("session__workshop")
            .prefetch_related("lines")
            .annotate(pupils=Sum("lines__pupils"))
            .order_by("-created_at", "-pk")
        )

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "reference", label=_("Reference"), sort_key="reference", get_url=self.get_inspect_url
            ),
            Column("school", label=_("School"), accessor="school_name", sort_key="school_name"),
            Column("classes", label=_("Classes"), accessor=words.classes_of),
            Column("workshop", label=_("Workshop"), accessor="session.workshop.title"),
            Column(
                "session",
                label=_("Time"),
                accessor=lambda booking: words.when_short(booking.session),
                sort_key="session__starts_at",
            ),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                sort_key="state",
                primary=lambda booking: booking.is_active,
            ),
            NumberColumn("pupils", label=_("Pupils"), accessor=lambda row: row.pupils or "", sort_key="pupils"),
        ]


class BookingInspectView(LocalTimeMixin, generic.InspectView):
    """A booking: what it is of, who booked, and its classes. Shown to those who handle bookings."""

    template_name = "bookings/admin/booking.html"

    def get_object(self, queryset: QuerySet[Booking] | None = None) -> Booking:
        """Read the session with the booking."""
        return get_object_or_404(Booking.objects.select_related("session__workshop"), pk=self.pk)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Return what can be done with the booking now."""
        booking = self.object
        if not self.user_has_permission("cancel"):
            return []
        buttons = []
        if booking.state == Booking.State.REQUESTED:
            buttons.append(
                HeaderButton(_("Answer the request"), url=reverse("staff_approvals:index"), icon_name="check")
            )
        if cancellable(booking, booking.session, now=timezone.now(), by_staff=True) is None:
            address = reverse("staff_bookings:cancel", args=[booking.pk])
            buttons.append(HeaderButton(_("Cancel this booking"), url=address, icon_name="circle-xmark"))
        return buttons

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return the facts as (label, value); the secret link is not among them."""
        booking = self.object
        facts = [
            (_("State"), booking.get_state_display()),
            (_("Reason"), booking.end_reason),
            (_("Number in line"), place_in_line(booking) or ""),
            (_("Passed over"), _("%(count)s times") % {"count": booking.passed_over} if booking.passed_over else ""),
            (_("Offer until"), booking.offer_expires_at and words.moment(booking.offer_expires_at)),
            (_("Places"), booking.seats),
            (_("Workshop"), booking.session.workshop.title),
            (_("Time"), words.when(booking.session)),
            (_("Place"), words.place_of(booking.session)),
            (_("School"), booking.school_name),
            (_("Administration"), str(booking.administration or "")),
            (_("Workplace"), booking.workplace),
            (_("Role"), booking.role),
            (_("Persons"), ", ".join(str(person.name or "–") for person in booking.people.all())),
            (_("Contact"), booking.contact_name),
            (_("E-mail"), booking.contact_email),
            (_("Phone"), booking.contact_phone),
            (_("Adult in charge on the day"), booking.responsible_name),
            (_("E-mail of the adult in charge"), booking.responsible_email),
        ]
        return [{"label": label, "value": value} for label, value in facts if value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the classes."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "lines": self.object.lines.all(),
            "booking": self.object,
            "overtakings": self.object.passed_by.select_related("by", "passed").order_by("-pk"),
            "undelivered": list(messages_about(self.object).undelivered()),
            "messages_url": f"{reverse('staff_messages:index')}?thread={thread_of(self.object)}",
        }
