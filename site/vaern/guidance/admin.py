"""Contacts and situations in Wagtail's admin. Nothing is deleted: what is not in use is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.snippets.views import snippets

from vaern.audit.admin import AuditedCreateView, AuditedEditView
from vaern.cms.staff import LocalTimeMixin, StaffIndexView, StaffViewSet
from vaern.design.formats import format_date, format_phone
from vaern.guidance.domain import mark_checked
from vaern.guidance.models import Contact, Situation
from vaern.guidance.queries import Gap, gaps
from vaern.guidance.rules import OVER_18

# -- how things are said ----------------------------------------------------------------------------------


def check_of(contact: Contact) -> str:
    """Return how it stands with the check of a number."""
    if not contact.in_use:
        return _("Not in use")
    if contact.last_checked_on is None:
        return _("Never checked")
    return _("Needs checking") if contact.is_overdue else _("Checked")


def gap_of(gap: Gap) -> str:
    """Return one gap in words: "acute, 18 and over (English)"."""
    age = _("18 and over") if gap.answer.age == OVER_18 else _("under 18")
    words = _("acute, %(age)s") % {"age": age} if gap.answer.acute else age
    return words if gap.language == "da" else _("%(what)s (English)") % {"what": words}


def cards_of(found: Sequence[Gap]) -> str:
    """Return whether every answer of a situation has a card that readers may see."""
    if not found:
        return _("All have a card")
    return _("General card for: %(answers)s") % {"answers": "; ".join(map(gap_of, found))}


# -- contacts ---------------------------------------------------------------------------------------------


class ContactFilterSet(WagtailFilterSet):
    """Find those that somebody has to ring."""

    check = django_filters.ChoiceFilter(
        label=gettext_lazy("Check"),
        method="by_check",
        choices=[("overdue", gettext_lazy("Needs checking")), ("unverified", gettext_lazy("To be confirmed"))],
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Contact
        fields: ClassVar = ["in_use"]

    def by_check(self, queryset: QuerySet[Contact], name: str, value: str) -> QuerySet[Contact]:
        """Narrow the list to what needs work."""
        if value == "unverified":
            return queryset.filter(unverified=True, in_use=True)
        return queryset & Contact.objects.overdue(timezone.localdate())


class PlainSnippetIndexView(StaffIndexView, snippets.IndexView):
    """A snippet's list with our search, and without bulk actions, which would record nothing."""

    def own_columns(self) -> list[Column]:
        """Return the columns."""
        raise NotImplementedError

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns without check boxes."""
        return [column for column in self.own_columns() if not isinstance(column, BulkActionsCheckboxColumn)]


class ContactIndexView(PlainSnippetIndexView):
    """The contacts, and when each was checked."""

    def own_columns(self) -> list[Column]:
        """Return name, number and check."""
        return [
            self._get_title_column_class(TitleColumn)(
                "name", label=_("Name"), accessor="name", sort_key="name_da", get_url=self.get_edit_url
            ),
            Column("phone", label=_("Telephone number"), accessor=lambda row: format_phone(row.phone)),
            Column(
                "checked",
                label=_("Last checked"),
                accessor=lambda row: format_date(row.last_checked_on, "short"),
                sort_key="last_checked_on",
            ),
            StatusTagColumn(
                "check", label=_("Check"), accessor=check_of, primary=lambda row: row.in_use and not row.is_overdue
            ),
            Column(
                "unverified",
                label=_("To be confirmed"),
                accessor=lambda row: _("Yes") if row.unverified else "",
                sort_key="unverified",
            ),
        ]

    def get_list_more_buttons(self, instance: Contact) -> list[Any]:
        """Add the way to say that the number was checked today."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.user_has_permission("change"):
            address = reverse("staff_contacts:checked", args=[quote(instance.pk)])
            buttons.append(MenuItem(_("Checked today"), url=address, icon_name="check", priority=15))
        return buttons


class ContactCreateView(AuditedCreateView, snippets.CreateView):
    """Adds a contact."""


class ContactEditView(AuditedEditView, snippets.EditView):
    """Changes a contact; a new number has not been checked, whatever the old one was."""

    def save_instance(self) -> Any:
        """Save the contact with its event."""
        if "phone" in self.form.changed_data:
            self.form.instance.last_checked_on = self.form.instance.checked_by = None
        return super().save_instance()


class ContactCheckedView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks whether the number was rung today, and takes the answer by POST."""

    model: Any = None  # the viewset names these
    index_url_name = ""
    permission_required = "change"
    template_name = "guidance/admin/checked.html"
    header_icon = "check"
    page_title = gettext_lazy("Checked today")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the contact."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(Contact, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Call the verb, and go back to the list."""
        contact = mark_checked(contact_id=self.object.pk, actor_id=request.user.pk, today=timezone.localdate())
        messages.success(request, _("“%(name)s” is checked today.") % {"name": contact.name})
        return redirect(reverse(self.index_url_name))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here: the list, and this page."""
        back = {"url": reverse(self.index_url_name), "label": _("Contacts")}
        return [*self.breadcrumbs_items, back, {"url": "", "label": _("Checked today")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the contact and the way back."""
        return super().get_context_data(contact=self.object, back=reverse(self.index_url_name), **kwargs)


class PlainSnippetViewSet(StaffViewSet, snippets.SnippetViewSet):
    """A snippet, so that pages can choose it, on the terms of our staff screens."""


class ContactViewSet(PlainSnippetViewSet):
    """Whom to call."""

    model = Contact
    url_namespace = "staff_contacts"
    url_prefix = "contacts"
    icon = "mobile-alt"
    menu_label = gettext_lazy("Contacts")
    search_fields: ClassVar = ["name_da", "name_en", "organisation_da", "phone"]
    filterset_class = ContactFilterSet
    index_view_class = ContactIndexView
    add_view_class = ContactCreateView
    edit_view_class = ContactEditView
    inspect_view_enabled = False
    add_to_reference_index = True

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the page that takes a check."""
        checked = self.construct_view(ContactCheckedView)
        return [*super().get_urlpatterns(), path("checked/<int:pk>/", checked, name="checked")]


# -- situations -------------------------------------------------------------------------------------------


class SituationIndexView(PlainSnippetIndexView):
    """The choices of "Er du bekymret?", and whether each leads to cards of its own."""

    @cached_property
    def gaps(self) -> dict[int, list[Gap]]:
        """Return the gaps of all situations: there are a dozen, and it takes four queries for any number."""
        return gaps(Situation.objects.all())

    def own_columns(self) -> list[Column]:
        """Return what readers see, and the cards."""
        return [
            self._get_title_column_class(TitleColumn)(
                "title",
                label=_("What the reader sees"),
                accessor="title",
                sort_key="title_da",
                get_url=self.get_edit_url,
            ),
            Column("position", label=_("Order"), accessor="position", sort_key="position"),
            StatusTagColumn(
                "in_use",
                label=_("Status"),
                accessor=lambda row: _("In use") if row.in_use else _("Not in use"),
                primary=lambda row: row.in_use,
            ),
            Column("cards", label=_("Cards"), accessor=lambda row: cards_of(self.gaps[row.pk])),
        ]


class _WarningMixin:
    """Says after saving which answers have no card of their own."""

    request: HttpRequest
    form: Any

    def save_instance(self) -> Any:
        """Save, and warn."""
        instance = super().save_instance()  # type: ignore[misc]
        found = gaps([instance])[instance.pk]
        if found:
            messages.warning(self.request, cards_of(found))
        return instance


class SituationCreateView(_WarningMixin, AuditedCreateView, snippets.CreateView):
    """Adds a situation."""


class SituationEditView(_WarningMixin, AuditedEditView, snippets.EditView):
    """Changes a situation."""


class SituationViewSet(PlainSnippetViewSet):
    """What readers choose from."""

    model = Situation
    url_namespace = "staff_situations"
    url_prefix = "situations"
    icon = "help"
    menu_label = gettext_lazy("Situations")
    search_fields: ClassVar = ["title_da", "title_en"]
    index_view_class = SituationIndexView
    add_view_class = SituationCreateView
    edit_view_class = SituationEditView
    inspect_view_enabled = False
    add_to_reference_index = True


class GuidanceGroup(snippets.SnippetViewSetGroup):
    """What an editor keeps beside the pages of guidance."""

    menu_label = gettext_lazy("Guidance")
    menu_name = "guidance"
    menu_icon = "mobile-alt"
    menu_order = 260
    items = (ContactViewSet, SituationViewSet)
