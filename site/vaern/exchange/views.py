"""The screens "Import and export" in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from bookings.admin import words
from bookings.domain.locking import Busy
from vaern.cms.staff import LocalTimeMixin
from vaern.exchange.datasets import DATASETS, Dataset, datasets_of
from vaern.exchange.exporting import AT_ONCE, LIVES, export_at_once, filename_of, order_export, parts_of, rows_in
from vaern.exchange.forms import ExportForm, UploadForm
from vaern.exchange.importers import IMPORTERS, Importer, importers_of
from vaern.exchange.importing import Outdated, confirm, preview_of, receive
from vaern.exchange.models import ExportFile, ImportBatch, Progress
from vaern.exchange.tables import template_file
from vaern.exchange.writers import CONTENT_TYPES
from vaern.people.schoolfile import UnreadableFile

RECENT = 10
SHOWN = 100


def sees_anything(user: Any) -> bool:
    """Say whether there is anything here for the user."""
    return bool(datasets_of(user) or importers_of(user))


class ExchangeMixin(LocalTimeMixin, WagtailAdminTemplateMixin):
    """What the screens share: the way here, and that nobody else's browser keeps them."""

    request: HttpRequest
    header_icon = "upload"
    page_title: Any = gettext_lazy("Import and export")
    index_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        home = {"url": reverse("exchange"), "label": _("Import and export")}
        return [*self.breadcrumbs_items, home, {"url": "", "label": self.get_page_title()}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and let no cache keep it."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response


class IndexView(ExchangeMixin, TemplateView):
    """What can be taken out and in, and the files of the last day."""

    template_name = "exchange/admin/index.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Raise PermissionDenied for those for whom nothing is here."""
        user: Any = self.request.user
        if not sees_anything(user):
            raise PermissionDenied
        files = ExportFile.objects.filter(ordered_by=user)[:RECENT]
        batches = ImportBatch.objects.filter(sent_by=user)[:RECENT]
        return super().get_context_data(
            datasets=[(dataset, reverse(f"exchange_export_{dataset.key}")) for dataset in datasets_of(user)],
            importers=[(importer, reverse(f"exchange_import_{importer.key}")) for importer in importers_of(user)],
            files=[(file, DATASETS[file.dataset].title) for file in files if file.dataset in DATASETS],
            batches=[(batch, IMPORTERS[batch.kind].title) for batch in batches if batch.kind in IMPORTERS],
            **kwargs,
        )


class ExportView(ExchangeMixin, FormView):
    """Takes one list out: at once when it is small, by the worker when it is large."""

    template_name = "exchange/admin/export.html"
    form_class = ExportForm
    dataset = ""
    header_icon = "download"

    @cached_property
    def found(self) -> Dataset:
        """Return the list. Raises PermissionDenied for those who may not see it."""
        found = DATASETS[self.dataset]
        if not found.allowed(self.request.user):
            raise PermissionDenied
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let nobody else in."""
        self.request = request
        self.page_title = _("Export: %(list)s") % {"list": self.found.title}
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the list."""
        return {**super().get_form_kwargs(), "dataset": self.found}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "dataset": self.found, "at_once": AT_ONCE}

    def form_valid(self, form: ExportForm) -> HttpResponse:
        """Hand the file out, or put it in line."""
        user: Any = self.request.user
        kind = form.cleaned_data["form"]
        if rows_in(self.found, user, form.period) > AT_ONCE:
            order = order_export(dataset=self.found, form=kind, period=form.period, user=user)
            return redirect("exchange_file", uuid=order.uuid)
        content = export_at_once(dataset=self.found, form=kind, period=form.period, user=user)
        name = filename_of(self.found, kind, timezone.localdate())
        answer: HttpResponse = _attached(HttpResponse(content), name, kind)
        return answer


def _attached(response: Any, name: str, kind: str) -> Any:
    response["Content-Type"] = CONTENT_TYPES[kind]
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _own_file(request: HttpRequest, uuid: Any) -> ExportFile:
    """Return the user's own file; another's looks like one that does not exist. Asks again whether it is allowed.

    Raises PermissionDenied for those who take nothing out.
    """
    if not datasets_of(request.user):
        raise PermissionDenied
    order = get_object_or_404(ExportFile, uuid=uuid, ordered_by=request.user.pk or 0)
    if order.dataset not in DATASETS or not DATASETS[order.dataset].allowed(request.user):
        raise Http404
    return order


class FileView(ExchangeMixin, TemplateView):
    """How far a file is; the page is asked again by a script, or by its button."""

    template_name = "exchange/admin/file.html"
    header_icon = "download"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read the file's state."""
        order = _own_file(self.request, self.kwargs["uuid"])
        self.page_title = _("Export: %(list)s") % {"list": DATASETS[order.dataset].title}
        return super().get_context_data(
            file=order,
            in_hand=order.state in {Progress.WAITING, Progress.WORKING},
            lives_until=timezone.localtime(order.ordered_at) + LIVES,
            **{name: value for name, value in kwargs.items() if name != "uuid"},
        )


@require_safe
def fetch(request: HttpRequest, uuid: Any) -> StreamingHttpResponse:
    """Hand a file out that is ready, a part at a time."""
    order = _own_file(request, uuid)
    if order.state != Progress.DONE:
        raise Http404
    name = filename_of(DATASETS[order.dataset], order.form, timezone.localdate(order.ordered_at))
    response = _attached(StreamingHttpResponse(parts_of(order)), name, order.form)
    response["Content-Length"] = str(order.size)
    answer: StreamingHttpResponse = response
    return answer


class ImportView(ExchangeMixin, FormView):
    """Takes a file and looks it through; nothing is written yet."""

    template_name = "exchange/admin/import.html"
    form_class = UploadForm
    importer = ""

    @cached_property
    def found(self) -> Importer:
        """Return the kind of file. Raises PermissionDenied for those who may not take it in."""
        found = IMPORTERS[self.importer]
        if not found.allowed(self.request.user):
            raise PermissionDenied
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let nobody else in."""
        self.request = request
        self.page_title = _("Import: %(list)s") % {"list": self.found.title}
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the kind of file and its columns."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "importer": self.found}

    def form_valid(self, form: UploadForm) -> HttpResponse:
        """Look the file through and show what it would do."""
        file = form.cleaned_data["file"]
        try:
            batch = receive(importer=self.found, name=file.name, content=file.read(), user=self.request.user)
        except UnreadableFile as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        return redirect("exchange_batch", uuid=batch.uuid)


@require_safe
def template(request: HttpRequest, importer: str, form: str) -> HttpResponse:
    """Hand out an empty file with the columns, and a row of examples."""
    found = IMPORTERS[importer]
    if not found.allowed(request.user):
        raise PermissionDenied
    content = template_file(found.columns, form)
    response: HttpResponse = _attached(HttpResponse(content), f"vaern-skabelon-{importer}.{form}", form)
    return response


class BatchView(ExchangeMixin, TemplateView):
    """What a file would do, row by row; sent, it does it."""

    template_name = "exchange/admin/batch.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in only those who take files in; to them another's file looks like one that does not exist."""
        if not importers_of(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def batch(self) -> ImportBatch:
        """Return the user's own file; another's looks like one that does not exist."""
        found = get_object_or_404(ImportBatch, uuid=self.kwargs["uuid"], sent_by=self.request.user.pk or 0)
        if found.kind not in IMPORTERS or not IMPORTERS[found.kind].allowed(self.request.user):
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the file and a page of what was found when it was looked through; nothing is read anew."""
        batch = self.batch
        importer = IMPORTERS[batch.kind]
        self.page_title = _("Import: %(list)s") % {"list": importer.title}
        seen = batch.state == ImportBatch.State.SEEN
        preview = preview_of(batch) if seen else None
        kinds = ("error", "new", "changed", "unchanged")
        chosen = self.request.GET.get("vis", "")
        rows = preview.shown(chosen if chosen in kinds else "") if preview else []
        return super().get_context_data(
            batch=batch,
            importer=importer,
            preview=preview,
            kind=chosen if chosen in kinds else "",
            rows=Paginator(rows, SHOWN).get_page(self.request.GET.get("p")),
            in_hand=batch.state in {ImportBatch.State.WAITING, ImportBatch.State.WORKING},
            **{name: value for name, value in kwargs.items() if name != "uuid"},
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the file in, as a whole or not at all."""
        try:
            done = confirm(batch=self.batch)
        except Outdated:
            messages.error(request, _("Nothing was written: the file no longer fits what is here. Look it through."))
        except Busy:
            messages.error(request, words.busy())
        else:
            if done:
                messages.success(request, _("The file is taken in."))
        return redirect("exchange_batch", uuid=self.batch.uuid)
