"""The door in front of the staff screens."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence
from vaern.limits.views import marked

# Shut while nobody can count: a code is six letters, and guessing must not become free.
ASK = Door("sign_in", network=Limit(60), address=Limit(10))
GIVE = Door("sign_in_code", network=Limit(120))


class LimitedMixin:
    """Counts each form that is sent, over all processes; allauth's own limits count beside it."""

    door: Door
    address_field = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 429 with the form as it was filled in, alike for addresses with and without an account."""
        address = request.POST.get(self.address_field, "")[:254]
        denied = admit(self.door, network=network_of(request), address=address)
        if denied is None:
            answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
            return answer
        form = self.get_form()  # type: ignore[attr-defined]
        form._errors = ErrorDict({NON_FIELD_ERRORS: form.error_class([sentence(denied)])})  # checked: nothing looked up
        page = self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]
        return marked(page, denied)


class AskForCodeView(LimitedMixin, RequestLoginCodeView):
    """Sends a sign-in code to an address."""

    door = ASK
    address_field = "email"


class GiveCodeView(LimitedMixin, ConfirmLoginCodeView):
    """Takes the code."""

    door = GIVE


ask_for_code = login_not_required(AskForCodeView.as_view())
give_code = login_not_required(GiveCodeView.as_view())


@never_cache
@require_safe
def staff_login(request: HttpRequest) -> HttpResponse:
    """Let somebody sign in who wants to the staff screens; who is signed in and was sent here may not open them.

    Without it those would be sent to and fro for ever: the sign-in page sends them back to where they came from.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("account_login") + (f"?{query}" if query else ""))
