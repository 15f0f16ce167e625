"""Requests for visits: the list, what is asked for, and the answer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from bookings.admin import words
from bookings.admin.answers import AnswerVisitForm
from bookings.domain.booking import Refused
from bookings.domain.locking import Busy
from bookings.domain.visits import accept_visit, decline_visit, propose_other_time
from bookings.mails import class_text
from bookings.models import VisitRequest
from vaern.cms.staff import LocalTimeMixin, StaffIndexView
from vaern.design.formats import format_date, format_time_range
from vaern.schooldays.models import SchoolHoliday
from vaern.schooldays.rules import is_working_day


class VisitIndexView(StaffIndexView):
    """Every request, those to answer first."""

    def get_base_queryset(self) -> QuerySet[VisitRequest]:
        """Read workshop, classes and wishes with the requests."""
        found = VisitRequest.objects.select_related("workshop").prefetch_related("groups", "wishes")
        return found.order_by("answered_at", "created_at", "pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "reference", label=_("Reference"), sort_key="reference", get_url=self.get_inspect_url
            ),
            Column("school", label=_("School"), accessor="school_name", sort_key="school_name"),
            Column("workshop", label=_("Workshop"), accessor="workshop.title"),
            Column("first", label=_("First wish"), accessor=_first_wish),
            StatusTagColumn(
                "state", label=_("State"), accessor="get_state_display", sort_key="state", primary=_is_open
            ),
            DateColumn("created_at", label=_("Received"), sort_key="created_at"),
        ]


def _first_wish(visit: VisitRequest) -> str:
    wishes = list(visit.wishes.all())
    return format_date(wishes[0].starts_at, "short") if wishes else ""


def _is_open(visit: VisitRequest) -> bool:
    return visit.is_open


class VisitInspectView(LocalTimeMixin, generic.InspectView):
    """A request: who asks, for which classes, and when it would suit them."""

    def get_object(self, queryset: QuerySet[VisitRequest] | None = None) -> VisitRequest:
        """Read what is shown with the request."""
        rows = VisitRequest.objects.select_related("workshop", "booking").prefetch_related("groups", "wishes")
        return get_object_or_404(rows, pk=self.pk)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Return the way to the answer, while there is one to give."""
        if not (self.object.is_open and self.user_has_permission("cancel")):
            return []
        address = reverse("staff_visits:answer", args=[self.object.pk])
        return [HeaderButton(_("Answer the request"), url=address, icon_name="check")]

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return the facts as (label, value); the secret link is not among them."""
        visit = self.object
        facts = [
            (_("State"), visit.get_state_display()),
            (_("Workshop"), visit.workshop.title),
            (_("School"), visit.school_name),
            *((_("Class"), _class_text(group)) for group in visit.groups.all()),
            *((_("Wish %(number)s") % {"number": wish.number}, wish_text(wish)) for wish in visit.wishes.all()),
            (_("Proposed"), _span(visit.proposed_starts_at, visit.proposed_ends_at)),
            (_("Text to the school"), visit.answer_text),
            (_("Contact"), visit.contact_name),
            (_("E-mail"), visit.contact_email),
            (_("Phone"), visit.contact_phone),
            (_("Adult in charge on the day"), visit.responsible_name),
            (_("Booking"), visit.booking.reference if visit.booking else ""),
        ]
        return [{"label": label, "value": value} for label, value in facts if value]


def _class_text(group: Any) -> str:
    facts = {"label": group.label, "pupils": group.pupils, "adults": group.adults}
    return f"{class_text(facts)}, {_grade(group.grade)}"


def _grade(number: int) -> str:
    return _("Grade %(number)s") % {"number": number}


def wish_text(wish: Any) -> str:
    """Return a wished time in words, with a warning where schools or offices are closed that day."""
    day = timezone.localtime(wish.starts_at, timezone.get_default_timezone()).date()
    closed = not is_working_day(day) or SchoolHoliday.objects.within(day, day).exists()
    text = _span(wish.starts_at, wish.ends_at)
    return _("%(when)s (holiday)") % {"when": text} if closed else text


def _span(begin: Any, end: Any) -> str:
    return f"{format_date(begin)}, {format_time_range(begin, end)}" if begin and end else ""


class VisitAnswerView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Says yes to one of the times, proposes another, or says no. A facilitator who is busy is named."""

    permission_required = "cancel"
    form_class = AnswerVisitForm
    template_name = "bookings/admin/answer_visit.html"
    page_title = gettext_lazy("Answer the request")
    model: Any = None
    index_url_name = ""
    inspect_url_name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the request."""
        super().setup(request, *args, **kwargs)
        rows = VisitRequest.objects.select_related("workshop").prefetch_related("groups", "wishes")
        self.object: VisitRequest = get_object_or_404(rows, pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead back what has been answered already."""
        if not self.object.is_open:
            messages.warning(request, _("This request for a visit has been answered already."))
            return redirect(self.back())
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the request, whose times are the choices."""
        return {**super().get_form_kwargs(), "visit": self.object}

    def form_valid(self, form: AnswerVisitForm) -> HttpResponse:
        """Call the verb; its refusals are words at the form."""
        try:
            text = self._answer(form)
        except Refused as refused:
            form.add_error(None, words.refused(refused.why, label=refused.label))
        except Busy:
            form.add_error(None, words.busy())
        else:
            messages.success(self.request, text)
            return redirect(self.back())
        return self.form_invalid(form)

    def _answer(self, form: AnswerVisitForm) -> str:
        data, actor_id = form.cleaned_data, self.request.user.pk
        if data["answer"] == form.DECLINE:
            decline_visit(request_id=self.object.pk, reason=data["text"], actor_id=actor_id)
            return _("The school is told that we cannot come.")
        people = list(data["facilitators"])
        if data["answer"] == form.PROPOSE:
            propose_other_time(
                request_id=self.object.pk,
                starts_at=data["starts_at"],
                facilitators=people,
                text=data["text"],
                place=data["place"],
                actor_id=actor_id,
            )
            return _("The proposal is sent. The session is made when the school says yes.")
        accept_visit(
            request_id=self.object.pk,
            starts_at=form.wish(),
            facilitators=people,
            place=data["place"],
            actor_id=actor_id,
        )
        return _("The visit is booked: there is a session, and the school and the facilitators are told.")

    def back(self) -> str:
        """Return the address of the request's facts."""
        return reverse("staff_visits:inspect", args=[self.object.pk])

    def get_page_subtitle(self) -> str:
        """Return which request it is."""
        return f"{self.object.reference}, {self.object.school_name}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("staff_visits:index"), "label": _("Requests for visits")},
            {"url": self.back(), "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is asked for."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "visit": self.object,
            "groups": [_class_text(group) for group in self.object.groups.all()],
            "wishes": [wish_text(wish) for wish in self.object.wishes.all()],
            "back": self.back(),
        }
