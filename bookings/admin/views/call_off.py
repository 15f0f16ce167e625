"""The pages that cancel a session or a booking, with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from bookings.admin import words
from bookings.admin.forms import ReasonForm
from bookings.domain.booking import Refused, cancel
from bookings.domain.locking import Busy
from bookings.domain.session import cancel_session
from bookings.facts import cancellable
from bookings.messages import recipients
from bookings.models import Booking, Session
from vaern.cms.staff import LocalTimeMixin


class CallOffView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A page of its own that asks for the reason and calls something off by POST. Twice is as good as once."""

    model: Any = None  # the viewset names it
    form_class = ReasonForm
    template_name = "bookings/admin/call_off.html"
    index_url_name = ""
    inspect_url_name = ""
    button: str | Promise = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read what is to be called off."""
        super().setup(request, *args, **kwargs)
        self.object: Any = get_object_or_404(self.model, pk=self.kwargs["pk"])

    def already(self) -> str | None:
        """Return what to say when there is nothing to call off any more, or None."""
        raise NotImplementedError

    def call_off(self, reason: str) -> str:
        """Do it and return what to say."""
        raise NotImplementedError

    def told(self) -> QuerySet[Booking]:
        """Return the bookings that end by it, whose contacts will be told."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or say that it has been done."""
        return self._already() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Call it off, or say that it has been done."""
        return self._already() or super().post(request, *args, **kwargs)

    def _already(self) -> HttpResponse | None:
        text = self.already()
        if text is None:
            return None
        messages.warning(self.request, text)
        return redirect(self.back())

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Call the verb; its refusals are words at the form."""
        try:
            text = self.call_off(form.cleaned_data["reason"])
        except Refused as error:
            form.add_error(None, words.refused(error.why))
        except Busy:
            form.add_error(None, words.busy())
        else:
            messages.success(self.request, text)
            return redirect(self.back())
        return self.form_invalid(form)

    def back(self) -> str:
        """Return the address of the row's facts."""
        return reverse(self.inspect_url_name, args=[quote(self.object.pk)])

    def get_page_subtitle(self) -> str:
        """Return what is to be called off."""
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": self.back(), "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add who will be told, and what the button says."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "bookings": self.told().prefetch_related("lines"),
            "button": self.button,
            "back": self.back(),
        }


class SessionCancelView(CallOffView):
    """Cancels a session, with every booking of it."""

    permission_required = "change"
    page_title = gettext_lazy("Cancel the session")
    button = gettext_lazy("Yes, cancel the session")

    def get_page_subtitle(self) -> str:
        """Return the session's workshop and time."""
        return words.called(self.object)

    def already(self) -> str | None:
        """Say so when the session is cancelled, or has been held."""
        return {
            Session.Status.CANCELLED: _("This session was cancelled already. Nobody has been told again."),
            Session.Status.HELD: _("This session has been held and cannot be cancelled."),
        }.get(self.object.status)

    def told(self) -> QuerySet[Booking]:
        """Return the session's bookings."""
        bookings: QuerySet[Booking] = self.object.bookings.active()
        return bookings

    def call_off(self, reason: str) -> str:
        """Cancel it and say how many were told."""
        ended = cancel_session(session_id=self.object.pk, reason=reason, actor_id=self.request.user.pk)
        people = sum(len(recipients(booking)) for booking in ended)
        text = ngettext(
            "The session is cancelled. %(count)s person gets a message.",
            "The session is cancelled. %(count)s people get a message.",
            people,
        )
        return text % {"count": people}


class BookingCancelView(CallOffView):
    """Cancels a booking; staff may after the deadline as well (domain.md §3)."""

    permission_required = "cancel"
    page_title = gettext_lazy("Cancel this booking")
    button = gettext_lazy("Yes, cancel this booking")

    def already(self) -> str | None:
        """Say so when the booking is at an end, or its class has come."""
        if not self.object.is_active:
            return _("This booking has ended already. Nobody has been told again.")
        why = cancellable(self.object, self.object.session, now=timezone.now(), by_staff=True)
        return words.refused(why) if why else None

    def told(self) -> QuerySet[Booking]:
        """Return the booking itself."""
        return Booking.objects.filter(pk=self.object.pk)

    def call_off(self, reason: str) -> str:
        """Cancel it."""
        cancel(booking_id=self.object.pk, reason=reason, by_staff=True, actor_id=self.request.user.pk)
        return _("The booking is cancelled, its places are free, and the contact gets a message.")
