"""The booker's own page behind a secret link: see, answer, change, move, cancel. GET changes nothing (domain.md §7)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.calendar import CANCEL, PUBLISH, calendar_file
from bookings.domain.booking import Refused, cancel
from bookings.domain.changes import change_numbers, change_people, move_booking
from bookings.domain.locking import Busy
from bookings.domain.offers import accept_offer, decline_offer
from bookings.facts import cancellable, group_limits, is_reported, place_in_line, renumberable
from bookings.forms.changes import number_forms, seat_forms
from bookings.links import booking_for, link_to
from bookings.mails import calendar_description, calendar_summary
from bookings.messages import snapshot
from bookings.models import Booking, Session
from bookings.queries import announced_dates
from bookings.rules import State
from bookings.texts import sentence
from bookings.views.booking import BUSY, in_readers_language
from vaern.design.controls import problems
from vaern.outbox.relay import organizer_address
from vaern.pages.navigation import breadcrumbs

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Keep a page behind a secret link out of caches, search engines and other sites' Referer headers.

    Not "no-referrer": a browser would then send its forms with "Origin: null", which the CSRF check refuses.
    """

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def own_booking(token: str) -> Booking:
    """Return the booking behind a link; unknown, wrong and expired look alike (domain.md §7)."""
    booking = booking_for(token)
    if booking is None:
        raise Http404
    return booking


@private
@require_safe
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is booked, how it stands, and what the booker can do with it."""
    return own_page(request, own_booking(token), token)


def own_page(request: HttpRequest, booking: Booking, token: str, *, error: str = "", status: int = 200) -> HttpResponse:
    """Render the own page, with an `error` of what was just tried."""
    session, now = booking.session, timezone.now()
    reported = is_reported(booking)
    refusal = cancellable(booking, session, now=now, reported=reported)
    fixed = renumberable(booking, session, seats=booking.seats, now=now, reported=reported)
    context = {
        "booking": booking,
        "session": session,
        "workshop": in_readers_language(session.workshop),
        "lines": booking.lines.all() if booking.is_of_classes else [],
        "people": [] if booking.is_of_classes else booking.people.all(),
        "token": token,
        "error": error,
        "position": place_in_line(booking),
        "over": now >= session.ends_at,
        "reported": reported,
        "may_cancel": refusal is None,
        "may_change": fixed is None,
        "cancel_refusal": sentence(refusal) if refusal else "",
        "breadcrumbs": breadcrumbs((_("Your booking"), "")),
    }
    return render(request, "bookings/own.html", context, status=status)


def _tried(request: HttpRequest, token: str, verb: Callable[[Booking], Any], *, done: str = "") -> HttpResponse:
    """Let a verb try, and show how the booking stands then: that it is `done`, or why it was refused."""
    booking = own_booking(token)
    try:
        verb(booking)
    except Refused as refused:
        text = sentence(refused.why, free=refused.free, label=refused.label, limits=group_limits(booking.session))
        return own_page(request, own_booking(token), token, error=text)
    except Busy:
        return own_page(request, own_booking(token), token, error=str(BUSY), status=409)
    if done:
        messages.success(request, done)
    return redirect("bookings:own", token=token)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_own(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before cancelling (GET changes nothing), and cancel on POST."""
    if request.method == "POST":
        return _tried(request, token, lambda booking: cancel(booking_id=booking.pk))
    booking = own_booking(token)
    if cancellable(booking, booking.session, now=timezone.now()):
        return redirect("bookings:own", token=token)
    return render(request, "bookings/cancel.html", _context(booking, token, _("Cancel the booking")))


@private
@require_POST
def answer_offer(request: HttpRequest, token: str) -> HttpResponse:
    """Take the places that are offered, or say no thanks."""
    if "accept" in request.POST:
        return _tried(request, token, lambda booking: accept_offer(booking_id=booking.pk))
    if "decline" in request.POST:
        return _tried(request, token, lambda booking: decline_offer(booking_id=booking.pk))
    return redirect("bookings:own", token=token)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Change the numbers of the classes, or who takes part."""
    booking = own_booking(token)
    if renumberable(booking, booking.session, seats=booking.seats, now=timezone.now()):
        return redirect("bookings:own", token=token)
    by_class = booking.audience == "class"
    data = request.POST if request.method == "POST" else None
    forms: Any = number_forms(booking, data) if by_class else seat_forms(booking, data)
    if data is None or "add_row" in data:
        return _change_page(request, booking, token, forms)
    checked = [form.is_valid() for form in forms] if by_class else [forms.is_valid()]  # all, to show all errors
    if not all(checked):
        return _change_page(request, booking, token, forms)
    error, status = "", 200
    try:
        if by_class:
            change_numbers(booking_id=booking.pk, numbers={form.line.pk: form.numbers() for form in forms})
        else:
            seats = [seat for form in forms if (seat := form.seat())]
            if not seats:
                text = _("A booking is for somebody. Cancel it if nobody can come.")
                return _change_page(request, booking, token, forms, error=text)
            change_people(booking_id=booking.pk, people=seats)
    except Refused as refused:
        error = sentence(refused.why, free=refused.free, label=refused.label, limits=group_limits(booking.session))
    except Busy:
        error, status = str(BUSY), 409
    else:
        messages.success(request, _("The booking is changed."))
        return redirect("bookings:own", token=token)
    return _change_page(request, booking, token, forms, error=error, status=status)


def _change_page(
    request: HttpRequest, booking: Booking, token: str, forms: Any, *, error: str = "", status: int = 200
) -> HttpResponse:
    title = _("Change the numbers") if booking.audience == "class" else _("Change who takes part")
    found = problems(forms if isinstance(forms, list) else [forms])
    context = {
        **_context(booking, token, title),
        "forms": forms,
        "error": error,
        "problems": found,
        "has_errors": bool(found or error),
        "room": booking.session.free,
    }
    return render(request, "bookings/change.html", context, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Choose another date of the same workshop, and move the booking there."""
    booking = own_booking(token)
    if request.method == "POST":
        chosen = _uuid(request.POST.get("session", ""))
        target = Session.objects.filter(uuid=chosen).first() if chosen else None
        if target is None:
            return redirect("bookings:move", token=token)
        wait = booking.state == State.WAITLISTED
        return _tried(
            request,
            token,
            lambda row: move_booking(booking_id=row.pk, to_session_id=target.pk, wait=wait),
            done=_("The booking is moved."),
        )
    if cancellable(booking, booking.session, now=timezone.now()):
        return redirect("bookings:own", token=token)
    dates = announced_dates(booking.session.workshop.translation_key, now=timezone.now())
    return render(
        request,
        "bookings/move.html",
        {
            **_context(booking, token, _("Move to another date")),
            "dates": [dated for dated in dates if _fits(dated, booking)],
        },
    )


def _fits(dated: Any, booking: Booking) -> bool:
    """Say whether the booking could be moved to that date as it looks now; the verb decides."""
    session = dated.session
    waits = booking.state == State.WAITLISTED
    if session.pk == booking.session_id or not (dated.bookable or (waits and dated.may_wait)):
        return False
    same_unit = session.capacity_unit == booking.session.capacity_unit
    return session.free is None or not same_unit or session.free >= booking.seats or waits


def _uuid(written: str) -> uuid.UUID | None:
    """Return a UUID, or None for anything else."""
    try:
        return uuid.UUID(written)
    except ValueError:
        return None


def _context(booking: Booking, token: str, title: str) -> dict[str, Any]:
    return {
        "booking": booking,
        "session": booking.session,
        "workshop": in_readers_language(booking.session.workshop),
        "lines": booking.lines.all(),
        "people": booking.people.all(),
        "token": token,
        "title": title,
        "breadcrumbs": breadcrumbs((_("Your booking"), link_to(booking)), (title, "")),
    }


@private
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return the booking as a calendar file to download; METHOD is the same in the file and in the type."""
    booking = own_booking(token)
    if booking.is_active and booking.state != State.CONFIRMED:
        raise Http404  # nothing certain to put into a calendar yet
    facts = snapshot(booking, booking.session)
    method = PUBLISH if booking.is_active else CANCEL
    content = calendar_file(
        facts,
        method=method,
        summary=calendar_summary(facts),
        description=calendar_description(facts),
        organizer=organizer_address(),
        attendee=booking.contact_email,
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type=f"text/calendar; method={method}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vaern-{booking.reference}.ics"'
    return response
