"""The staff screen of urgent messages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from vaern.audit.admin import AuditedCreateView, AuditedEditView
from vaern.cms.staff import LocalTimeMixin, MomentField, StaffViewSet
from vaern.pages.checks.rules import looks_like_cpr
from vaern.pages.urgent import UrgentMessage


class UrgentMessageForm(forms.ModelForm):
    """A message in both languages, with the moments between which it is shown."""

    starts_at = MomentField(label=_("shown from"), help_text=_("On a whole minute."))
    ends_at = MomentField(label=_("shown until"), help_text=_("On a whole minute. It disappears by itself."))

    class Meta:
        model = UrgentMessage
        fields: ClassVar = ["level", "text_da", "text_en", "link_url", "starts_at", "ends_at"]

    def clean(self) -> dict[str, Any]:
        """Refuse what looks like a CPR number (domain.md §8)."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("text_da", "text_en"):
            if looks_like_cpr(cleaned.get(name, "")):
                self.add_error(name, _("This looks like a CPR number. Take it out: Værn never holds them."))
        return cleaned


class UrgentCreateView(LocalTimeMixin, AuditedCreateView):
    """Adds a message."""


class UrgentEditView(LocalTimeMixin, AuditedEditView):
    """Changes a message; to end it now, set its end to now."""


class UrgentMessageViewSet(StaffViewSet):
    """Urgent messages. They are ended, not deleted."""

    model = UrgentMessage
    icon = "warning"
    name = "urgent_messages"
    url_namespace = "urgent_messages"
    url_prefix = "vigtige-beskeder"
    menu_label = _("Urgent messages")
    menu_order = 250
    add_to_admin_menu = True
    add_view_class = UrgentCreateView
    edit_view_class = UrgentEditView
    search_fields: ClassVar = ["text_da", "text_en"]
    list_display: ClassVar = [
        TitleColumn("text_da", label=_("Text"), accessor="text", url_name="urgent_messages:edit"),
        Column("level", label=_("Level"), accessor="get_level_display"),
        Column("starts_at", label=_("Shown from"), sort_key="starts_at"),
        Column("ends_at", label=_("Shown until"), sort_key="ends_at"),
        BooleanColumn("is_shown", label=_("Shown now")),
    ]
    list_filter: ClassVar = ["level"]
    inspect_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return our form, for a new row and an old one alike."""
        return UrgentMessageForm
