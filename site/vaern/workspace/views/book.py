"""Booking for somebody who has called or written: the booker's own form and verb, with staff's words at the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from bookings.admin import words
from bookings.domain.booking import Refused, SentBefore
from bookings.domain.locking import Busy
from bookings.forms.orders import ORDERS, Order, with_other_rows
from bookings.models import Session
from bookings.rules import WaitingRule
from bookings.views.booking import rekeyed, sent_before_text, with_new_key
from vaern.cms.staff import LocalTimeMixin
from vaern.workspace.permissions import manages

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What the booker's form says to "you", said about somebody else.
LABELS: dict[str, StrOrPromise] = {
    "name": gettext_lazy("Contact's name"),
    "email": gettext_lazy("Contact's e-mail"),
    "phone": gettext_lazy("Contact's phone number"),
    "role": gettext_lazy("Contact's role"),
    "attends": gettext_lazy("The contact takes part"),
    "wait": gettext_lazy("Put them on the waiting list if there is no room"),
    "confirm_at_once": gettext_lazy("Confirm their places at once when there is room"),
    "responsible_name": gettext_lazy("Name of the adult in charge on the day"),
}
HELP: dict[str, StrOrPromise] = {
    "wait": "",
    "confirm_at_once": gettext_lazy("Otherwise they get an offer by e-mail, which they accept within 48 hours."),
}
# Not shown: the trap for machines, and what stands elsewhere on the page.
LEFT_OUT = frozenset({"website"})
WAITING = ("wait", "confirm_at_once")
FIRST = ("school", "school_name")
LANGUAGES = (("da", gettext_lazy("Danish")), ("en", gettext_lazy("English")))


class BookView(LocalTimeMixin, WagtailAdminTemplateMixin, TemplateView):
    """The form of the session's audience; the contact gets the same message as if they had booked themselves."""

    template_name = "workspace/admin/book.html"
    page_title = gettext_lazy("Book for somebody")
    header_icon = "plus"
    index_url_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in those who handle bookings."""
        if not manages(request.user):
            raise PermissionDenied
        rows = Session.objects.select_related("workshop", "series")
        self.object: Session = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add or take away a row, or book."""
        kind = ORDERS[self.object.workshop.audience]
        if "add_row" in request.POST or "remove_row" in request.POST:
            return self._show(with_other_rows(kind, self.object.workshop, request.POST))
        order = kind(self.object.workshop, request.POST)
        if not order.is_valid():
            return self._show(rekeyed(order))
        order.actor_id = request.user.pk
        language = request.POST.get("language", "da")
        try:
            booking = order.book(self.object, language=language if language in dict(LANGUAGES) else "da")
        except Refused as refused:
            order.explain(refused)
        except SentBefore as sent:
            order = with_new_key(order)
            order.form.add_error(None, sent_before_text(sent.booking.reference))
        except Busy:
            order.form.add_error(None, words.busy())
        else:
            text = _("%(reference)s: %(state)s. The contact gets a message.")
            said = {"reference": booking.reference, "state": booking.get_state_display()}
            messages.success(request, text % said)
            return redirect("staff_sessions:inspect", self.object.pk)
        return self._show(order)

    def _show(self, order: Order) -> HttpResponse:
        return self.render_to_response(self.get_context_data(order=order))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("staff_sessions:index"), "label": _("Sessions")},
            {"url": self.back(), "label": words.called(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def back(self) -> str:
        """Return the address of the session's page."""
        return reverse("staff_sessions:inspect", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form's fields, in the order in which one is told them on the phone."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        order = kwargs.get("order") or ORDERS[self.object.workshop.audience](self.object.workshop)
        left_out = LEFT_OUT | frozenset(WAITING if self.object.waiting_rule == WaitingRule.NONE else ())
        for name, label in LABELS.items():
            if name in order.form.fields:
                order.form.fields[name].label = label
        for name, text in HELP.items():
            order.form.fields[name].help_text = text
        return {
            **context,
            "order": order,
            "form": order.form,
            "fields": sorted(
                (field for field in order.form.visible_fields() if field.name not in left_out), key=_place
            ),
            "session": self.object,
            "called": words.called(self.object),
            "seats": words.seats_of(self.object),
            "languages": LANGUAGES,
            "language": self.request.POST.get("language", "da"),
            "back": self.back(),
            "for_classes": order.rows_prefix == "groups",
        }


def _place(field: Any) -> int:
    """Return where a field stands: the school first, the waiting list last, the rest as the form has them."""
    return 0 if field.name in FIRST else 2 if field.name in WAITING else 1
