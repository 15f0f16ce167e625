"""Ask for a visit step by step, and the page of the request behind its secret link."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.domain.booking import Refused, SentBefore
from bookings.domain.locking import Busy
from bookings.domain.visits import answer_proposal, withdraw_visit
from bookings.forms.orders import with_other_rows
from bookings.forms.visits import STEPS, VisitOrder
from bookings.links import link_to, link_to_visit, visit_for
from bookings.models import VisitRequest
from bookings.texts import sentence
from bookings.views.booking import BUSY, carried_on, in_readers_language, rekeyed, sent_before_text, with_new_key
from bookings.views.own import private
from courses.models import WorkshopPage
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence as too_many
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs

REQUESTING = Door("visit", network=Limit(60), address=Limit(10), open_when_broken=True)
FIRST, LAST = STEPS[0], STEPS[-1]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, workshop: uuid.UUID) -> HttpResponse:
    """Show the steps of a request, and send it from the last: then the answer leads to the request's own page."""
    page = _workshop(workshop)
    if request.method != "POST":
        return _step(request, page, VisitOrder(page), FIRST)
    at = request.POST.get("step", FIRST)
    at = at if at in STEPS else FIRST
    if "add_row" in request.POST or "remove_row" in request.POST:
        changed = with_other_rows(VisitOrder, page, request.POST)
        return _step(request, page, changed, FIRST)
    if "back" in request.POST:
        before = STEPS[max(STEPS.index(at) - 1, 0)]
        return _step(request, page, VisitOrder(page, unchecked=request.POST), before)
    return _go_on(request, page, at)


def _go_on(request: HttpRequest, page: WorkshopPage, at: str) -> HttpResponse:
    """Show the next step, or the first one with something wrong up to this; send from the last.

    Steps to come are empty yet: what is wrong there is none of this step's business.
    """
    order = VisitOrder(page, request.POST)
    wrong = order.first_bad_step()
    if wrong is not None and STEPS.index(wrong) <= STEPS.index(at):
        return _step(request, page, rekeyed(order), wrong)
    if at == LAST:
        return _send(request, page, order)
    following = STEPS[STEPS.index(at) + 1]
    return _step(request, page, order if following == LAST else VisitOrder(page, unchecked=request.POST), following)


def _send(request: HttpRequest, page: WorkshopPage, order: VisitOrder) -> HttpResponse:
    address = order.form.contact().email
    denied = admit(REQUESTING, network=network_of(request), address=address, weight=order.form.weight)
    if denied:
        order.form.add_error(None, too_many(denied))
        return marked(_step(request, page, order, "contact"), denied)
    status = 200
    try:
        made = order.ask(language=get_language() or settings.LANGUAGE_CODE)
    except Refused as refused:
        order.explain(refused)
    except SentBefore as sent:
        order = with_new_key(order)
        order.form.add_error(None, sent_before_text(sent.booking.reference))
    except Busy:
        order.form.add_error(None, BUSY)
        status = 409
    else:
        return redirect(link_to_visit(made))
    wrong = next((step for step in STEPS if order.problems_of(step)), "contact")
    return _step(request, page, order, wrong, status=status)


def _workshop(key: uuid.UUID) -> WorkshopPage:
    """Return the workshop that takes requests, by its translation key; dates and requests hang on the Danish page."""
    ways = (WorkshopPage.Way.REQUEST, WorkshopPage.Way.BOTH)
    pages = WorkshopPage.open_to_all().filter(
        translation_key=key, way_of_booking__in=ways, audience=WorkshopPage.Audience.CLASS
    )
    found: WorkshopPage = get_object_or_404(pages, locale__language_code=settings.LANGUAGE_CODE)
    return found


def _step(request: HttpRequest, page: WorkshopPage, order: VisitOrder, step: str, *, status: int = 200) -> HttpResponse:
    workshop = in_readers_language(page)
    found = order.problems_of(step) if order.form.is_bound and step != LAST else []
    names = {"class": _("The class"), "times": _("Times"), "contact": _("Contact"), "check": _("Check and send")}
    context: dict[str, Any] = {
        "workshop": workshop,
        "order": order,
        "form": order.form,
        "step": step,
        "steps": [{"name": names[each], "current": each == step} for each in STEPS],
        "number": STEPS.index(step) + 1,
        "last": len(STEPS),
        "title": names[step],
        "problems": found,
        "has_errors": bool(found),
        "carried_on": _of_other_steps(request, order, step),
        "facts": order.facts() if step == LAST else [],
        "tomorrow": timezone.localdate() + dt.timedelta(days=1),
        "breadcrumbs": breadcrumbs((workshop.title, workshop.get_url(request) or ""), (_("Ask for a visit"), "")),
    }
    return render(request, "bookings/visit_form.html", context, status=status)


def _of_other_steps(request: HttpRequest, order: VisitOrder, step: str) -> list[tuple[str, str]]:
    """Return what was written in the other steps, for hidden fields; the page's own stand in the page itself."""
    if request.method != "POST":
        return []
    own = {
        "class": ("school", "school_name", "groups-"),
        "times": ("wishes-",),
        "contact": ("name", "email", "phone", "responsible_", "website"),
        "check": (),
    }[step]
    kept = [(name, value) for name, value in carried_on(request.POST) if name not in {"step", "key", "served"}]
    return [(name, value) for name, value in kept if not any(_belongs(name, prefix) for prefix in own)]


def _belongs(name: str, prefix: str) -> bool:
    return name.startswith(prefix) if prefix.endswith(("-", "_")) else name == prefix


def own_visit(token: str) -> VisitRequest:
    """Return the request behind a link; unknown and wrong look alike (domain.md §7)."""
    found = visit_for(token)
    if found is None:
        raise Http404
    return found


@private
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Show how the request stands."""
    return _own_page(request, own_visit(token), token)


def _own_page(
    request: HttpRequest, visit: VisitRequest, token: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "visit": visit,
        "workshop": in_readers_language(visit.workshop),
        "wishes": visit.wishes.all(),
        "groups": visit.groups.all(),
        "token": token,
        "error": error,
        "booking_url": link_to(visit.booking) if visit.booking else "",
        "breadcrumbs": breadcrumbs((_("Your request"), "")),
    }
    return render(request, "bookings/own_visit.html", context, status=status)


@private
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Say yes or no to the time that we propose, or take the request back."""
    visit = own_visit(token)
    try:
        if "accept" in request.POST or "refuse" in request.POST:
            booking = answer_proposal(request_id=visit.pk, accept="accept" in request.POST)
            if booking is not None:
                return redirect(link_to(booking))
        elif "withdraw" in request.POST:
            withdraw_visit(request_id=visit.pk)
    except Refused as refused:
        return _own_page(request, own_visit(token), token, error=sentence(refused.why, label=refused.label))
    except Busy:
        return _own_page(request, own_visit(token), token, error=str(BUSY), status=409)
    return redirect("bookings:visit", token=token)
