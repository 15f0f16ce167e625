"""The staff screens: finding certificates, revoking and replacing them, and the settings."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from bookings.admin import words
from bookings.presence import Presence
from vaern.audit.admin import AuditedEditView
from vaern.certificates.domain.ending import NothingToDo, replace, revoke
from vaern.certificates.domain.issuing import print_missing
from vaern.certificates.forms import ReplaceForm, RevokeForm
from vaern.certificates.models import Certificate, CertificateSettings
from vaern.certificates.printout import certificate_html, verify_address
from vaern.certificates.queries import holders_of
from vaern.certificates.rules import Standing, standing
from vaern.certificates.views import pdf_response
from vaern.cms.staff import LocalTimeMixin, ReadOnlyPolicy, StaffIndexView, StaffViewSet
from vaern.design.formats import format_date
from vaern.pdf.press import PdfUnavailable, make_pdfs

logger = logging.getLogger(__name__)
REVOKE = "certificates.revoke_certificate"
STANDINGS: dict[Standing, str | Promise] = {
    Standing.VALID: gettext_lazy("Valid"),
    Standing.EXPIRED: gettext_lazy("Expired"),
    Standing.REVOKED: gettext_lazy("Revoked"),
    Standing.REPLACED: gettext_lazy("Replaced"),
}


class CertificatePolicy(ReadOnlyPolicy):
    """Verbs write certificates; staff see them, and may revoke or replace one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may see or revoke certificates."""
        return bool(user.has_perm(REVOKE)) if action == "revoke" else super().user_has_permission(user, action)


def standing_of(row: Any) -> Standing:
    """Return how a row of the list stands; `has_another` is annotated."""
    return standing(
        ended=row.ended_at is not None, replaced=row.has_another, last_day=row.last_day, today=timezone.localdate()
    )


def with_standing() -> QuerySet[Certificate]:
    """Return the certificates with all that a list shows."""
    another = Certificate.objects.filter(replaces=OuterRef("pk"))
    return Certificate.objects.annotate(has_another=Exists(another)).select_related("booking")


class CertificateIndexView(StaffIndexView):
    """Every certificate, the newest first."""

    def get_base_queryset(self) -> QuerySet[Certificate]:
        """Read their bookings with them."""
        return with_standing().order_by("-issued_at", "-pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "code", label=_("Code"), accessor="shown_code", get_url=self.get_inspect_url
            ),
            Column("name", label=_("Name"), accessor=lambda row: row.name or "–", sort_key="name"),
            Column("workshop", label=_("Workshop"), sort_key="workshop"),
            Column(
                "starts_at",
                label=_("Day"),
                accessor=lambda row: format_date(row.starts_at, "short"),
                sort_key="starts_at",
            ),
            Column("booking", label=_("Booking"), accessor="booking.reference"),
            StatusTagColumn(
                "standing",
                label=_("State"),
                accessor=lambda row: STANDINGS[standing_of(row)],
                primary=lambda row: standing_of(row) is Standing.VALID,
            ),
        ]


class CertificateInspectView(LocalTimeMixin, generic.InspectView):
    """A certificate as it was made, how it stands, and what can be done."""

    template_name = "certificates/admin/certificate.html"

    def get_object(self, queryset: QuerySet[Certificate] | None = None) -> Any:
        """Read what the page shows."""
        rows = with_standing().select_related("booking__session", "replaces", "ended_by")
        return get_object_or_404(rows, pk=self.pk)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Return what can be done with it now."""
        row, buttons = self.object, []
        if row.file:
            buttons.append(
                HeaderButton(
                    _("Get the PDF"), url=reverse("staff_certificates:pdf", args=[row.pk]), icon_name="download"
                )
            )
        if not self.user_has_permission("revoke"):
            return buttons
        if not row.has_another and row.name:
            address = reverse("staff_certificates:replace", args=[row.pk])
            buttons.append(HeaderButton(_("Replace"), url=address, icon_name="repeat"))
        if row.ended_at is None:
            address = reverse("staff_certificates:revoke", args=[row.pk])
            buttons.append(HeaderButton(_("Revoke"), url=address, icon_name="circle-xmark"))
        return buttons

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return the facts as (label, value)."""
        row = self.object
        another = Certificate.objects.filter(replaces=row).first() if row.has_another else None
        facts = [
            (_("State"), STANDINGS[standing_of(row)]),
            (_("Reason"), row.get_reason_display() if row.reason else ""),
            (_("Note"), row.note),
            (_("By"), str(row.ended_by or "") if row.ended_at else ""),
            (_("Since"), words.moment(row.ended_at) if row.ended_at else ""),
            (_("Replaced by"), another.shown_code if another else ""),
            (_("Replaces"), row.replaces.shown_code if row.replaces else ""),
            (_("Name"), row.name or _("Forgotten, since the certificate has expired")),
            (_("Took part as"), row.detail),
            (_("Workshop"), row.workshop),
            (_("Day"), format_date(row.starts_at, "plain")),
            (_("Booking"), row.booking.reference),
            (_("Issued"), words.moment(row.issued_at)),
            (_("Valid until"), format_date(row.last_day, "plain")),
            (_("Checked at"), verify_address(row)),
            ("SHA-256", row.sha256 or _("The PDF is not made yet")),
        ]
        return [{"label": label, "value": value} for label, value in facts if value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether attendance has been corrected since."""
        row = self.object
        came = {one.key: one.presence for one in holders_of(row.booking)}
        corrected = row.ended_at is None and came.get(row.holder) is not Presence.PRESENT
        return {**super().get_context_data(**kwargs), "corrected": corrected}


class EndView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A page of its own that asks for the reason; twice is as good as once."""

    permission_required = "revoke"
    template_name = "certificates/admin/end.html"
    header_icon = "circle-xmark"
    model: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the certificate."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(Certificate, pk=self.kwargs["pk"])

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Call the verb, and lead to the certificate that holds."""
        try:
            found = self.end(form.cleaned_data)
        except NothingToDo:
            messages.warning(self.request, _("It has been revoked or replaced already."))
            found = self.object
        return redirect("staff_certificates:inspect", found.pk)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("staff_certificates:index"), "label": capfirst(Certificate._meta.verbose_name_plural)},
            {"url": reverse("staff_certificates:inspect", args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": self.page_title},
        ]

    def end(self, data: dict[str, Any]) -> Certificate:
        """Do it."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the certificate and the way back."""
        back = reverse("staff_certificates:inspect", args=[self.object.pk])
        return super().get_context_data(certificate=self.object, back=back, button=self.page_title, **kwargs)


class RevokeView(EndView):
    """Takes a certificate back."""

    form_class = RevokeForm
    page_title = gettext_lazy("Revoke the certificate")

    def end(self, data: dict[str, Any]) -> Certificate:
        """Revoke it."""
        found = revoke(certificate_id=self.object.pk, actor_id=self.request.user.pk, **data)
        messages.success(self.request, _("The certificate is revoked. Whoever looks up its code is told."))
        return found


class ReplaceView(EndView):
    """Puts another in its place, and prints that at once where it can be printed."""

    form_class = ReplaceForm
    page_title = gettext_lazy("Replace the certificate")

    def get_initial(self) -> dict[str, Any]:
        """Begin with the name as it is."""
        return {"name": self.object.name}

    def end(self, data: dict[str, Any]) -> Certificate:
        """Replace it; the PDF is made outside of the transaction."""
        made = replace(certificate_id=self.object.pk, actor_id=self.request.user.pk, **data)
        try:
            print_missing(of=[made], page=certificate_html, press=make_pdfs)
        except PdfUnavailable as error:
            logger.warning("a certificate is not printed: %s", error)
            messages.warning(self.request, _("The new certificate is made, but its PDF is not ready yet."))
        else:
            messages.success(
                self.request, _("The new certificate is made. Its holder gets it on the booking's own page.")
            )
        return made


class CertificateViewSet(StaffViewSet):
    """Certificates."""

    model = Certificate
    name = "staff_certificates"
    url_prefix = "certificates"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Certificates")
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    search_fields: ClassVar = ["code", "name", "workshop", "booking__reference"]
    index_view_class = CertificateIndexView
    inspect_view_class = CertificateInspectView

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: verbs write certificates."""
        return

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the pages that end a certificate, and its PDF."""
        return [
            *super().get_urlpatterns(),
            path("revoke/<int:pk>/", self.construct_view(RevokeView), name="revoke"),
            path("replace/<int:pk>/", self.construct_view(ReplaceView), name="replace"),
            path("pdf/<int:pk>/", certificate_pdf, name="pdf"),
        ]


@require_safe
def certificate_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a certificate's PDF to staff who see certificates."""
    if not request.user.has_perm("certificates.view_certificate"):
        raise PermissionDenied
    return pdf_response(get_object_or_404(Certificate.objects.exclude(file=""), pk=pk))


class CertificateSettingsForm(forms.ModelForm):
    """How long a certificate holds, and who issues it."""

    class Meta:
        model = CertificateSettings
        fields: ClassVar = ["validity_years", "issuer", "note"]


class CertificateSettingsIndexView(StaffIndexView):
    """The one row."""

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "name", label=_("Settings"), accessor=str, get_url=self.get_edit_url
            ),
            Column("validity_years", label=_("Valid, years")),
            Column("issuer", label=_("Issued by")),
            Column("note", label=_("Note")),
        ]


class CertificateSettingsViewSet(StaffViewSet):
    """The settings: one row that is neither added nor taken away here."""

    model = CertificateSettings
    name = "certificate_settings"
    url_prefix = "certificate-settings"
    icon = "cog"
    menu_label = gettext_lazy("Settings of certificates")
    inspect_view_enabled = False
    without: ClassVar = StaffViewSet.without | {"add"}
    index_view_class = CertificateSettingsIndexView
    edit_view_class = AuditedEditView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return the form."""
        return CertificateSettingsForm


class CertificatesGroup(ViewSetGroup):
    """Everything about certificates."""

    menu_label = gettext_lazy("Certificates")
    menu_name = "certificates"
    menu_icon = "doc-full-inverse"
    menu_order = 171
    items = (CertificateViewSet, CertificateSettingsViewSet)
