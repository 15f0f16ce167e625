"""Send the link to one's bookings again: the answer is the same whether the address has a booking or not."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.domain.relink import resend_link
from bookings.forms.links import LinkForm
from vaern.design.controls import problems
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence as too_many
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs

# Shut while nobody can count: a mail to anybody's address is what this door gives away.
RESENDING = Door("links", network=Limit(20), address=Limit(3))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and say that a mail is on its way."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    email = form.cleaned_data["email"]
    denied = admit(RESENDING, network=network_of(request), address=email, weight=form.weight)
    if denied:
        form.add_error(None, too_many(denied))
        return marked(_page(request, form), denied)
    resend_link(
        email=email, reference=form.cleaned_data["reference"], language=get_language() or settings.LANGUAGE_CODE
    )
    return render(request, "bookings/resent.html", {"breadcrumbs": _crumbs()})


def _page(request: HttpRequest, form: LinkForm) -> HttpResponse:
    context = {"form": form, "problems": problems([form]), "breadcrumbs": _crumbs()}
    return render(request, "bookings/resend.html", context)


def _crumbs() -> list[dict[str, str]]:
    return breadcrumbs((_("Find your booking"), ""))
