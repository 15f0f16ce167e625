"""The staff screens for school holidays."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from vaern.audit.admin import AuditedCreateView, AuditedEditView
from vaern.cms.staff import DayField, StaffIndexView, StaffViewSet
from vaern.design.formats import format_date
from vaern.schooldays.models import SchoolHoliday


class SchoolHolidayForm(forms.ModelForm):
    """Name, days and where they are from."""

    class Meta:
        model = SchoolHoliday
        fields: ClassVar = ["name_da", "name_en", "school_year", "first_day", "last_day", "source"]
        field_classes: ClassVar = {"first_day": DayField, "last_day": DayField}


class SchoolHolidayIndexView(StaffIndexView):
    """All school holidays, the newest first."""

    default_ordering = "-first_day"

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "name_da", label=_("Name"), accessor="name", sort_key="name_da", get_url=self.get_edit_url
            ),
            Column("school_year", label=_("School year"), sort_key="school_year"),
            Column(
                "first_day",
                label=_("First day"),
                accessor=lambda row: format_date(row.first_day, "plain"),
                sort_key="first_day",
            ),
            Column("last_day", label=_("Last day"), accessor=lambda row: format_date(row.last_day, "plain")),
            Column("source", label=_("Source")),
        ]


class SchoolHolidayViewSet(StaffViewSet):
    """Entering and correcting school holidays; deadlines of sessions that are planned or moved follow them."""

    model = SchoolHoliday
    name = "staff_school_holidays"
    url_prefix = "school-holidays"
    icon = "date"
    menu_label = _("School holidays")
    inspect_view_enabled = False
    search_fields: ClassVar = ["name_da", "name_en", "school_year"]
    index_view_class = SchoolHolidayIndexView
    add_view_class = AuditedCreateView
    edit_view_class = AuditedEditView
    menu_order = 160
    add_to_admin_menu = True

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        """Return the form."""
        return SchoolHolidayForm
