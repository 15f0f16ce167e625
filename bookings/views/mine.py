"""All bookings of a signed-in person's address, and the personal calendar feed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.calendar import calendar_feed
from bookings.domain.feeds import OfBooking, OfUser, Owner, begin_feed, end_feed
from bookings.links import hash_of, link_to
from bookings.mails import calendar_description, calendar_summary
from bookings.messages import snapshot
from bookings.models import Booking, CalendarFeed, Session
from bookings.rules import State
from bookings.staffmessages import session_snapshot, version_now
from bookings.views.own import own_booking, private
from courses.queries import translated
from vaern.outbox.relay import organizer_address
from vaern.pages.navigation import breadcrumbs
from vaern.people.models import User

HELD_SINCE = dt.timedelta(days=90)


def bookings_of(email: str) -> QuerySet[Booking]:
    """Return the bookings that an address made, is in charge of or takes part in; soonest first."""
    address = email.lower()
    theirs = Q(contact_email=address) | Q(responsible_email=address) | Q(people__email=address)
    found = Booking.objects.filter(theirs).distinct().select_related("session__workshop", "session__series")
    return found.prefetch_related("lines", "people").order_by("session__starts_at", "pk")


@never_cache
@login_required
@require_safe
def bookings(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's bookings: signing in by a code has shown that the address is theirs."""
    now, email = timezone.now(), _address(request)
    found = list(bookings_of(email))
    context = {
        "coming": [_row(row, email) for row in found if row.is_active and row.session.ends_at > now],
        "past": [_row(row, email) for row in reversed(found) if not row.is_active or row.session.ends_at <= now][:50],
        "feed": CalendarFeed.objects.filter(user=request.user.pk).first(),
        "breadcrumbs": breadcrumbs((_("My bookings"), "")),
    }
    return render(request, "bookings/mine.html", context)


def _address(request: HttpRequest) -> str:
    """Return the signed-in person's address, in small letters as bookings have it. Views behind a sign-in only."""
    return str(getattr(request.user, "email", "")).lower()


def _row(booking: Booking, email: str) -> dict[str, object]:
    """Return a booking for the list; the link to change it is for the one who booked."""
    own = booking.contact_email == email
    return {"booking": booking, "session": booking.session, "url": link_to(booking) if own else ""}


@private
@require_POST
def subscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Begin (or with `end`, end) the feed of this booking and no other: a link gives only what it opens."""
    owner = OfBooking(own_booking(token).pk)
    return _feed_page(request, owner, back=reverse("bookings:own", kwargs={"token": token}))


@never_cache
@login_required
@require_POST
def subscribe_signed_in(request: HttpRequest) -> HttpResponse:
    """Begin or end the feed of a signed-in person: all bookings of the address, and the sessions he or she holds."""
    return _feed_page(request, OfUser(request.user.pk or 0), back=reverse("bookings:mine"))


def _feed_page(request: HttpRequest, owner: Owner, *, back: str) -> HttpResponse:
    url = ""
    if "end" in request.POST:
        end_feed(owner=owner)
    else:
        url = settings.VAERN_BASE_URL + reverse("bookings:feed", kwargs={"token": begin_feed(owner=owner)})
    context = {
        "url": url,
        "webcal": url.replace("https://", "webcal://").replace("http://", "webcal://"),
        "of_one": isinstance(owner, OfBooking),
        "back": back,
        "breadcrumbs": breadcrumbs((_("Calendar subscription"), "")),
    }
    return render(request, "bookings/feed.html", context)


@private
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return what the feed holds as a calendar: its one booking while it is confirmed, or all that its user has.

    Unknown and ended feeds, and those of users who may not sign in any more, look alike.
    """
    found = CalendarFeed.objects.filter(token_hash=hash_of(token)).select_related("user").first()
    if found is None or (found.user and not found.user.is_active):
        raise Http404
    with translation.override(get_language() or settings.LANGUAGE_CODE):
        events = []
        for booking in _followed(found).filter(state=State.CONFIRMED):
            facts = snapshot(booking, booking.session)
            events.append({**facts, "summary": calendar_summary(facts), "description": calendar_description(facts)})
        events += _held_by(found.user)
        content = calendar_feed(events, name="Værn", organizer=organizer_address(), now=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; method=PUBLISH; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="vaern.ics"'
    return response


def _followed(feed: CalendarFeed) -> QuerySet[Booking]:
    """Return the booking of a feed, or those of the address that its user has now."""
    if feed.user:
        return bookings_of(feed.user.email)
    return Booking.objects.filter(pk=feed.booking_id or 0).select_related("session__workshop", "session__series")


def _held_by(user: User | None) -> list[dict[str, Any]]:
    """Return the sessions that a facilitator holds as events, with the ids of the invitations; nobody is named."""
    if user is None:
        return []
    since = timezone.now() - HELD_SINCE
    rows = Session.objects.exclude(status=Session.Status.CANCELLED).filter(facilitators=user, starts_at__gt=since)
    return [
        {
            **session_snapshot(session, user),
            "booking": session.uuid,
            "sequence": version_now(),
            "summary": translated(session.workshop, get_language() or settings.LANGUAGE_CODE).title,
            "description": _("You hold this session."),
        }
        for session in rows.select_related("workshop").order_by("starts_at", "pk")
    ]
