"""The list of materials with their downloads, one material's report, and withdrawing a version."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from materials.admin.forms import WithdrawForm
from materials.admin.policies import WITHDRAW, AsMaterial
from materials.domain.versions import NothingToDo, bring_back, withdraw
from materials.models import MaterialPage, MaterialVersion, StoredFile
from materials.queries import downloads, downloads_by_file, downloads_by_material
from vaern.audit.admin import AuditedCreateView
from vaern.cms.staff import DayField, LocalTimeMixin, StaffIndexView
from vaern.design.formats import format_date


class PeriodForm(forms.Form):
    """From when to when downloads are counted; both days are optional."""

    first = DayField(label=gettext_lazy("From"), required=False)
    last = DayField(label=gettext_lazy("To"), required=False)


class MaterialIndexView(AsMaterial, StaffIndexView):
    """Every material with its current version, and how often its files were fetched in the period."""

    def get_base_queryset(self) -> Any:
        """Read languages and versions with the materials."""
        return MaterialPage.objects.select_related("locale").prefetch_related("versions").order_by("title", "pk")

    @cached_property
    def downloads(self) -> dict[int, int]:
        """Return the downloads of the period by material; one query for the whole list."""
        form = self.filters.form if self.filters else None
        period = form.cleaned_data.get("period") if form is not None and form.is_valid() else None
        days = (
            [edge.date() if isinstance(edge, dt.datetime) else edge for edge in (period.start, period.stop)]
            if period
            else []
        )
        first, last = days or (None, None)
        return downloads_by_material(downloads(first=first, last=last))

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "title", label=_("Title"), sort_key="title", get_url=self.get_inspect_url
            ),
            Column("language", label=_("Language"), accessor=lambda page: page.locale.get_display_name()),
            Column("audience", label=_("For whom"), accessor="get_audience_display", sort_key="audience"),
            Column("version", label=_("Version"), accessor=version_text),
            StatusTagColumn(
                "state", label=_("State"), accessor=state_text, primary=lambda page: page.live and bool(current(page))
            ),
            NumberColumn("downloads", label=_("Downloads"), accessor=lambda page: self.downloads.get(page.pk, 0)),
        ]


def current(page: MaterialPage) -> MaterialVersion | None:
    """Return the version that readers meet first."""
    return next((version for version in page.versions.all() if version.is_current), None)


def version_text(page: MaterialPage) -> str:
    """Return "2 (24. november 2026)", or nothing."""
    version = current(page)
    return f"{version.number} ({format_date(version.published_at, 'plain')})" if version else ""


def state_text(page: MaterialPage) -> str:
    """Return whether readers can get it."""
    if not page.live:
        return _("Draft")
    if current(page):
        return _("Published")
    return _("Withdrawn") if page.versions.all() else _("Draft")


class MaterialReportView(AsMaterial, LocalTimeMixin, generic.InspectView):
    """One material: its versions, their files, and how often each was fetched in the period."""

    template_name = "materials/admin/report.html"
    page_title = gettext_lazy("Versions and downloads")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Return the ways to the page itself."""
        edit = reverse("wagtailadmin_pages:edit", args=[self.object.pk])
        buttons = [HeaderButton(_("Edit the material"), url=edit, icon_name="edit", priority=1)]
        if self.object.live:
            buttons.append(HeaderButton(_("See the page"), url=self.object.url, icon_name="view", priority=2))
        return buttons

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return nothing: the template shows versions instead of fields."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the versions with their files and numbers."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        period = PeriodForm(self.request.GET)
        days = period.cleaned_data if period.is_valid() else {}
        numbers = downloads_by_file(downloads(first=days.get("first"), last=days.get("last")), self.object.pk)
        versions = self.object.versions.prefetch_related("files__stored").order_by("-number")
        rows = [
            {
                "version": version,
                "files": [(file, numbers.get(file.pk, 0)) for file in version.files.all()],
                "total": sum(numbers.get(file.pk, 0) for file in version.files.all()),
            }
            for version in versions
        ]
        return {
            **context,
            "rows": rows,
            "total": sum(row["total"] for row in rows),
            "period": period,
            "media": context.get("media", forms.Media()) + period.media,
            "may_withdraw": self.request.user.has_perm(WITHDRAW),
        }


class VersionActionView(AsMaterial, LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A page that asks before it changes a version by POST."""

    model = MaterialPage
    permission_required = "withdraw"
    index_url_name = ""
    inspect_url_name = ""
    template_name = "materials/admin/version_action.html"
    form_class: type[forms.Form] = forms.Form
    button: Any = ""
    text: Any = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the version."""
        super().setup(request, *args, **kwargs)
        self.version = get_object_or_404(MaterialVersion.objects.select_related("material"), pk=self.kwargs["pk"])

    def act(self, form: forms.Form) -> str:
        """Do it and return what to say."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Call the verb; somebody else may have been first."""
        try:
            messages.success(self.request, self.act(form))
        except NothingToDo:
            messages.warning(self.request, _("That had been done already."))
        return redirect(self.back())

    def back(self) -> str:
        """Return the material's report."""
        return reverse(self.inspect_url_name, args=[self.version.material_id])

    def get_page_subtitle(self) -> str:
        """Return what it is about."""
        return _("%(title)s, version %(number)s") % {
            "title": self.version.content["title"],
            "number": self.version.number,
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(str(self.model._meta.verbose_name_plural))},
            {"url": self.back(), "label": self.version.material.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "button": self.button, "text": self.text, "back": self.back()}


class WithdrawView(VersionActionView):
    """Withdraws a version."""

    page_title = gettext_lazy("Withdraw the version")
    form_class = WithdrawForm
    button = gettext_lazy("Yes, withdraw the version")
    text = gettext_lazy(
        "The version's address will say that it has been withdrawn and why, and its files can no longer be fetched. "
        "The newest of the other versions becomes the current one; without any, the whole material is withdrawn."
    )

    def act(self, form: forms.Form) -> str:
        """Withdraw it."""
        withdraw(
            version_id=self.version.pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            actor_id=self.request.user.pk,
        )
        return _("The version is withdrawn.")


class BringBackView(VersionActionView):
    """Undoes a withdrawal."""

    page_title = gettext_lazy("Bring the version back")
    button = gettext_lazy("Yes, bring the version back")
    text = gettext_lazy("The version and its files can be read again.")

    def act(self, form: forms.Form) -> str:
        """Bring it back."""
        bring_back(version_id=self.version.pk, actor_id=self.request.user.pk)
        return _("The version can be read again.")


class StoredFileIndexView(StaffIndexView):
    """The files that editors have uploaded, the newest first."""

    def get_base_queryset(self) -> Any:
        """Leave out what the site made itself."""
        return StoredFile.objects.filter(generated=False)

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns; the title fetches the file."""
        return [
            self._get_title_column_class(TitleColumn)(
                "title",
                label=_("Title"),
                sort_key="title",
                get_url=lambda row: reverse("material_files:fetch", args=[row.pk]),
            ),
            Column("name", label=_("File name"), accessor="name"),
            NumberColumn("size", label=_("Size in kB"), accessor=lambda row: max(1, row.size // 1024)),
            DateColumn("created_at", label=_("Uploaded"), sort_key="created_at"),
        ]


class StoredFileCreateView(AuditedCreateView):
    """Uploads a file; there is nothing to edit afterwards, so the message leads nowhere."""

    def get_success_buttons(self) -> list[Any]:
        """Return nothing."""
        return []

    def get_edit_url(self) -> None:
        """Return nothing."""
        return


class FetchView(PermissionCheckedMixin, View):
    """Hands an editor a file that readers may not see yet."""

    model = StoredFile
    permission_required = "view"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """Return the file as a download."""
        stored = get_object_or_404(StoredFile, pk=pk)
        response = FileResponse(stored.file.open("rb"), as_attachment=True, filename=stored.name)
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
