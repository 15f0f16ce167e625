"""The editors' inbox: read, mark, count."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from vaern.cms.staff import LocalTimeMixin, StaffIndexView, StaffViewSet
from vaern.feedback.domain import mark
from vaern.feedback.models import Feedback
from vaern.feedback.queries import tallies


class MarkForm(forms.ModelForm):
    """The only thing that an editor changes: the mark."""

    class Meta:
        model = Feedback
        fields: ClassVar = ["state"]


class InboxView(StaffIndexView):
    """What readers have said, the newest first."""

    def get_base_queryset(self) -> QuerySet[Feedback]:
        """Return the answers with their pages."""
        found: QuerySet[Feedback] = super().get_base_queryset().select_related("page")
        return found


class MarkView(LocalTimeMixin, generic.EditView):
    """Shows an answer whole, and marks it."""

    template_name = "feedback/admin/mark.html"

    def save_instance(self) -> Feedback:
        """Mark it by the verb, which records it."""
        return mark(feedback_id=self.object.pk, state=self.form.cleaned_data["state"], actor_id=self.request.user.pk)


class TallyView(WagtailAdminTemplateMixin, TemplateView):
    """Yes and no for each page."""

    template_name = "feedback/admin/tally.html"
    header_icon = "comment"
    page_title = _("Answers by page")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the counts, fifty pages at a time. Raises PermissionDenied for those who do not read feedback."""
        if not self.request.user.has_perm("feedback.view_feedback"):
            raise PermissionDenied
        rows = Paginator(tallies(), 50).get_page(self.request.GET.get("p"))
        return super().get_context_data(rows=rows, **kwargs)


class FeedbackViewSet(StaffViewSet):
    """The inbox."""

    model = Feedback
    icon = "comment"
    name = "feedback"
    url_namespace = "feedback"
    url_prefix = "laesernes-svar"
    menu_label = _("Feedback")
    menu_order = 260
    add_to_admin_menu = True
    without = frozenset({"add", "delete", "history", "usage"})
    inspect_view_enabled = False
    index_view_class = InboxView
    edit_view_class = MarkView
    search_fields: ClassVar = ["text", "page__title"]
    list_filter: ClassVar = ["state", "useful"]
    list_display: ClassVar = [
        TitleColumn("page", label=_("Page"), accessor=lambda row: row.page.title, url_name="feedback:edit"),
        Column("useful", label=_("Answer"), accessor=lambda row: _("Yes") if row.useful else _("No")),
        Column("text", label=_("Text")),
        Column("state", label=_("State"), accessor="get_state_display"),
        DateColumn("received_at", label=_("Received"), sort_key="received_at"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return our form, for a new row and an old one alike."""
        return MarkForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the counts."""
        return [path("sider/", TallyView.as_view(), name="tally"), *super().get_urlpatterns()]
