"""Two reports: reviews of all pages, and what the checks find in them."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.coreutils import get_content_type_label
from wagtail.models import Page

from vaern.editors.queries import may_edit_pages, own_page_models, with_review
from vaern.editors.rules import SOON, review_state
from vaern.pages.checks.service import check_pages
from vaern.people.models import User

STATES = {
    "overdue": _("Overdue"),
    "due": _("Due within 30 days"),
    "undated": _("Without a review date"),
    "nobody": _("Without a responsible person"),
}


def page_types(request: HttpRequest) -> QuerySet[ContentType]:
    """Return the content types of our pages."""
    numbers = [content_type.pk for content_type in ContentType.objects.get_for_models(*own_page_models()).values()]
    return ContentType.objects.filter(pk__in=numbers).order_by("model")


class _TypeFilter(django_filters.ModelChoiceFilter):
    """A page type by its name."""

    class field_class(django_filters.fields.ModelChoiceField):
        """Names the type as editors know it."""

        def label_from_instance(self, obj: Any) -> str:
            return str(get_content_type_label(obj))


class ReviewFilterSet(WagtailFilterSet):
    """Which reviews."""

    state = django_filters.ChoiceFilter(label=_("Review"), choices=list(STATES.items()), method="by_state")
    mine = django_filters.ChoiceFilter(label=_("Only mine"), choices=[("on", _("Yes"))], method="by_me")
    responsible = django_filters.ModelChoiceFilter(
        label=_("Responsible"),
        queryset=lambda request: (
            User.objects.filter(is_active=True, groups__permissions__codename="access_admin")
            .distinct()
            .order_by("email")
        ),
        method="by_responsible",
    )
    content_type = _TypeFilter(label=_("Type"), queryset=page_types)

    class Meta:
        model = Page
        fields: ClassVar = ["state", "mine", "responsible", "content_type"]

    def by_state(self, pages: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        """Keep the pages in one state of review."""
        today = timezone.localdate()
        chosen = {
            "overdue": Q(review_day__lt=today),
            "due": Q(review_day__gte=today, review_day__lte=today + SOON),
            "undated": Q(review_day__isnull=True),
            "nobody": Q(responsible_user__isnull=True),
        }
        return pages.filter(chosen[value])

    def by_me(self, pages: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        """Keep the user's own."""
        return pages.filter(responsible_user=self.request.user.pk) if value else pages

    def by_responsible(self, pages: QuerySet[Page], name: str, value: User) -> QuerySet[Page]:
        """Keep one person's."""
        return pages.filter(responsible_user=value.pk)


class EditorsReport(ReportView):
    """A report for everybody who edits pages."""

    model = Page
    paginate_by = 50

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse others (403)."""
        if not may_edit_pages(request.user) and not request.user.has_perm("editors.approve_guidance"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]


def _day(day: dt.date | None) -> str:
    return date_format(day, "j. F Y") if day else ""


class ConfirmColumn(Column):
    """The button "Reviewed today": a form of its own, since it changes something."""

    cell_template_name = "editors/admin/confirm_cell.html"


class ReviewReport(EditorsReport):
    """When each page is to be reviewed, by whom, and a button to say that it has been."""

    page_title = _("Reviews")
    header_icon = "calendar-check"
    index_url_name = "editors_reviews"
    index_results_url_name = "editors_reviews_results"
    filterset_class = ReviewFilterSet
    default_ordering = "review_day"
    columns: ClassVar = [
        TitleColumn("title", label=_("Page"), accessor="title", url_name="wagtailadmin_pages:edit"),
        Column("language", label=_("Language"), accessor=lambda page: page.locale.get_display_name()),
        Column("review_day", label=_("Review on"), accessor=lambda page: _day(page.review_day)),
        Column("review_status", label=_("State"), accessor=lambda page: page.review_status),
        Column("person", label=_("Responsible"), accessor=lambda page: page.responsible_name),
        ConfirmColumn("confirm", label=_("Reviewed")),
    ]
    list_export: ClassVar = ["title", "full_url", "review_day", "review_status", "responsible_name"]
    export_headings: ClassVar = {
        "title": _("Page"),
        "full_url": _("Address"),
        "review_day": _("Review on"),
        "review_status": _("State"),
        "responsible_name": _("Responsible"),
    }

    def get_queryset(self) -> Any:
        """Return the public pages, the most overdue first, those without a date last."""
        return with_review().live().select_related("locale", "content_type").order_by("review_day", "title", "pk")

    def get_base_queryset(self) -> Any:
        """Return the same rows to Wagtail's newer listing views."""
        return self.get_queryset()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Add the state in words and the person's name; one query."""
        return self._decorated(object_list)

    def _decorated(self, object_list: Any) -> list[Any]:
        pages = list(object_list)
        people = {user.pk: user for user in User.objects.filter(pk__in={page.responsible_user for page in pages})}
        today = timezone.localdate()
        for page in pages:
            state = review_state(page.review_day, today) or ("" if page.review_day else "undated")
            page.review_status = str(STATES.get(state, _("In order")))
            person = people.get(page.responsible_user)
            page.responsible_name = (person.get_full_name() or person.email) if person else ""
        return pages

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        """Let an exported row have what a shown row has."""
        if self.is_export:
            context["object_list"] = self._decorated(context["object_list"])
        return super().render_to_response(context, **kwargs)


class CheckFilterSet(WagtailFilterSet):
    """Which pages."""

    content_type = _TypeFilter(label=_("Type"), queryset=page_types)

    class Meta:
        model = Page
        fields: ClassVar = ["content_type"]


class FindingsColumn(Column):
    """All that was found in a page."""

    cell_template_name = "editors/admin/findings_cell.html"


class CheckReport(EditorsReport):
    """What the checks find in the public pages."""

    page_title = _("Content check")
    header_icon = "glasses"
    index_url_name = "editors_checks"
    index_results_url_name = "editors_checks_results"
    filterset_class = CheckFilterSet
    columns: ClassVar = [
        TitleColumn("title", label=_("Page"), accessor="title", url_name="wagtailadmin_pages:edit"),
        Column("language", label=_("Language"), accessor=lambda page: page.locale.get_display_name()),
        FindingsColumn("findings", label=_("Remarks")),
    ]
    list_export: ClassVar = ["title", "full_url", "findings_text"]
    export_headings: ClassVar = {"title": _("Page"), "full_url": _("Address"), "findings_text": _("Remarks")}

    def get_queryset(self) -> Any:
        """Return the public pages in the order of the tree."""
        return (
            Page.objects.live()
            .filter(depth__gt=1, content_type__in=page_types(self.request))
            .select_related("locale")
            .order_by("path")
        )

    def get_base_queryset(self) -> Any:
        """Return the same rows to Wagtail's newer listing views."""
        return self.get_queryset()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Check the pages of this screen: a query for each page type, and the look-ups once."""
        return self._checked(object_list)

    def _checked(self, object_list: Any) -> list[Any]:
        rows = list(object_list)
        found = {page.pk: page for page in Page.objects.filter(pk__in=[row.pk for row in rows]).specific()}
        # The table has been made of these very rows, so they carry what is found.
        for row, findings in zip(rows, check_pages(found[row.pk] for row in rows), strict=True):
            row.findings = findings
            row.findings_text = "\n".join(map(str, findings))
        return rows

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        """Let an exported row have what a shown row has."""
        if self.is_export:
            context["object_list"] = self._checked(context["object_list"])
        return super().render_to_response(context, **kwargs)
