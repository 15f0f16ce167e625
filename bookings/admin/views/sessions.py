"""The list of sessions, the forms that plan and change one, and its facts."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.models import CopyViewMixin
from wagtail.admin.widgets.button import HeaderButton

from bookings.admin import words
from bookings.domain.booking import Refused
from bookings.domain.locking import Busy
from bookings.domain.session import CapacityBelowTaken, change_session, plan_session
from bookings.models import Session
from bookings.permissions import may_report
from bookings.providers import NoCharter
from vaern.cms.staff import LocalTimeMixin, RefusingEditMixin, StaffIndexView


class SessionLinksMixin:
    """The ways on from a session, each for those who may go there: attendance, its bookings, cancelling it."""

    request: HttpRequest

    def session_links(self, session: Session) -> list[tuple[str, str, str]]:
        """Return (label, address, icon) of what can be done with this session."""
        user = self.request.user
        links = []
        if session.status != Session.Status.CANCELLED and may_report(user):
            address = reverse("bookings:attendance", args=[session.uuid])
            links.append((_("Attendance"), address, "clipboard-list"))
        if user.has_perm("bookings.view_booking"):
            links.append((_("Bookings"), f"{reverse('staff_bookings:index')}?session={session.pk}", "list-ul"))
        if session.waiting_rule != Session.WaitingRule.NONE and user.has_perm("bookings.view_session"):
            links.append((_("Waiting list"), reverse("staff_sessions:inspect", args=[session.pk]), "time"))
        if session.status == Session.Status.PLANNED and user.has_perm("bookings.change_session"):
            address = reverse("staff_sessions:cancel", args=[session.pk])
            links.append((_("Cancel the session"), address, "circle-xmark"))
        return links

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Return the buttons beside a session's title."""
        links = self.session_links(self.object)  # type: ignore[attr-defined]
        return [
            HeaderButton(label, url=address, icon_name=icon, priority=number)
            for number, (label, address, icon) in enumerate(links)
        ]


class SessionIndexView(SessionLinksMixin, StaffIndexView):
    """Every session: today's and the coming ones first, soonest first, then those that are over."""

    header_buttons = StaffIndexView.header_buttons

    def get_base_queryset(self) -> QuerySet[Session]:
        """Read workshops and facilitators with the sessions."""
        return Session.objects.select_related("workshop").prefetch_related("facilitators")

    def order_queryset(self, queryset: QuerySet[Session]) -> QuerySet[Session]:
        """Order as asked for, or as one plans."""
        if self.ordering:
            ordered: QuerySet[Session] = super().order_queryset(queryset)
            return ordered
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        coming = Case(When(starts_at__gte=today, then=F("starts_at")))
        return queryset.order_by(coming.asc(nulls_last=True), "-starts_at", "pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "when",
                label=_("Time"),
                accessor=words.when_short,
                sort_key="starts_at",
                get_url=self.get_link,
                classname="w-whitespace-nowrap",
            ),
            Column("workshop", label=_("Workshop"), accessor="workshop.title", sort_key="workshop__title"),
            Column("place", label=_("Place"), accessor=words.place_of),
            Column("seats", label=_("Places taken"), accessor=words.seats_of, sort_key="seats_taken"),
            StatusTagColumn(
                "status",
                label=_("Status"),
                accessor="get_status_display",
                sort_key="status",
                primary=lambda session: session.status == Session.Status.PLANNED,
            ),
            Column("facilitators", label=_("Facilitators"), accessor=words.facilitators_of),
        ]

    def get_link(self, session: Session) -> str:
        """Return where a row leads: to its form, or to its facts where there is nothing to change."""
        address: str = self.get_edit_url(session) or self.get_inspect_url(session)
        return address

    def get_edit_url(self, instance: Session) -> str | None:
        """Return the form's address, but not of a session that is cancelled."""
        cancelled = instance.status == Session.Status.CANCELLED
        address: str | None = None if cancelled else super().get_edit_url(instance)
        return address

    def get_list_more_buttons(self, instance: Session) -> list[MenuItem]:
        """Add the ways on from the session."""
        links = self.session_links(instance)
        return [
            *super().get_list_more_buttons(instance),
            *(
                MenuItem(label, url=address, icon_name=icon, priority=40 + number)
                for number, (label, address, icon) in enumerate(links)
            ),
        ]


class SessionVerbMixin(LocalTimeMixin):
    """Saves a session by a verb: in its own transaction, whose refusals are words at the form."""

    request: HttpRequest
    produced_error_message: str | None

    def call_verb(self, form: Any) -> Session:
        """Do what the form asks for."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Call the verb; stands in for Wagtail's, whose transaction would be around the verb's lock (domain.md I9)."""
        self.form = form
        try:
            self.object = self.call_verb(form)
        except CapacityBelowTaken as error:
            return self._not_saved(*_capacity_error(form, error))
        except NoCharter as error:
            return self._not_saved("visibility", words.no_charter(error))
        except Refused as error:
            return self._not_saved(None, words.refused(error.why))
        except Busy:
            return self._not_saved(None, words.busy())
        holiday = words.holiday_on(self.object)
        if holiday:
            text = _("The session falls on a day when schools are closed: %(holiday)s.")
            messages.warning(self.request, text % {"holiday": holiday})
        response: HttpResponse = self.save_action()  # type: ignore[attr-defined]
        return response

    def _not_saved(self, field: str | None, text: str) -> HttpResponse:
        self.form.add_error(field, text)
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        response: HttpResponse = self.form_invalid(self.form)  # type: ignore[attr-defined]
        return response


def _capacity_error(form: Any, error: CapacityBelowTaken) -> tuple[str, str]:
    if "capacity_unit" in form.changed_data:
        return "capacity_unit", _("There are bookings already, so what a place is cannot be changed.")
    text = ngettext(
        "%(taken)s place is taken already, so there cannot be fewer places than that.",
        "%(taken)s places are taken already, so there cannot be fewer places than that.",
        error.taken,
    )
    return "capacity", text % {"taken": error.taken}


class SessionCreateView(SessionVerbMixin, generic.CreateView):
    """Plans a session."""

    success_message = gettext_lazy("The session is planned.")
    error_message = gettext_lazy("The session is not planned yet: something must be corrected.")

    def call_verb(self, form: Any) -> Session:
        """Plan it; whatever the form was filled in from, this is a session of its own."""
        return plan_session(
            values=form.values(),
            facilitators=list(form.cleaned_data["facilitators"]),
            actor_id=self.request.user.pk,
        )


class SessionCopyView(CopyViewMixin, SessionCreateView):
    """A new session's form, filled in from another one but for the times; bookings and seats are not copied."""

    def get_initial_form_instance(self) -> Session:
        """Return the session to fill in from."""
        session: Session = self.get_object()
        for name in ("starts_at", "ends_at", "opens_at", "closes_at", "cancel_until"):
            setattr(session, name, None)
        return session


class SessionEditView(SessionLinksMixin, SessionVerbMixin, RefusingEditMixin, generic.EditView):
    """Changes a session; those who have booked are told by the verb when time or place is another."""

    success_message = gettext_lazy("The session is changed.")
    error_message = gettext_lazy("The session is not changed: something must be corrected.")

    def refusal(self, instance: Session) -> str | None:
        """Return why a cancelled session cannot be edited."""
        if instance.status != Session.Status.CANCELLED:
            return None
        return _("This session is cancelled and cannot be changed any more. Plan a new one instead.")

    def call_verb(self, form: Any) -> Session:
        """Change it."""
        return change_session(
            session_id=self.object.pk,
            changes=form.values(),
            facilitators=list(form.cleaned_data["facilitators"]),
            actor_id=self.request.user.pk,
        )

    def get_page_subtitle(self) -> str:
        """Return the session's workshop and time as they are saved, whatever stands in the form."""
        return self._saved_title

    @cached_property
    def _saved_title(self) -> str:
        return words.called(Session.objects.select_related("workshop").get(pk=self.object.pk))


class SessionInspectView(SessionLinksMixin, LocalTimeMixin, generic.InspectView):
    """A session's facts, for those who may not change it, and for those sessions that nobody can change."""

    template_name = "bookings/admin/session.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the waiting list, and who was let in before whom."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "waiting": self.object.bookings.waiting(),
            "overtakings": self.object.overtakings.select_related("by", "passed").order_by("-pk")[:50],
        }

    def get_page_subtitle(self) -> str:
        """Return the session's workshop and time."""
        return words.called(self.object)

    def get_edit_url(self) -> str | None:
        """Return the form's address, but not of a session that is cancelled."""
        cancelled = self.object.status == Session.Status.CANCELLED
        address: str | None = None if cancelled else super().get_edit_url()
        return address

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return the facts as (label, value)."""
        session = self.object
        facts = [
            (_("Workshop"), session.workshop.title),
            (_("Time"), words.when(session)),
            (_("Place"), words.place_of(session)),
            (_("Places taken"), words.seats_of(session)),
            (_("Status"), session.get_status_display()),
            (_("Reason for cancelling"), session.cancel_reason),
            (_("Facilitators"), words.facilitators_of(session)),
            (_("Visibility"), session.get_visibility_display()),
        ]
        return [{"label": label, "value": value} for label, value in facts if value]
