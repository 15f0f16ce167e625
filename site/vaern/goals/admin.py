"""Goals and their targets in Wagtail's admin. A target is changed by the verb alone, with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup

from bookings.admin.forms import ReasonField
from vaern.audit.admin import AuditedCreateView, AuditedEditView
from vaern.cms.staff import LocalTimeMixin, RefusingEditMixin, StaffIndexView, StaffViewSet
from vaern.design.formats import format_number
from vaern.goals.domain import YearClosed, change_target
from vaern.goals.models import Goal, GoalYear, TargetChange


def year_closed() -> str:
    """Return what to tell staff who want to change a closed year."""
    return _("This year is closed: its target and its figures stand.")


class NewYearForm(forms.ModelForm):
    """A goal in one more year."""

    class Meta:
        model = GoalYear
        fields: ClassVar = ["goal", "year", "low", "high"]


class TargetForm(forms.ModelForm):
    """Another target for a year, with the reason."""

    reason = ReasonField(
        label=gettext_lazy("Reason for the change"),
        max_length=300,
        help_text=gettext_lazy(
            "It is kept with the old and the new target. Write about the goal, never about a person."
        ),
    )

    class Meta:
        model = GoalYear
        fields: ClassVar = ["low", "high"]


class GoalTextForm(forms.ModelForm):
    """What a goal and its counting rule are called; how it is counted is code."""

    class Meta:
        model = Goal
        fields: ClassVar = ["title_da", "title_en", "rule_da", "rule_en"]


class HistoryMixin:
    """Shows every change of a year's target."""

    object: GoalYear

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the changes, the newest first."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        changes = TargetChange.objects.filter(goal_year=self.object).select_related("changed_by")
        return {**context, "changes": changes.order_by("-changed_at", "-pk")}


class GoalYearIndexView(StaffIndexView):
    """The targets by year, the newest first."""

    def get_base_queryset(self) -> QuerySet[GoalYear]:
        """Read the goals with their years."""
        return GoalYear.objects.select_related("goal")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "goal", label=_("Goal"), accessor="goal.title", get_url=self.get_link
            ),
            Column("year", label=_("Year"), accessor=lambda row: str(row.year), sort_key="year"),
            NumberColumn("low", label=_("At least"), sort_key="low"),
            Column("high", label=_("At most"), accessor=lambda row: format_number(row.high)),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                sort_key="state",
                primary=lambda row: row.state == GoalYear.State.OPEN,
            ),
        ]

    def get_link(self, row: GoalYear) -> str:
        """Return where a row leads: to its form, or to its facts where the target stands."""
        address: str = self.get_edit_url(row) or self.get_inspect_url(row)
        return address

    def get_edit_url(self, instance: GoalYear) -> str | None:
        """Return the form's address, but not of a closed year."""
        closed = instance.state == GoalYear.State.CLOSED
        address: str | None = None if closed else super().get_edit_url(instance)
        return address


class GoalYearEditView(HistoryMixin, LocalTimeMixin, RefusingEditMixin, generic.EditView):
    """Changes a target by the verb, which keeps what it was."""

    template_name = "goals/admin/goal_year.html"
    success_message = gettext_lazy("The target is changed.")

    def refusal(self, instance: GoalYear) -> str | None:
        """Return why a closed year cannot be edited."""
        return year_closed() if instance.state == GoalYear.State.CLOSED else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Call the verb; a year closed in the meantime is words at the form."""
        self.form = form
        try:
            self.object = change_target(
                goal_year_id=self.object.pk,
                low=form.cleaned_data["low"],
                high=form.cleaned_data["high"],
                reason=form.cleaned_data["reason"],
                actor_id=self.request.user.pk,
            )
        except YearClosed:
            form.add_error(None, year_closed())
            self.produced_error_message = self.get_error_message()
            refused: HttpResponse = self.form_invalid(form)
            return refused
        response: HttpResponse = self.save_action()
        return response


class GoalYearInspectView(HistoryMixin, LocalTimeMixin, generic.InspectView):
    """A year's target and how it came to be."""

    template_name = "goals/admin/goal_year_inspect.html"

    def get_edit_url(self) -> str | None:
        """Return the form's address, but not of a closed year."""
        closed = self.object.state == GoalYear.State.CLOSED
        address: str | None = None if closed else super().get_edit_url()
        return address


class GoalYearViewSet(StaffViewSet):
    """The targets."""

    model = GoalYear
    name = "staff_goal_years"
    url_prefix = "goal-years"
    icon = "calendar-check"
    menu_label = gettext_lazy("Targets")
    list_filter: ClassVar = ["year", "state"]
    index_view_class = GoalYearIndexView
    add_view_class = AuditedCreateView
    edit_view_class = GoalYearEditView
    inspect_view_class = GoalYearInspectView
    inspect_view_fields: ClassVar = ["goal", "year", "low", "high", "state"]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return the form of a new year, or that of a target."""
        return TargetForm if for_update else NewYearForm


class GoalViewSet(StaffViewSet):
    """The goals' texts; goals themselves come with the code that counts them."""

    model = Goal
    name = "staff_goals"
    url_prefix = "goals"
    icon = "crosshairs"
    without: ClassVar = StaffViewSet.without | {"add"}
    edit_view_class = AuditedEditView
    list_display: ClassVar = ["title_da", "target_group", "unit", "year_kind"]
    inspect_view_fields: ClassVar = ["title_da", "title_en", "rule_da", "rule_en", "target_group", "unit", "year_kind"]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return the form of a goal's texts."""
        return GoalTextForm


class GoalsGroup(ViewSetGroup):
    """The yearly goals."""

    menu_label = gettext_lazy("Goals")
    menu_name = "goals"
    menu_icon = "crosshairs"
    menu_order = 300
    items = (GoalYearViewSet, GoalViewSet)
