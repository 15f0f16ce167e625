"""The audit log in Wagtail's admin: read by the privacy officer, changed by nobody."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from vaern.audit.models import AuditEvent
from vaern.audit.words import SUBJECTS, action_name, subject_name
from vaern.cms.staff import LocalTimeMixin, StaffIndexView, StaffViewSet
from vaern.design.formats import format_clock, format_date


class AuditFilterSet(WagtailFilterSet):
    """What the log can be narrowed by: days, kind, and who."""

    at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Date"), widget=DateRangePickerWidget)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), method="of_kind", empty_label=gettext_lazy("All"), choices=[]
    )
    actor = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Who"), queryset=AuditEvent.objects.none(), empty_label=gettext_lazy("Everybody")
    )

    class Meta:
        model = AuditEvent
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = sorted(
            ((key, str(name)) for key, name in SUBJECTS.items()), key=lambda choice: choice[1]
        )
        # Staff and facilitators: those with an account that can do something.
        self.filters["actor"].queryset = (
            get_user_model().objects.filter(Q(groups__isnull=False) | Q(is_superuser=True)).distinct()
        )

    def of_kind(self, events: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        """Narrow to what was done to one kind of thing."""
        return events.filter(action__startswith=f"{value}.")


def when(event: AuditEvent) -> str:
    """Return the event's moment on Copenhagen's clock."""
    return f"{format_date(event.at, 'short')} {format_clock(event.at)}"


def who(event: AuditEvent) -> str:
    """Return who did it: a user by name, or that it was somebody without an account."""
    return str(event.actor) if event.actor else _("A link, or the system itself")


def facts_of(event: AuditEvent) -> str:
    """Return what else is known, as "seats: 24, by_staff: yes"."""
    return ", ".join(f"{name}: {_plain(value)}" for name, value in sorted(event.facts.items()))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return " ".join(_plain(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


class AuditIndexView(StaffIndexView):
    """Every event, the newest first."""

    template_name = "audit/admin/index.html"
    paginate_by = 50

    def get_base_queryset(self) -> QuerySet[AuditEvent]:
        """Read the users with the events."""
        return AuditEvent.objects.select_related("actor").order_by("-at", "-pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "at", label=_("When"), accessor=when, sort_key="at", get_url=self.get_inspect_url
            ),
            Column("action", label=_("What"), accessor=lambda event: action_name(event.action), sort_key="action"),
            Column("actor", label=_("Who"), accessor=who),
            Column("facts", label=_("More"), accessor=facts_of),
        ]


class AuditInspectView(LocalTimeMixin, generic.InspectView):
    """One event in full."""

    def get_page_subtitle(self) -> str:
        """Return what was done."""
        return action_name(self.object.action)

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return the event as (label, value); an empty value is left out."""
        event: AuditEvent = self.object
        facts = [
            (_("When"), when(event)),
            (_("What"), action_name(event.action)),
            (_("Code"), event.action),
            (_("Who"), who(event)),
            (_("Kind"), subject_name(event.subject_type)),
            (_("Number"), event.subject_key),
            *sorted((name, _plain(value)) for name, value in event.facts.items()),
        ]
        return [{"label": label, "value": value} for label, value in facts if value]


class AuditViewSet(StaffViewSet):
    """Reading the log."""

    model = AuditEvent
    name = "audit_log"
    url_prefix = "audit-log"
    icon = "history"
    menu_label = gettext_lazy("Audit log")
    menu_order = 860
    add_to_admin_menu = True
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    search_fields: ClassVar = ["action", "subject_key"]
    filterset_class = AuditFilterSet
    index_view_class = AuditIndexView
    inspect_view_class = AuditInspectView

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: there is no form, events are written by the verbs."""
        return
