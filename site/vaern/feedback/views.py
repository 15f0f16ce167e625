"""The reader's page. A page of its own, so that the pages that ask stay the same for everybody and can be kept."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from vaern.feedback.domain import give
from vaern.feedback.forms import FeedbackForm
from vaern.feedback.queries import asking_page
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs

# Shut while nobody can count: no answer of a reader is worth a flood of them.
ANSWERING = Door("feedback", network=Limit(10))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Ask about the page `side`; a POST keeps the answer. A GET changes nothing."""
    page = asking_page(request.GET.get("side", ""))
    if page is None:
        raise Http404
    context = {"page_asked": page, "breadcrumbs": breadcrumbs((_("Was this page useful?"), ""))}
    if request.method != "POST":
        said = {"ja": "yes", "nej": "no"}.get(request.GET.get("svar", ""))
        return render(request, "feedback/answer.html", {**context, "form": FeedbackForm(initial={"useful": said})})
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return render(request, "feedback/answer.html", {**context, "form": form}, status=422)
    denied = admit(ANSWERING, network=network_of(request))
    if denied:
        form.add_error(None, sentence(denied))
        return marked(render(request, "feedback/answer.html", {**context, "form": form}), denied)
    if not form.is_machine:
        give(page=page, useful=form.cleaned_data["useful"] == "yes", text=form.cleaned_data["text"])
    return redirect(f"{reverse('feedback_thanks')}?side={page.pk}")


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Thank the reader, and lead back to the page."""
    page = asking_page(request.GET.get("side", ""))
    context = {"page_asked": page, "breadcrumbs": breadcrumbs((_("Thank you"), ""))}
    return render(request, "feedback/thanks.html", context)
