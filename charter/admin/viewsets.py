"""The charter in Wagtail's admin: which views there are, and who may open them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from charter.admin import actions, views
from charter.admin.forms import AgreementForm, PartnerFilterSet, PartnerForm, SignatoryForm
from charter.models import Agreement, CharterText, Partner, Signatory
from vaern.audit.admin import AuditedCreateView, AuditedEditView
from vaern.cms.staff import StaffViewSet


class PartnerViewSet(StaffViewSet):
    """The register."""

    model = Partner
    name = "charter_partners"
    url_prefix = "charter/partners"
    icon = "group"
    menu_label = _("Register")
    search_fields: ClassVar = ["organisation__name", "cvr"]
    filterset_class = PartnerFilterSet
    add_view_class = AuditedCreateView
    edit_view_class = AuditedEditView
    index_view_class = views.RegisterView
    inspect_view_class = views.PartnerView

    def get_form_class(self, for_update: bool = False) -> type[PartnerForm]:
        """Return the form of a partner."""
        return PartnerForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add a page for each verb."""
        own = {
            "send": actions.SendView,
            "cancel": actions.CancelView,
            "resend": actions.ResendView,
            "approve": actions.ApproveView,
            "refuse": actions.RefuseView,
            "withdraw": actions.WithdrawView,
            "annul": actions.AnnulView,
            "export": views.ExportView,
        }
        return [
            *super().get_urlpatterns(),
            path("round/", self.construct_view(views.RoundView), name="round"),
            *(path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in own.items()),
        ]


class SignatoryViewSet(StaffViewSet):
    """Who may sign for whom."""

    model = Signatory
    name = "charter_signatories"
    url_prefix = "charter/signatories"
    icon = "user"
    menu_label = _("Signatories")
    inspect_view_enabled = False
    without: ClassVar = StaffViewSet.without | {"inspect"}
    add_view_class = AuditedCreateView
    edit_view_class = AuditedEditView
    list_display: ClassVar = ["name", "partner", "authority", "state"]
    search_fields: ClassVar = ["name", "partner__organisation__name"]

    def get_form_class(self, for_update: bool = False) -> type[SignatoryForm]:
        """Return the form of a signatory."""
        return SignatoryForm


class TextViewSet(StaffViewSet):
    """Texts and proposals."""

    model = CharterText
    name = "charter_texts"
    url_prefix = "charter/texts"
    icon = "doc-full-inverse"
    menu_label = _("Texts")
    without: ClassVar = StaffViewSet.without | {"add", "edit"}
    index_view_class = views.TextIndexView
    inspect_view_class = views.TextView

    def get_form_class(self, for_update: bool = False) -> None:
        """Return nothing: the verbs write texts."""
        return

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add a page for each verb."""
        own: dict[str, Any] = {
            "publish": actions.PublishTextView,
            "decline": actions.DeclineTextView,
            "withdraw": actions.WithdrawTextView,
        }
        return [
            *super().get_urlpatterns(),
            path("propose/", self.construct_view(actions.ProposeTextView), name="propose"),
            *(path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in own.items()),
        ]


class AgreementViewSet(StaffViewSet):
    """Cooperation agreements."""

    model = Agreement
    name = "charter_agreements"
    url_prefix = "charter/agreements"
    icon = "doc-full"
    menu_label = _("Agreements")
    inspect_view_enabled = False
    without: ClassVar = StaffViewSet.without | {"inspect"}
    add_view_class = views.AgreementCreateView
    edit_view_class = views.AgreementEditView
    list_display: ClassVar = ["partner", "kind", "agreed_on", "valid_from", "valid_until"]
    search_fields: ClassVar = ["partner__organisation__name"]

    def get_form_class(self, for_update: bool = False) -> type[AgreementForm]:
        """Return the form of an agreement."""
        return AgreementForm


class CharterGroup(ViewSetGroup):
    """All of it in the menu."""

    menu_label = _("Charter")
    menu_name = "charter"
    menu_icon = "pick"
    menu_order = 240
    items = (PartnerViewSet, SignatoryViewSet, AgreementViewSet, TextViewSet)
