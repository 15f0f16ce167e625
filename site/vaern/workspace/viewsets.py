"""The workspace in the menu: our lists in the place of those of `bookings` and `people`, and our own screens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from bookings.admin.viewsets import BookingsGroup, BookingViewSet, SessionViewSet, VisitViewSet
from vaern.people.admin import OrganisationsGroup, OrganisationViewSet
from vaern.workspace import lists
from vaern.workspace.permissions import sees_own_administration, sees_sessions
from vaern.workspace.views.administration import AdministrationView
from vaern.workspace.views.book import BookView
from vaern.workspace.views.bulk import bulk
from vaern.workspace.views.calendar import CalendarView
from vaern.workspace.views.saved import drop, save
from vaern.workspace.views.series import SeriesView
from vaern.workspace.views.session import SessionPageView, hold
from vaern.workspace.views.today import TodayView


class WorkspaceSessionViewSet(SessionViewSet):
    """Sessions, with the list and the page of the workspace."""

    search_fields: ClassVar = ["workshop__title", "place"]
    filterset_class = lists.WorkshopSessionsFilterSet
    index_view_class = lists.WorkspaceSessionIndexView
    inspect_view_class = SessionPageView


class WorkspaceBookingViewSet(BookingViewSet):
    """Bookings, with the list of the workspace."""

    search_fields: ClassVar = [*BookingViewSet.search_fields, "contact_name", "session__workshop__title"]
    filterset_class = lists.WorkspaceBookingFilterSet
    index_view_class = lists.WorkspaceBookingIndexView


class WorkspaceVisitViewSet(VisitViewSet):
    """Requests for visits, with the list of the workspace."""

    filterset_class = lists.VisitFilterSet
    index_view_class = lists.WorkspaceVisitIndexView


class WorkspaceOrganisationViewSet(OrganisationViewSet):
    """Organisations, with the list of the workspace."""

    filterset_class = lists.OrganisationFilterSet
    index_view_class = lists.WorkspaceOrganisationIndexView


OURS: dict[Any, Any] = {
    SessionViewSet: WorkspaceSessionViewSet,
    BookingViewSet: WorkspaceBookingViewSet,
    VisitViewSet: WorkspaceVisitViewSet,
    OrganisationViewSet: WorkspaceOrganisationViewSet,
}


class WorkspaceGroup(BookingsGroup):
    """What a coordinator works with, the day first."""

    menu_label = _("Workspace")
    items = tuple(OURS.get(item, item) for item in BookingsGroup.items)

    def get_submenu_items(self) -> list[MenuItem]:
        """Put the day and the calendar before the lists."""
        shown = [
            WorkspaceItem(_("Today and next week"), "workspace_today", "date", sees_sessions, order=-30),
            WorkspaceItem(_("Calendar"), "workspace_calendar", "calendar-alt", sees_sessions, order=-20),
            WorkspaceItem(
                _("My administration"), "workspace_administration", "group", sees_own_administration, order=-10
            ),
        ]
        return [*shown, *super().get_submenu_items()]


class WorkspaceOrganisationsGroup(OrganisationsGroup):
    """Who takes part."""

    items = tuple(OURS.get(item, item) for item in OrganisationsGroup.items)


class WorkspaceItem(MenuItem):
    """The way to one of our screens, for those who may open it."""

    def __init__(self, label: Any, url_name: str, icon: str, allowed: Any, *, order: int) -> None:
        super().__init__(label, reverse(url_name), name=url_name.replace("_", "-"), icon_name=icon, order=order)
        self.allowed = allowed

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether the user may open it."""
        return bool(self.allowed(request.user))


def urlpatterns() -> list[URLPattern]:
    """Return the addresses of our own screens, below /admin/."""
    return [
        path("today/", TodayView.as_view(), name="workspace_today"),
        path("calendar/", CalendarView.as_view(), name="workspace_calendar"),
        path("own-administration/", AdministrationView.as_view(), name="workspace_administration"),
        path("sessions/series/", SeriesView.as_view(), name="workspace_series"),
        path("sessions/book/<int:pk>/", BookView.as_view(), name="workspace_book"),
        path("sessions/hold/<int:pk>/", hold, name="workspace_hold"),
        path("bulk-work/<str:of_list>/<str:action>/", bulk, name="workspace_bulk"),
        path("saved-views/<str:of_list>/save/", save, name="workspace_view_save"),
        path("saved-views/<int:pk>/drop/", drop, name="workspace_view_drop"),
    ]
