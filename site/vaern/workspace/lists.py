"""The lists of sessions, bookings, requests and organisations: filters, numbers, saved views, and boxes to choose by.

They take the place of the plainer lists of `bookings` and `people`, whose other views stay as they are.
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column, NumberColumn
from wagtail.admin.widgets.button import HeaderButton

from bookings.admin import words
from bookings.admin.answers import facilitators
from bookings.admin.forms import BookingFilterSet, SessionFilterSet
from bookings.admin.views.bookings import BookingIndexView
from bookings.admin.views.sessions import SessionIndexView
from bookings.admin.views.visits import VisitIndexView
from bookings.models import Booking, GroupLine, Session, VisitGroup, VisitRequest
from bookings.rules import State
from courses.models import WorkshopPage
from vaern.cms.staff import StaffIndexView
from vaern.people.models import Administration, Organisation, SchoolGroup, User
from vaern.workspace import needs
from vaern.workspace.domain.views import kept_query
from vaern.workspace.flags import Flag, flags_of
from vaern.workspace.models import SavedView
from vaern.workspace.permissions import manages
from vaern.workspace.views.bulk import actions_of

Lists = SavedView.List


class CheckboxColumn(BaseColumn):
    """A box at each row; those that are ticked are what a bulk action is about."""

    header_template_name = "workspace/admin/all_cell.html"
    cell_template_name = "workspace/admin/box_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add what the box is called."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "box_label": self.name_of(instance)}

    def name_of(self, instance: Any) -> str:
        """Return the row's name."""
        return words.called(instance) if isinstance(instance, Session) else str(instance)


class FlagsColumn(BaseColumn):
    """What the matter is with the session; read for the whole page at once."""

    cell_template_name = "workspace/admin/flags_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add the flags."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "flags": getattr(instance, "flags", [])}


class ListMixin(StaffIndexView):
    """What the four lists share."""

    list_key: ClassVar[str]
    results_template_name = "workspace/admin/list_results.html"
    template_name = "workspace/admin/list.html"

    @cached_property
    def saved_views(self) -> list[dict[str, Any]]:
        """Return the user's views of this list, with which one is shown now. One query."""
        now = kept_query(self.request.GET.urlencode())
        return [
            {
                "view": view,
                "url": f"{self.index_url}?{view.query}" if view.query else self.index_url,
                "current": view.query == now,
            }
            for view in SavedView.objects.filter(user=self.request.user, list=self.list_key)
        ]

    @cached_property
    def query_now(self) -> str:
        """Return what the list is narrowed by now, as a view would keep it."""
        return kept_query(self.request.GET.urlencode())

    @cached_property
    def bulk_actions(self) -> list[dict[str, Any]]:
        """Return the bulk actions that the user may take on this list."""
        back = {"back": self.query_now} if self.query_now else {}
        return [
            {
                "label": action.label,
                "url": reverse("workspace_bulk", args=[self.list_key, action.key]),
                "query": urlencode(back),
                "serious": action.serious,
            }
            for action in actions_of(self.list_key, self.request.user)
        ]

    def box(self) -> list[BaseColumn]:
        """Return the column of boxes, where there is something to do with them."""
        return [CheckboxColumn("box", label=_("Choose"))] if self.bulk_actions else []


class WorkshopSessionsFilterSet(SessionFilterSet):
    """Sessions by status, workshop, date, what they need, who holds them, and where."""

    need = django_filters.ChoiceFilter(label=gettext_lazy("Needs a hand"), empty_label=gettext_lazy("All"))
    facilitators = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Facilitator"), queryset=User.objects.none(), empty_label=gettext_lazy("All")
    )
    district = django_filters.ChoiceFilter(
        label=gettext_lazy("District"), choices=Organisation.District.choices, empty_label=gettext_lazy("All")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["facilitators"].queryset = facilitators()
        need = self.filters["need"]
        need.extra["choices"] = [(key, label) for key, (label, _rows) in needs.NEEDS.items()]
        need.method = self.by_need

    def by_need(self, queryset: QuerySet[Session], _name: str, value: str) -> QuerySet[Session]:
        """Return those that need it."""
        _label, rows = needs.NEEDS[value]
        return queryset.filter(pk__in=rows(timezone.now()).order_by().values("pk"))


def _to_approve(count: int) -> Flag:
    return Flag(_("%(count)s to approve") % {"count": count})


def _audience_filter(field: str = "audience") -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        field_name=field,
        label=gettext_lazy("Audience"),
        choices=WorkshopPage.Audience.choices,
        empty_label=gettext_lazy("All"),
    )


class WorkspaceSessionIndexView(ListMixin, SessionIndexView):
    """Every session with its numbers and what is the matter; a row leads to the session's page."""

    list_key = Lists.SESSIONS

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Add the way to several dates at once, and to the calendar."""
        buttons: list[HeaderButton] = list(StaffIndexView.header_buttons.func(self))
        if self.add_url:
            series = reverse("workspace_series")
            buttons.append(HeaderButton(_("Several dates"), url=series, icon_name="list-ol", priority=20))
        calendar = reverse("workspace_calendar")
        return [*buttons, HeaderButton(_("Calendar"), url=calendar, icon_name="calendar-alt", priority=30)]

    def get_base_queryset(self) -> QuerySet[Session]:
        """Read workshops and facilitators with the sessions; how many wait for approval is a number of its own."""
        requested = Booking.objects.filter(session=OuterRef("pk"), state=State.REQUESTED).order_by()
        number = requested.values("session").annotate(number=Count("pk")).values("number")
        rows: QuerySet[Session] = super().get_base_queryset()
        return rows.annotate(requests=Coalesce(Subquery(number, output_field=IntegerField()), 0))

    def paginate_queryset(self, queryset: Any, page_size: Any) -> Any:
        """Read the flags of the page's sessions, all at once."""
        paginator, page, rows, more = super().paginate_queryset(queryset, page_size)
        shown = list(rows)
        flags = flags_of(shown, now=timezone.now())
        for row in shown:
            row.flags = [*flags[row.pk], *([_to_approve(row.requests)] if row.requests else [])]
        page.object_list = shown
        return paginator, page, shown, more

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        when, workshop, place, seats, status, people = super().columns
        return [
            *self.box(),
            when,
            workshop,
            FlagsColumn("flags", label=_("Notice")),
            seats,
            place,
            people,
            status,
        ]

    def get_link(self, session: Session) -> str:
        """Return where a row leads: to the session's page."""
        return str(self.get_inspect_url(session) or "")


class WorkspaceBookingFilterSet(BookingFilterSet):
    """Bookings by state, audience, date, workshop, administration and school."""

    audience = _audience_filter()
    session__workshop = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Workshop"), queryset=WorkshopPage.objects.none(), empty_label=gettext_lazy("All")
    )
    administration = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Administration"), queryset=Administration.objects.all(), empty_label=gettext_lazy("All")
    )
    created_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Booked"), widget=DateRangePickerWidget)
    school = django_filters.ModelChoiceFilter(
        label=gettext_lazy("School"), queryset=Organisation.objects.none(), empty_label=gettext_lazy("All")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["session__workshop"].queryset = workshops()
        _one_or_none(self, "school", Organisation.objects.all())


def workshops() -> QuerySet[WorkshopPage]:
    """Return the workshops, by title; translations share their sessions, so the Danish pages."""
    found: QuerySet[WorkshopPage] = WorkshopPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    return found.order_by("title")


def _one_or_none(filters: Any, name: str, rows: QuerySet[Any]) -> None:
    """Leave out a filter that is chosen by a link from somewhere else, when it is not chosen."""
    chosen = str((filters.data or {}).get(name, ""))
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        filters.filters[name].queryset = rows.filter(pk=chosen)
    else:
        del filters.filters[name]


class WorkspaceBookingIndexView(ListMixin, BookingIndexView):
    """Every booking, the newest first."""

    list_key = Lists.BOOKINGS

    def get_base_queryset(self) -> QuerySet[Booking]:
        """Read sessions and classes with the bookings; the pupils are counted for the rows that are shown."""
        pupils = GroupLine.objects.filter(booking=OuterRef("pk")).order_by().values("booking")
        number = pupils.annotate(number=Sum("pupils")).values("number")
        return (
            Booking.objects.select_related("session__workshop", "administration")
            .prefetch_related("lines")
            .annotate(pupils=Subquery(number, output_field=IntegerField()))
            .order_by("-created_at", "-pk")
        )

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns: those of bookings, with who booked and how many places."""
        reference, _school, classes, workshop, time, state, pupils = super().columns
        return [
            *self.box(),
            reference,
            Column("who", label=_("Who"), accessor=_who, sort_key="school_name"),
            classes,
            workshop,
            time,
            state,
            NumberColumn("seats", label=_("Places"), sort_key="seats"),
            pupils,
        ]


def _who(booking: Booking) -> str:
    parts = [booking.school_name or booking.contact_name]
    if booking.administration:
        parts.append(str(booking.administration))
    return ", ".join(parts)


class VisitFilterSet(WagtailFilterSet):
    """Requests by state, workshop and when they came."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=VisitRequest.State.choices, empty_label=gettext_lazy("All")
    )
    workshop = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Workshop"), queryset=WorkshopPage.objects.none(), empty_label=gettext_lazy("All")
    )
    created_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Received"), widget=DateRangePickerWidget)

    class Meta:
        model = VisitRequest
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["workshop"].queryset = workshops()


class WorkspaceVisitIndexView(ListMixin, VisitIndexView):
    """Every request, those to answer first."""

    list_key = Lists.VISITS

    def get_base_queryset(self) -> QuerySet[VisitRequest]:
        """Count the pupils of the rows that are shown."""
        pupils = VisitGroup.objects.filter(request=OuterRef("pk")).order_by().values("request")
        number = pupils.annotate(number=Sum("pupils")).values("number")
        rows: QuerySet[VisitRequest] = super().get_base_queryset()
        return rows.annotate(pupils=Subquery(number, output_field=IntegerField()))

    @cached_property
    def columns(self) -> list[Column]:
        """Add the boxes and the number of pupils."""
        *first, received = super().columns
        pupils = NumberColumn("pupils", label=_("Pupils"), accessor=lambda row: row.pupils or "")
        return [*self.box(), *first, pupils, received]


class OrganisationFilterSet(WagtailFilterSet):
    """Organisations by kind, district and goal group of the school."""

    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Organisation.Kind.choices, empty_label=gettext_lazy("All")
    )
    district = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("District"), choices=Organisation.District.choices, widget=forms.CheckboxSelectMultiple
    )
    group = django_filters.ChoiceFilter(
        label=gettext_lazy("Goal group"), choices=SchoolGroup.Group.choices, empty_label=gettext_lazy("All")
    )
    booked = django_filters.ChoiceFilter(label=gettext_lazy("Bookings this year"), empty_label=gettext_lazy("All"))

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].method = _by_group
        booked = self.filters["booked"]
        booked.extra["choices"] = [("yes", _("Has booked")), ("no", _("Has not booked"))]
        booked.method = _by_booked


def _by_group(queryset: QuerySet[Organisation], _name: str, value: str) -> QuerySet[Organisation]:
    groups = SchoolGroup.objects.as_mapping(timezone.localdate())
    types = [code for code, group in groups.items() if group == value]
    return queryset.filter(school__institution_type__in=types)


def _by_booked(queryset: QuerySet[Organisation], _name: str, value: str) -> QuerySet[Organisation]:
    booked = this_years_bookings().exclude(school=None).order_by().values("school")
    return queryset.filter(pk__in=booked) if value == "yes" else queryset.exclude(pk__in=booked)


def this_years_bookings() -> QuerySet[Booking]:
    """Return the bookings that hold a place on a session of this calendar year."""
    now = timezone.localtime()
    first = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = Booking.objects.holding_seats().filter(session__starts_at__gte=first)
    return rows.filter(session__starts_at__lt=first.replace(year=first.year + 1))


class WorkspaceOrganisationIndexView(ListMixin):
    """Every organisation, with how much it has booked this year."""

    list_key = Lists.ORGANISATIONS

    def get_base_queryset(self) -> QuerySet[Organisation]:
        """Count the bookings and the pupils of the rows that are shown."""
        own = this_years_bookings().filter(school=OuterRef("pk")).order_by().values("school")
        lines = GroupLine.objects.filter(booking__in=this_years_bookings(), booking__school=OuterRef("pk")).order_by()
        return Organisation.objects.annotate(
            booked=Subquery(own.annotate(number=Count("pk")).values("number"), output_field=IntegerField()),
            pupils=Subquery(
                lines.values("booking__school").annotate(number=Sum("pupils")).values("number"),
                output_field=IntegerField(),
            ),
        )

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns of the plain list, and the numbers."""
        name, *facts = super().columns
        if not manages(self.request.user):
            return [name, *facts]
        return [
            *self.box(),
            name,
            *facts,
            NumberColumn("booked", label=_("Bookings this year"), accessor=lambda row: row.booked or ""),
            NumberColumn("pupils", label=_("Pupils this year"), accessor=lambda row: row.pupils or ""),
        ]

    def get_list_more_buttons(self, instance: Organisation) -> list[Any]:
        """Add the way to the school's bookings."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.kind == Organisation.Kind.SCHOOL and self.request.user.has_perm("bookings.view_booking"):
            url = f"{reverse('staff_bookings:index')}?school={instance.pk}"
            buttons.append(MenuItem(_("Bookings"), url=url, icon_name="list-ul", priority=50))
        return buttons
