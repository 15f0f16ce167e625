"""Book a date: the form of its audience, a summary where it is long, and the waiting list where it is full."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.domain.booking import Refused, SentBefore
from bookings.domain.locking import Busy
from bookings.facts import bookable, can_wait, group_limits
from bookings.forms.orders import ORDERS, AnyOrder, Order, with_other_rows
from bookings.links import link_to
from bookings.models import Session
from bookings.texts import sentence
from courses.models import WorkshopPage
from courses.queries import translated
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence as too_many
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs
from vaern.tables.kept import KeptQuery

BUSY = gettext_lazy("Many are booking right now. Your answers are kept: press the button again in a moment.")

# All schools of the city may share one network. Open while nobody can count: a booking is worth more than a limit.
BOOKING = Door("booking", network=Limit(60), address=Limit(10), open_when_broken=True)

# What a summary does not carry on: the token of the page it was sent from, and which button was pressed.
BUTTONS = frozenset({"csrfmiddlewaretoken", "add_row", "remove_row", "checked", "back"})

# Read for every booking, so their SQL is made once: a date with all that its page shows, and what a sent form needs.
DATE = KeptQuery(lambda key: Session.objects.select_related("workshop", "series").filter(uuid=key))
FOR_FORM = ("audience", "grade_from", "grade_to", "group_max", "group_min")
SENT_TO = KeptQuery(
    lambda key: (
        Session.objects.select_related("workshop")
        .only("uuid", *(f"workshop__{name}" for name in FOR_FORM))
        .filter(uuid=key)
    )
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Show the form of a date, and book: on success the answer leads to the booker's own page."""
    if request.method == "POST" and request.POST.keys().isdisjoint({"add_row", "remove_row", "back"}):
        return _try_to_book(request, session)
    row = _found(DATE, session)
    kind = ORDERS[row.workshop.audience]
    if request.method != "POST":
        now = timezone.now()
        refusal = bookable(row, now=now)
        if refusal and not can_wait(row, now=now):
            text = sentence(refusal, free=row.free, limits=group_limits(row))
            return _page(request, row, refusal=text, series=row.series if refusal.value == "only_together" else None)
        return _page(request, row, kind(row.workshop), waiting=refusal is not None)
    if "back" in request.POST:
        return _page(request, row, kind(row.workshop, unchecked=request.POST))
    return _page(request, row, with_other_rows(kind, row.workshop, request.POST))


def _found(query: KeptQuery[Session], key: uuid.UUID) -> Session:
    rows = query(key)
    if not rows:
        raise Http404
    return rows[0]


def _try_to_book(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Book what was sent. The page is read only where it is shown again."""
    row = _found(SENT_TO, key)
    order = ORDERS[row.workshop.audience](row.workshop, request.POST)
    if not order.is_valid():
        return _page(request, _found(DATE, key), rekeyed(order))
    if order.is_long and "checked" not in request.POST:
        return _summary(request, _found(DATE, key), order)
    denied = admit(BOOKING, network=network_of(request), address=order.form.contact().email, weight=order.form.weight)
    if denied:
        order.form.add_error(None, too_many(denied))
        return marked(_page(request, _found(DATE, key), order), denied)
    status, may_wait = 200, False
    try:
        booking = order.book(row, language=get_language() or settings.LANGUAGE_CODE)
    except Refused as refused:
        may_wait = refused.may_wait
        order.explain(refused)
    except SentBefore as sent:
        order = with_new_key(order)
        order.form.add_error(None, sent_before_text(sent.booking.reference))
    except Busy:
        order.form.add_error(None, BUSY)
        status = 409
    else:
        return redirect(link_to(booking))
    return _page(request, _found(DATE, key), order, status=status, may_wait=may_wait)


def sent_before_text(reference: str) -> str:
    """Say that the form has made something already, and how one makes another."""
    text = _(
        "This form has already made the booking %(reference)s. The link in the confirmation leads to it. "
        "Press the button again only if you want one more."
    )
    return text % {"reference": reference}


def rekeyed(order: AnyOrder) -> AnyOrder:
    """Give the form a fresh key where it came with none or a broken one, so that the next try can succeed."""
    if "key" in order.form.errors:
        order = with_new_key(order)
        order.form.add_error(None, _("The form was incomplete. Look it through and send it again."))
    return order


def with_new_key(order: AnyOrder) -> AnyOrder:
    """Return the order as it was filled in, checked again under a key of its own."""
    data = order.form.data.copy()
    data["key"] = str(uuid.uuid4())
    again = type(order)(order.workshop, data)
    again.is_valid()
    return again


def carried_on(data: QueryDict) -> list[tuple[str, str]]:
    """Return what a summary sends again, as (name, value): the page holds it all, and nothing is kept in between."""
    return [(name, value) for name in data if name not in BUTTONS for value in data.getlist(name)]


def _summary(request: HttpRequest, session: Session, order: Order) -> HttpResponse:
    title = _("Look your booking through")
    return render(
        request,
        "bookings/check.html",
        {
            "session": session,
            "workshop": in_readers_language(session.workshop),
            "facts": order.facts(),
            "carried_on": carried_on(request.POST),
            "title": title,
            "breadcrumbs": _breadcrumbs(request, in_readers_language(session.workshop), title),
        },
    )


def _page(
    request: HttpRequest,
    session: Session,
    order: Order | None = None,
    *,
    refusal: str = "",
    waiting: bool = False,
    may_wait: bool = False,
    series: Any = None,
    status: int = 200,
) -> HttpResponse:
    """Render the form; `waiting`: there is only the waiting list, `may_wait`: it has just turned out to be so."""
    workshop = in_readers_language(session.workshop)
    asked_to_wait = order is not None and bool(order.form["wait"].value())
    context = {
        "session": session,
        "workshop": workshop,
        "order": order,
        "form": order.form if order else None,
        "refusal": refusal,
        "series": series,
        "only_waiting": waiting or (asked_to_wait and not may_wait and request.POST.get("only_waiting") == "1"),
        "shows_waiting": may_wait or asked_to_wait,
        "problems": order.problems if order and order.form.is_bound else [],
        "has_errors": bool(order and order.has_errors),
        "breadcrumbs": _breadcrumbs(request, workshop, _("Book the workshop")),
    }
    return render(request, "bookings/book.html", context, status=status)


def _breadcrumbs(request: HttpRequest, workshop: WorkshopPage, title: str) -> list[dict[str, str]]:
    return breadcrumbs((workshop.title, workshop.get_url(request) or ""), (title, ""))


def in_readers_language(workshop: WorkshopPage) -> WorkshopPage:
    """Return the workshop as the reader's language has it; dates hang on the Danish page."""
    found: WorkshopPage = translated(workshop, get_language() or settings.LANGUAGE_CODE)
    return found
