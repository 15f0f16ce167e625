"""Pages that ask before they call one verb by POST."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from charter.admin.forms import NoForm, PublishForm, ReasonForm, TextForm
from charter.domain.errors import Refused
from charter.domain.requests import cancel_request, resend_link, send_request
from charter.domain.signatories import approve_signatory, refuse_signatory
from charter.domain.terms import annul_term, withdraw_terms
from charter.domain.texts import decline_text, propose_text, publish_text, withdraw_text
from charter.models import CharterText, Invitation, Partner, Request, Signatory, Term
from charter.queries import current_text
from charter.words import refused
from vaern.cms.staff import LocalTimeMixin


class ActionView(LocalTimeMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A page with a form that calls one verb; its refusals are words at the form."""

    model: Any = None
    about: type[Model] | None = None
    permission_required = "manage"
    template_name = "charter/admin/action.html"
    index_url_name = ""
    inspect_url_name = ""
    form_class: type[forms.BaseForm] = NoForm
    button: str | Promise = ""
    intro: str | Promise = ""
    done: str | Promise = ""
    serious = False
    object: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read what it is about."""
        super().setup(request, *args, **kwargs)
        if self.about is not None:
            self.object = get_object_or_404(self.about, pk=self.kwargs["pk"])

    def call(self, values: dict[str, Any]) -> Any:
        """Call the verb."""
        raise NotImplementedError

    def shown_key(self, result: Any) -> Any:
        """Return the key of the row whose page is shown afterwards."""
        return getattr(self.object, "partner_id", None) or self.object.pk

    def form_valid(self, form: Any) -> HttpResponse:
        """Call the verb and say how it went."""
        try:
            result = self.call(form.cleaned_data)
        except Refused as error:
            form.add_error(None, refused(error.why))
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return redirect(reverse(self.inspect_url_name, args=[self.shown_key(result)]))

    def get_page_subtitle(self) -> str:
        """Return what it is about."""
        return str(self.object) if self.object is not None else ""

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
        back = reverse(self.index_url_name)
        if self.object is not None:
            back = reverse(self.inspect_url_name, args=[getattr(self.object, "partner_id", None) or self.back_key()])
        return {**context, "button": self.button, "intro": self.intro, "serious": self.serious, "back": back}

    def back_key(self) -> Any:
        """Return the key of the row that "go back" leads to."""
        return self.object.pk


class SendView(ActionView):
    """Asks one partner."""

    about = Partner
    page_title = _("Send a request")
    button = _("Send the request")
    intro = _("Each signatory gets a mail with a secret link to the text in force. It works for 30 days.")
    done = _("The request is on its way.")

    def call(self, values: dict[str, Any]) -> Any:
        """Send it."""
        return send_request(partner_id=self.object.pk, actor_id=self.request.user.pk)


class CancelView(ActionView):
    """Takes a request back."""

    about = Request
    page_title = _("Take the request back")
    button = _("Take it back")
    intro = _("The links that were sent stop working, and no more reminders are sent for this term.")
    done = _("The request is taken back.")
    serious = True

    def call(self, values: dict[str, Any]) -> Any:
        """Cancel it."""
        return cancel_request(request_id=self.object.pk, actor_id=self.request.user.pk)


class ResendView(ActionView):
    """Sends a new link."""

    about = Invitation
    page_title = _("Send a new link")
    button = _("Send a new link")
    intro = _("The old link stops working.")
    done = _("A new link is on its way.")

    def call(self, values: dict[str, Any]) -> Any:
        """Send it."""
        return resend_link(invitation_id=self.object.pk, actor_id=self.request.user.pk)

    def shown_key(self, result: Any) -> Any:
        """Return the partner."""
        return self.object.request.partner_id

    def back_key(self) -> Any:
        """Return the partner."""
        return self.object.request.partner_id


class ApproveView(ActionView):
    """Lets a named person sign."""

    about = Signatory
    page_title = _("Approve the signatory")
    button = _("Approve")
    intro = _("Make sure that the person may sign. The person gets a link, and the one replaced loses theirs.")
    done = _("The signatory is approved.")

    def call(self, values: dict[str, Any]) -> Any:
        """Approve."""
        return approve_signatory(signatory_id=self.object.pk, actor_id=self.request.user.pk)


class RefuseView(ActionView):
    """Says no to a named person."""

    about = Signatory
    page_title = _("Say no to the signatory")
    button = _("Say no")
    intro = _("The person gets no link. Tell the partner yourself.")
    done = _("The person does not sign.")
    serious = True

    def call(self, values: dict[str, Any]) -> Any:
        """Refuse."""
        return refuse_signatory(signatory_id=self.object.pk, actor_id=self.request.user.pk)


class WithdrawView(ActionView):
    """The partner has withdrawn."""

    about = Partner
    form_class = ReasonForm
    page_title = _("The partner withdraws")
    button = _("End the signature today")
    intro = _("From today on the partner is not covered. Days before today stay covered.")
    done = _("The signature is ended.")
    serious = True

    def call(self, values: dict[str, Any]) -> Any:
        """Withdraw."""
        return withdraw_terms(partner_id=self.object.pk, reason=values["reason"], actor_id=self.request.user.pk)


class AnnulView(ActionView):
    """A term that should never have been."""

    about = Term
    form_class = ReasonForm
    page_title = _("Annul the term")
    button = _("Annul")
    intro = _("The term counts as if it had never been: it was signed by somebody who could not, or by mistake.")
    done = _("The term is annulled.")
    serious = True

    def call(self, values: dict[str, Any]) -> Any:
        """Annul."""
        return annul_term(term_id=self.object.pk, reason=values["reason"], actor_id=self.request.user.pk)


class ProposeTextView(ActionView):
    """A new text as a proposal."""

    permission_required = "propose"
    form_class = TextForm
    page_title = _("Propose a new text")
    button = _("Propose it")
    intro = _("Somebody else publishes it. What is proposed cannot be changed; take it back and propose another.")
    done = _("The text is proposed. Somebody else must decide.")

    def get_initial(self) -> dict[str, Any]:
        """Begin with the text in force."""
        text = current_text()
        names = ("title_da", "body_da", "title_en", "body_en")
        return {name: getattr(text, name) for name in names} if text else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Make a model form of a new row."""
        return {**super().get_form_kwargs(), "instance": CharterText()}

    def call(self, values: dict[str, Any]) -> Any:
        """Propose it."""
        return propose_text(**values, actor_id=self.request.user.pk)

    def shown_key(self, result: Any) -> Any:
        """Return the proposal."""
        return result.pk


class PublishTextView(ActionView):
    """The second person publishes."""

    about = CharterText
    permission_required = "decide"
    form_class = PublishForm
    page_title = _("Publish the text")
    button = _("Publish")
    intro = _("It is in force at once, and never changes. Who is reading the old text is shown what has changed.")
    done = _("The text is in force.")

    def get_initial(self) -> dict[str, Any]:
        """Suggest today."""
        return {"approved_on": timezone.localdate()}

    def call(self, values: dict[str, Any]) -> Any:
        """Publish it."""
        return publish_text(text_id=self.object.pk, **values, actor_id=self.request.user.pk)


class DeclineTextView(ActionView):
    """The second person says no."""

    about = CharterText
    permission_required = "decide"
    page_title = _("Decline the text")
    button = _("Decline")
    done = _("The text is declined.")
    serious = True

    def call(self, values: dict[str, Any]) -> Any:
        """Decline it."""
        return decline_text(text_id=self.object.pk, actor_id=self.request.user.pk)


class WithdrawTextView(ActionView):
    """The proposer takes it back."""

    about = CharterText
    permission_required = "propose"
    page_title = _("Withdraw the proposal")
    button = _("Withdraw")
    done = _("The proposal is withdrawn.")
    serious = True

    def call(self, values: dict[str, Any]) -> Any:
        """Withdraw it."""
        return withdraw_text(text_id=self.object.pk, actor_id=self.request.user.pk)
