"""Sessions and bookings in Wagtail's admin: which views there are, and who may open them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from bookings.admin.forms import BookingFilterSet, ChangeSessionForm, PlanSessionForm, SessionFilterSet
from bookings.admin.rules import DeadlineRuleViewSet
from bookings.admin.views import approvals, bookings, call_off, sessions, visits
from bookings.models import Booking, Session, VisitRequest
from bookings.permissions import MANAGE
from vaern.cms.staff import ReadOnlyPolicy, StaffViewSet


class BookingPolicy(ReadOnlyPolicy):
    """Bookings are made, changed and ended by verbs; staff see them, and may cancel one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may see or cancel bookings."""
        return bool(user.has_perm(MANAGE)) if action == "cancel" else super().user_has_permission(user, action)


class SessionViewSet(StaffViewSet):
    """Planning, changing and cancelling sessions; copying fills in a new one's form."""

    model = Session
    name = "staff_sessions"
    url_prefix = "sessions"
    icon = "calendar-alt"
    menu_label = _("Sessions")
    search_fields: ClassVar = ["workshop__title"]
    filterset_class = SessionFilterSet
    copy_view_enabled = True
    index_view_class = sessions.SessionIndexView
    add_view_class = sessions.SessionCreateView
    copy_view_class = sessions.SessionCopyView
    edit_view_class = sessions.SessionEditView
    inspect_view_class = sessions.SessionInspectView

    def get_form_class(self, for_update: bool = False) -> type[PlanSessionForm]:
        """Return the form of a new session or of one that exists."""
        return ChangeSessionForm if for_update else PlanSessionForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the page that cancels a session."""
        cancel = self.construct_view(call_off.SessionCancelView)
        return [*super().get_urlpatterns(), path("cancel/<int:pk>/", cancel, name="cancel")]


class BookingViewSet(StaffViewSet):
    """Looking bookings up, and cancelling one."""

    model = Booking
    name = "staff_bookings"
    url_prefix = "bookings"
    icon = "list-ul"
    menu_label = _("Bookings")
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    search_fields: ClassVar = ["reference", "school_name", "contact_email"]
    filterset_class = BookingFilterSet
    index_view_class = bookings.BookingIndexView
    inspect_view_class = bookings.BookingInspectView

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: there is no form, the verbs write bookings."""
        return

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the page that cancels a booking."""
        cancel = self.construct_view(call_off.BookingCancelView)
        return [*super().get_urlpatterns(), path("cancel/<int:pk>/", cancel, name="cancel")]


class ApprovalsViewSet(ViewSet):
    """Requests that wait for a coordinator."""

    name = "staff_approvals"
    url_prefix = "approvals"
    icon = "check"
    menu_label = _("Requests to answer")

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the one page."""
        view = approvals.ApprovalsView.as_view(permission_policy=BookingPolicy(Booking))
        return [path("", view, name="index")]

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        """Show it to those who handle bookings."""
        return ForManagers(
            self.menu_label, reverse("staff_approvals:index"), name="approvals", icon_name=self.icon, order=order
        )


class ForManagers(MenuItem):
    """A menu item for those who handle bookings."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether the user may answer requests."""
        return bool(request.user.has_perm(MANAGE))


class VisitViewSet(StaffViewSet):
    """Requests for visits, and their answers."""

    model = VisitRequest
    name = "staff_visits"
    url_prefix = "visits"
    icon = "mail"
    menu_label = _("Requests for visits")
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    search_fields: ClassVar = ["reference", "school_name", "contact_email"]
    list_filter: ClassVar = ["state"]
    index_view_class = visits.VisitIndexView
    inspect_view_class = visits.VisitInspectView

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: there is no form, the verbs write requests."""
        return

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the page that answers."""
        answer = self.construct_view(visits.VisitAnswerView)
        return [*super().get_urlpatterns(), path("answer/<int:pk>/", answer, name="answer")]


class BookingsGroup(ViewSetGroup):
    """What a coordinator works with."""

    menu_label = _("Bookings")
    menu_name = "bookings"
    menu_icon = "calendar-alt"
    menu_order = 150
    items = (SessionViewSet, BookingViewSet, ApprovalsViewSet, VisitViewSet, DeadlineRuleViewSet)
