"""The form behind a link. A GET changes nothing; every link that cannot be used gets the same answer (domain.md §7)."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.views.booking import in_readers_language
from bookings.views.own import private
from vaern.design.controls import problems
from vaern.evaluation.domain import AlreadyAnswered, Closed, answer
from vaern.evaluation.forms import AnswerForm
from vaern.evaluation.queries import Invitation, invitation, questions_for
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs

# A school is one network, and all its teachers may answer on the same afternoon.
ANSWERING = Door("evaluation", network=Limit(120), open_when_broken=True)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, session: uuid.UUID, token: str) -> HttpResponse:
    """Ask, and keep the answers on POST."""
    invited = invitation(session, token)
    questions = questions_for(invited.booking.audience) if invited else []
    if invited is None or not questions:
        return _cannot_be_used(request)
    asked = AnswerForm(questions, request.POST if request.method == "POST" else None)
    if not asked.is_bound or not asked.is_valid():
        return _page(request, invited, asked, status=422 if asked.is_bound else 200)
    denied = admit(ANSWERING, network=network_of(request), weight=asked.weight)
    if denied:
        asked.add_error(None, sentence(denied))
        return marked(_page(request, invited, asked), denied)
    try:
        answer(invitation=invited, said=asked.said())
    except (AlreadyAnswered, Closed):
        return _cannot_be_used(request)
    return redirect("evaluation:thanks")


@private
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Thank whoever has answered; the same for everybody."""
    return render(request, "evaluation/thanks.html", {"breadcrumbs": breadcrumbs((_("Thank you"), ""))})


def _cannot_be_used(request: HttpRequest) -> HttpResponse:
    return render(request, "evaluation/closed.html", {"breadcrumbs": breadcrumbs((_("Evaluation"), ""))}, status=404)


def _page(request: HttpRequest, invited: Invitation, asked: AnswerForm, *, status: int = 200) -> HttpResponse:
    session = invited.booking.session
    context: dict[str, Any] = {
        "form": asked,
        "problems": problems([asked]),
        "session": session,
        "workshop": in_readers_language(session.workshop),
        "breadcrumbs": breadcrumbs((_("Evaluation"), "")),
    }
    return render(request, "evaluation/form.html", context, status=status)
