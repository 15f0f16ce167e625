"""The plan's versions in Wagtail's admin: propose, read, decide, withdraw. Two persons, one verb each."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from vaern.cms.staff import LocalTimeMixin, ReadOnlyPolicy, StaffIndexView, StaffViewSet
from vaern.design.formats import format_clock, format_date
from vaern.guidance.models import PlanPage, PlanVersion
from vaern.guidance.permissions import DECIDE, PROPOSE
from vaern.guidance.plans import words
from vaern.guidance.plans.compare import What, compare
from vaern.guidance.plans.domain import Refused, adopt, decline, propose, withdraw
from vaern.guidance.plans.forms import AdoptionForm, DeclineForm, ProposalForm, WithdrawForm
from vaern.guidance.plans.outline import fingerprint, outlines
from vaern.guidance.plans.queries import current_version, frozen_text
from vaern.guidance.plans.snapshot import text_of


class VersionPolicy(ReadOnlyPolicy):
    """Versions are made and decided on by verbs; superusers too need two of them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may see, propose or decide."""
        named = {"propose": PROPOSE, "decide": DECIDE}.get(action)
        return bool(user.is_active and user.has_perm(named)) if named else super().user_has_permission(user, action)


class VersionIndexView(StaffIndexView):
    """All versions and proposals, the newest first."""

    def get_base_queryset(self) -> QuerySet[PlanVersion]:
        """Leave the texts unread."""
        return PlanVersion.objects.light().select_related("proposed_by", "decided_by")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the list's columns."""
        return [
            self._get_title_column_class(TitleColumn)(
                "title", label=_("Version"), accessor=str, get_url=self.get_inspect_url
            ),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor="get_state_display",
                primary=lambda row: row.state == PlanVersion.State.ADOPTED,
            ),
            Column("kind", label=_("Kind of change"), accessor="get_kind_display"),
            Column("proposed_by", label=_("Proposed by"), accessor=lambda row: row.proposed_by.get_full_name()),
            DateColumn("proposed_at", label=_("Proposed at")),
            Column("adopted_on", label=_("Adopted on"), accessor=lambda row: format_date(row.adopted_on, "short")),
            Column("due", label=_("Next revision"), accessor=lambda row: format_date(row.revision_due_on, "short")),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer a new proposal for each plan that is published."""
        if not self.permission_policy.user_has_permission(self.request.user, "propose"):
            return []
        plans = PlanPage.objects.filter(live=True, locale__language_code="da").order_by("path")
        return [
            HeaderButton(
                label=_("Propose a new version"),
                url=reverse("staff_plan_versions:propose", args=[plan.translation_key]),
                icon_name="plus",
            )
            for plan in plans
        ]


class VersionInspectView(LocalTimeMixin, generic.InspectView):
    """A version's facts, and what this person may do with it."""

    template_name = "guidance/admin/version.html"

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return moments on Copenhagen's clock and days as Danes write them; what is empty is left empty."""
        value = getattr(self.object, field_name)
        if value is None:
            return ""
        if isinstance(value, dt.datetime):
            return f"{format_date(value)} {format_clock(value)}"
        return format_date(value) if isinstance(value, dt.date) else super().get_field_display_value(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the persons and what can be done."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user, version = self.request.user, self.object
        is_open = version.state == PlanVersion.State.PROPOSED
        own = version.proposed_by_id == user.pk
        may_decide = self.permission_policy.user_has_permission(user, "decide")
        return {
            **context,
            "version": version,
            "can_decide": is_open and may_decide and not own,
            "is_own": is_open and may_decide and own,
            "can_withdraw": is_open and own and self.permission_policy.user_has_permission(user, "propose"),
        }


class PlanActionView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A page of its own with a form that calls one verb; its refusals are words at the form."""

    model: Any = None
    template_name = "guidance/admin/action.html"
    index_url_name = ""
    inspect_url_name = ""
    button: str | Promise = ""
    intro: str | Promise = ""
    serious = False
    done: str | Promise = ""

    def call(self, values: dict[str, Any]) -> PlanVersion:
        """Call the verb."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Call the verb and say how it went."""
        try:
            version = self.call(form.cleaned_data)
        except Refused as error:
            form.add_error(None, words.refused(error.why))
            return self.form_invalid(form)
        messages.success(self.request, str(self.done) % {"version": version})
        return redirect(reverse(self.inspect_url_name, args=[quote(version.pk)]))

    def back(self) -> str:
        """Return where "go back" leads."""
        return reverse(self.index_url_name)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page says."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "button": self.button,
            "intro": self.intro,
            "serious": self.serious,
            "back": self.back(),
        }


class ProposeView(PlanActionView):
    """Freezes the published text as a proposal."""

    permission_required = "propose"
    form_class = ProposalForm
    page_title = gettext_lazy("Propose a new version")
    button = gettext_lazy("Freeze the text and propose it")
    intro = gettext_lazy(
        "The text as it is published now is frozen, in Danish and English. Drafts, private and scheduled pages are not "
        "in it. Somebody else decides."
    )
    done = gettext_lazy("%(version)s is proposed. Somebody else must decide on it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what differs from the version in force."""
        context = super().get_context_data(**kwargs)
        plan_key: UUID = self.kwargs["plan"]
        page = PlanPage.objects.filter(translation_key=plan_key).first()
        if page is None:
            raise Http404
        current = current_version(plan_key)
        return {**context, "plan_title": page.title, "current": current}

    def call(self, values: dict[str, Any]) -> PlanVersion:
        """Render the text, then let the verb freeze it."""
        plans = outlines(self.kwargs["plan"])
        return propose(
            plan_key=self.kwargs["plan"],
            texts=text_of(plans),
            source=fingerprint(plans),
            actor_id=self.request.user.pk,
            **values,
        )


class DecisionView(PlanActionView):
    """A page about one proposal."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the proposal."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(PlanVersion.objects.light(), pk=self.kwargs["pk"])

    def back(self) -> str:
        """Return the proposal's facts."""
        return reverse(self.inspect_url_name, args=[quote(self.object.pk)])

    def get_page_subtitle(self) -> str:
        """Return which proposal it is."""
        return str(self.object)


class AdoptView(DecisionView):
    """The second person adopts."""

    permission_required = "decide"
    form_class = AdoptionForm
    page_title = gettext_lazy("Adopt the version")
    button = gettext_lazy("Adopt")
    intro = gettext_lazy("Once adopted, the version can never be changed or deleted.")
    done = gettext_lazy("%(version)s is adopted. Its PDFs are being made.")

    def get_initial(self) -> dict[str, Any]:
        """Suggest today."""
        today = timezone.localdate()
        return {"adopted_on": today, "published_on": today}

    def call(self, values: dict[str, Any]) -> PlanVersion:
        """Adopt it."""
        return adopt(version_id=self.object.pk, actor_id=self.request.user.pk, **values)


class DeclineView(DecisionView):
    """The second person declines."""

    permission_required = "decide"
    form_class = DeclineForm
    page_title = gettext_lazy("Decline the version")
    button = gettext_lazy("Decline")
    serious = True
    done = gettext_lazy("%(version)s is declined.")

    def call(self, values: dict[str, Any]) -> PlanVersion:
        """Decline it."""
        return decline(version_id=self.object.pk, reason=values["reason"], actor_id=self.request.user.pk)


class WithdrawView(DecisionView):
    """The proposer takes the proposal back."""

    permission_required = "propose"
    form_class = WithdrawForm
    page_title = gettext_lazy("Withdraw the proposal")
    button = gettext_lazy("Withdraw")
    serious = True
    done = gettext_lazy("%(version)s is withdrawn.")

    def call(self, values: dict[str, Any]) -> PlanVersion:
        """Withdraw it."""
        return withdraw(version_id=self.object.pk, actor_id=self.request.user.pk)


class TextView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The frozen text of a version, or of a proposal nobody else can read yet, and what it changes."""

    model: Any = None
    permission_required = "view"
    template_name = "guidance/admin/text.html"
    page_title = gettext_lazy("The proposed text")
    index_url_name = ""
    inspect_url_name = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the text by language, beside the version in force."""
        version = get_object_or_404(PlanVersion, pk=self.kwargs["pk"])
        language = self.request.GET.get("language", "da")
        texts = frozen_text(version)
        if language not in texts:
            raise Http404
        before = self._before(version)
        old = frozen_text(before).get(language) if before else None
        found = compare(old, texts[language]) if old else None
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "version": version,
            "language": language,
            "languages": sorted(texts),
            "text": texts[language],
            "before": before,
            "comparison": found,
            "counts": {what.value: found.total(what) for what in What} if found else {},
            "back": reverse(self.inspect_url_name, args=[quote(version.pk)]),
        }

    @staticmethod
    def _before(version: PlanVersion) -> PlanVersion | None:
        """Return the adopted version before this one."""
        rows = PlanVersion.objects.adopted().filter(plan_key=version.plan_key).exclude(pk=version.pk)
        return next((row for row in rows if (row.major, row.minor) < (version.major, version.minor)), None)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": "", "label": self.get_page_title()},
        ]


class PlanVersionViewSet(StaffViewSet):
    """Versions and proposals."""

    model = PlanVersion
    name = "staff_plan_versions"
    url_prefix = "plan-versions"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Plan versions")
    menu_order = 310
    add_to_admin_menu = True
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    list_filter: ClassVar = ["state", "kind"]
    index_view_class = VersionIndexView
    inspect_view_class = VersionInspectView
    inspect_view_fields: ClassVar = [
        "title",
        "kind",
        "state",
        "note_da",
        "note_en",
        "proposed_at",
        "decided_at",
        "reason",
        "adopted_by",
        "adopted_on",
        "published_on",
        "revision_due_on",
        "sha256",
    ]

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: there is no form, the verbs write versions."""
        return

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add a page for each verb, and one to read the text."""
        return [
            *super().get_urlpatterns(),
            path("propose/<uuid:plan>/", self.construct_view(ProposeView), name="propose"),
            path("adopt/<int:pk>/", self.construct_view(AdoptView), name="adopt"),
            path("decline/<int:pk>/", self.construct_view(DeclineView), name="decline"),
            path("withdraw/<int:pk>/", self.construct_view(WithdrawView), name="withdraw"),
            path("text/<int:pk>/", self.construct_view(TextView), name="text"),
        ]
