"""The staff screens for the rules of deadlines."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn

from bookings.models import DeadlineRule
from courses.models import WorkshopPage
from vaern.audit.admin import AuditedCreateView, AuditedEditView
from vaern.cms.staff import StaffIndexView, StaffViewSet


class DeadlineRuleForm(forms.ModelForm):
    """A rule. It holds for sessions that are planned or moved from now on."""

    class Meta:
        model = DeadlineRule
        fields: ClassVar = [
            "workshop",
            "close_days",
            "close_clock",
            "cancel_days",
            "cancel_clock",
            "reminder_days",
            "note",
        ]
        help_texts: ClassVar = {
            "close_clock": gettext_lazy("A time of day, e.g. 12:00."),
            "cancel_clock": gettext_lazy("A time of day, e.g. 12:00."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workshop = self.fields["workshop"]
        if isinstance(workshop, forms.ModelChoiceField):
            workshop.queryset = WorkshopPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).order_by(
                "title"
            )
            workshop.empty_label = _("All workshops")
            workshop.widget.attrs["class"] = "w-w-full"
        if self.instance.pk:
            workshop.disabled = True  # a rule for something else is another rule


class DeadlineRuleIndexView(StaffIndexView):
    """The rule for all, and the exceptions."""

    def get_base_queryset(self) -> Any:
        """Read the workshops with the rules."""
        return DeadlineRule.objects.select_related("workshop")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "workshop", label=_("Workshop"), accessor=str, get_url=self.get_edit_url
            ),
            NumberColumn("close_days", label=_("Closes, working days before"), sort_key="close_days"),
            NumberColumn("cancel_days", label=_("Cancel until, working days before"), sort_key="cancel_days"),
            NumberColumn("reminder_days", label=_("Reminder, days before"), sort_key="reminder_days"),
            Column("note", label=_("Note")),
        ]


class DeadlineRuleViewSet(StaffViewSet):
    """Deadlines that sessions get when they are planned or moved."""

    model = DeadlineRule
    name = "staff_deadline_rules"
    url_prefix = "deadline-rules"
    icon = "time"
    menu_label = gettext_lazy("Deadlines")
    inspect_view_enabled = False
    search_fields: ClassVar = ["workshop__title", "note"]
    index_view_class = DeadlineRuleIndexView
    add_view_class = AuditedCreateView
    edit_view_class = AuditedEditView

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        """Return the form."""
        return DeadlineRuleForm
