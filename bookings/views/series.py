"""Book the dates of a series together."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.domain.booking import Refused, SentBefore
from bookings.domain.locking import Busy
from bookings.domain.series import book_series
from bookings.facts import session_facts
from bookings.forms.orders import ORDERS, Order, with_other_rows
from bookings.links import link_to
from bookings.models import Session, SessionSeries
from bookings.rules import Refusal, answer
from bookings.texts import short
from bookings.views.booking import (
    BOOKING,
    BUSY,
    carried_on,
    in_readers_language,
    rekeyed,
    sent_before_text,
    with_new_key,
)
from vaern.limits.domain import admit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence as too_many
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, series: uuid.UUID) -> HttpResponse:
    """Show the dates of a series and the form of its audience, and book them together."""
    row = get_object_or_404(SessionSeries.objects.select_related("workshop"), uuid=series)
    kind = ORDERS[row.workshop.audience]
    dates = _dates(row)
    if not dates:
        raise Http404
    if request.method != "POST":
        open_ones = [refusal for _session, refusal in dates if refusal is None]
        whole = row.mode == SessionSeries.Mode.ALL
        closed = len(open_ones) < len(dates) if whole else not open_ones
        return _page(request, row, dates, None if closed else kind(row.workshop))
    if "add_row" in request.POST or "remove_row" in request.POST:
        return _page(request, row, dates, with_other_rows(kind, row.workshop, request.POST))
    if "back" in request.POST:
        return _page(request, row, dates, kind(row.workshop, unchecked=request.POST))
    return _try_to_book(request, row, dates, kind)


Dates = list[tuple[Session, Refusal | None]]


def _dates(series: SessionSeries) -> Dates:
    """Return the dates that are not cancelled, soonest first, each with why it cannot be booked within the series."""
    now = timezone.now()
    rows = Session.objects.filter(series=series).exclude(status=Session.Status.CANCELLED)
    found = rows.select_related("workshop", "series").order_by("starts_at", "pk")
    return [(each, answer(session_facts(each), now=now, seats=1, together=True).refusal) for each in found]


def _try_to_book(request: HttpRequest, series: SessionSeries, dates: Dates, kind: type[Order]) -> HttpResponse:
    order = kind(series.workshop, request.POST)
    if not order.is_valid():
        return _page(request, series, dates, rekeyed(order))
    if "checked" not in request.POST:  # several dates: always looked through first
        return _summary(request, series, dates, order)
    denied = admit(BOOKING, network=network_of(request), address=order.form.contact().email, weight=order.form.weight)
    if denied:
        order.form.add_error(None, too_many(denied))
        return marked(_page(request, series, dates, order), denied)
    status = 200
    try:
        booked = book_series(
            series_id=series.pk,
            party=order.party(),
            contact=order.form.contact(),
            language=get_language() or settings.LANGUAGE_CODE,
            idempotency_key=order.form.idempotency_key,
            **order.form.waiting,
        )
    except Refused as refused:
        order.form.add_error(None, order.said(refused))
    except SentBefore as sent:
        order = with_new_key(order)
        order.form.add_error(None, sent_before_text(sent.booking.reference))
    except Busy:
        order.form.add_error(None, BUSY)
        status = 409
    else:
        return redirect(link_to(booked[0]))
    return _page(request, series, dates, order, status=status)


def _context(request: HttpRequest, series: SessionSeries, dates: Dates, title: str) -> dict[str, object]:
    workshop = in_readers_language(series.workshop)
    return {
        "series": series,
        "workshop": workshop,
        "dates": [{"session": each, "refusal": short(refusal) if refusal else ""} for each, refusal in dates],
        "whole": series.mode == SessionSeries.Mode.ALL,
        "title": title,
        "breadcrumbs": breadcrumbs((workshop.title, workshop.get_url(request) or ""), (title, "")),
    }


def _summary(request: HttpRequest, series: SessionSeries, dates: Dates, order: Order) -> HttpResponse:
    context = _context(request, series, dates, _("Look your booking through"))
    extra = {"facts": order.facts(), "carried_on": carried_on(request.POST)}
    return render(request, "bookings/check.html", {**context, **extra})


def _page(
    request: HttpRequest, series: SessionSeries, dates: Dates, order: Order | None, *, status: int = 200
) -> HttpResponse:
    context = _context(request, series, dates, _("Book all the dates"))
    extra = {
        "order": order,
        "form": order.form if order else None,
        "problems": order.problems if order and order.form.is_bound else [],
        "has_errors": bool(order and order.has_errors),
    }
    return render(request, "bookings/series.html", {**context, **extra}, status=status)
