"""The register, a partner's page, the yearly round, and the texts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from charter.admin.forms import STATES
from charter.codes import shown
from charter.domain.errors import Refused
from charter.domain.requests import round_of, send_round
from charter.domain.terms import record_export
from charter.export import NotReady, package
from charter.models import CharterText, Partner, Signatory, Term
from charter.prose import blocks, compare
from charter.queries import current_text, standing, timeline, with_standing
from charter.words import refused
from vaern.audit.admin import AuditedCreateView, AuditedEditView
from vaern.cms.staff import LocalTimeMixin, StaffIndexView
from vaern.design.formats import format_date

WORDS = dict(STATES)
MOST_EVENTS = 100


class RegisterView(StaffIndexView):
    """Every partner and how it stands today."""

    def get_base_queryset(self) -> QuerySet[Partner]:
        """Read terms and requests with the partners."""
        return with_standing(Partner.objects.order_by("organisation__name", "pk"))

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "name", label=_("Partner"), accessor="organisation.name", get_url=self.get_inspect_url
            ),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=lambda row: WORDS[standing(row).state],
                primary=lambda row: standing(row).state == "covered",
            ),
            Column("until", label=_("Covered to and including"), accessor=_last_day),
            Column("stage", label=_("Stage"), accessor="get_stage_display", sort_key="stage"),
            Column("public", label=_("Public list"), accessor=lambda row: _("Yes") if row.on_public_list else _("No")),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Add the yearly round."""
        buttons: list[HeaderButton] = list(super().header_buttons)
        if self.permission_policy.user_has_permission(self.request.user, "manage"):
            buttons.append(HeaderButton(_("Ask several"), url=reverse("charter_partners:round"), icon_name="mail"))
        return buttons


def _last_day(row: Partner) -> str:
    until = standing(row).until
    return format_date(until - dt.timedelta(days=1), "short") if until else ""


class PartnerView(LocalTimeMixin, generic.InspectView):
    """One partner: how it stands, its signatories, requests and terms, and what has happened."""

    template_name = "charter/admin/partner.html"

    def get_object(self, queryset: QuerySet[Partner] | None = None) -> Partner:
        """Read what `standing` needs."""
        return get_object_or_404(with_standing(Partner.objects.all()), pk=self.pk)

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return nothing: the template shows it."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add all of it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        partner = self.object
        stands = standing(partner)
        terms = Term.objects.filter(partner=partner).select_related("text", "receipt").order_by("-valid_from", "-pk")
        invitations = stands.request.invitations.select_related("signatory").order_by("pk") if stands.request else []
        return {
            **context,
            "partner": partner,
            "standing": stands,
            "state": WORDS[stands.state],
            "last_day": _last_day(partner),
            "signatories": partner.signatories.exclude(state=Signatory.State.ENDED).order_by("pk"),
            "invitations": invitations,
            "terms": [(term, shown(term.code)) for term in terms],
            "agreements": partner.agreements.order_by("-agreed_on", "-pk"),
            "events": timeline(partner)[:MOST_EVENTS],
            "may_manage": self.permission_policy.user_has_permission(self.request.user, "manage"),
            "running": any(not term.end_kind and term.valid_until > timezone.localdate() for term in terms),
        }


class RoundView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asking several: first who would be asked, then the sending."""

    model: Any = None
    permission_required = "manage"
    template_name = "charter/admin/round.html"
    page_title = gettext_lazy("Ask several")
    index_url_name = ""
    inspect_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add who can be asked, and who not and why. Who has declined since the last round is not ticked."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = [row for row in with_standing(Partner.objects.all()) if row.organisation.active_to is None]
        ready, left = round_of(rows, timezone.now())
        return {
            **context,
            "text": current_text(),
            "ready": [(row, standing(row).state != "declined") for row in ready],
            "left": [(row, refused(why)) for row, why in left],
            "back": reverse(self.index_url_name),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send to those who are ticked."""
        chosen = [int(key) for key in request.POST.getlist("partner") if key.isascii() and key.isdigit()]
        sent, left = send_round(
            partner_ids=Partner.objects.filter(pk__in=chosen).values_list("pk", flat=True), actor_id=request.user.pk
        )
        text = ngettext("%(count)s request is on its way.", "%(count)s requests are on their way.", len(sent))
        messages.success(request, text % {"count": len(sent)})
        if left:
            messages.warning(request, _("Some could not be asked. See the list."))
        return redirect(reverse(self.index_url_name))


class ExportView(PermissionCheckedMixin, View):
    """Hands out what goes to the records system, and records that it was."""

    model: Any = None
    permission_required = "manage"
    index_url_name = ""
    inspect_url_name = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the package, or go back where the receipt is not ready."""
        term = get_object_or_404(Term.objects.select_related("text", "receipt"), pk=pk)
        try:
            content = package(term)
        except NotReady:
            messages.warning(request, _("The receipt is not ready yet."))
            return redirect(reverse(self.inspect_url_name, args=[term.partner_id]))
        record_export(term=term, actor_id=request.user.pk)
        response = HttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="charter-{term.code[:8].lower()}.zip"'
        return response


class RefusedMixin:
    """A form whose verb may still refuse what the form found in order a moment ago: that is an error at the form."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, or say why not."""
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except Refused as error:
            form.add_error(None, refused(error.why))
            self.is_valid(form)  # type: ignore[attr-defined] # Wagtail's own words about a form with errors
            response = self.form_invalid(form)  # type: ignore[attr-defined]
        return response


class AgreementCreateView(RefusedMixin, AuditedCreateView):
    """Adds an agreement."""


class AgreementEditView(RefusedMixin, AuditedEditView):
    """Changes an agreement."""


class TextIndexView(StaffIndexView):
    """All texts and proposals, the newest first."""

    def get_base_queryset(self) -> QuerySet[CharterText]:
        """Read the persons with the texts."""
        return CharterText.objects.select_related("proposed_by", "decided_by").order_by("-proposed_at", "-pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "title", label=_("Text"), accessor=str, get_url=self.get_inspect_url
            ),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                primary=lambda row: row.state == CharterText.State.PUBLISHED,
            ),
            Column("kind", label=_("Kind of change"), accessor="get_kind_display"),
            DateColumn("proposed_at", label=_("Proposed at")),
            Column("from", label=_("In force from"), accessor=lambda row: format_date(row.in_force_from, "short")),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer a new proposal."""
        if not self.permission_policy.user_has_permission(self.request.user, "propose"):
            return []
        return [HeaderButton(_("Propose a new text"), url=reverse("charter_texts:propose"), icon_name="plus")]


class TextView(LocalTimeMixin, generic.InspectView):
    """A text, what it changes, and what this person may do with it."""

    template_name = "charter/admin/text.html"

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return nothing: the template shows it."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the text beside the one before it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        text, user = self.object, self.request.user
        before = next(
            (row for row in CharterText.objects.published() if (row.major, row.minor) < (text.major, text.minor)), None
        )
        is_open = text.state == CharterText.State.PROPOSED
        own = text.proposed_by_id == user.pk
        may_decide = self.permission_policy.user_has_permission(user, "decide")
        return {
            **context,
            "text": text,
            "danish": blocks(text.body_da),
            "english": blocks(text.body_en),
            "before": before,
            "changes": compare(before.body_da, text.body_da) if before else [],
            "can_decide": is_open and may_decide and not own,
            "is_own": is_open and may_decide and own,
            "can_withdraw": is_open and own,
        }
