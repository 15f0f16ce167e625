"""Requests that wait for a coordinator: approved or rejected, one or many at once, all or nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from bookings.admin import words
from bookings.admin.answers import ApprovalForm
from bookings.domain.approval import approve, reject
from bookings.domain.booking import Refused
from bookings.domain.locking import Busy
from bookings.models import Booking
from bookings.rules import Refusal
from vaern.cms.staff import LocalTimeMixin


def to_answer() -> QuerySet[Booking]:
    """Return the requests, the oldest first, with their sessions and classes."""
    found = Booking.objects.filter(state=Booking.State.REQUESTED)
    return found.select_related("session__workshop").prefetch_related("lines", "people").order_by("created_at", "pk")


class ApprovalsView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The list of requests, with a box at each, and three buttons."""

    any_permission_required: Any = ["cancel"]
    template_name = "bookings/admin/approvals.html"
    page_title = gettext_lazy("Requests to answer")
    header_icon = "check"
    index_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the requests and the form."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = kwargs.get("form") or ApprovalForm()
        chosen = set(self.request.POST.getlist("bookings"))
        rows = [
            {
                "booking": booking,
                "when": words.when(booking.session),
                "seats": words.seats_of(booking.session),
                "who": words.classes_of(booking) or booking.contact_name,
                "chosen": str(booking.pk) in chosen,
            }
            for booking in to_answer()
        ]
        return {**context, "rows": rows, "form": form}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the chosen requests; a refusal names the one it is about, and answers none."""
        saying_no = "reject" in request.POST
        form = ApprovalForm(request.POST, saying_no=saying_no)
        if form.is_valid():
            ids = [booking.pk for booking in form.cleaned_data["bookings"]]
            try:
                done = self._answer(ids, form.cleaned_data["reason"], saying_no=saying_no)
            except Refused as refused:
                form.add_error("bookings", self._said(refused))
            except Busy:
                form.add_error(None, words.busy())
            else:
                messages.success(request, done)
                return redirect(request.path)
        return self.render_to_response(self.get_context_data(form=form))

    def _answer(self, ids: list[int], reason: str, *, saying_no: bool) -> str:
        actor_id = self.request.user.pk
        if saying_no:
            count = len(reject(booking_ids=ids, reason=reason, actor_id=actor_id))
            text = ngettext("%(count)s request is rejected.", "%(count)s requests are rejected.", count)
        else:
            count = len(approve(booking_ids=ids, wait="wait" in self.request.POST, actor_id=actor_id))
            text = ngettext("%(count)s request is approved.", "%(count)s requests are approved.", count)
        told = _("Those who booked get a message.")
        return f"{text % {'count': count}} {told}"

    def _said(self, refused: Refused) -> str:
        why = words.refused(refused.why)
        if refused.why in {Refusal.FULL, Refusal.TOO_FEW_SEATS, Refusal.OTHERS_WAIT}:
            why = _("There is not room for it. Choose fewer, or put those without room on the waiting list.")
        none = _("None of the chosen requests has been answered.")
        return f"{refused.label}: {why} {none}"
