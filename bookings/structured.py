"""A workshop and its dates as schema.org data (JSON-LD), for search engines and other sites.

A script element of this type is data: a browser never runs it, so the strict policy has nothing to refuse.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bookings.queries import Dated
from bookings.rules import Refusal
from courses.models import WorkshopPage
from courses.templatetags.courses import for_whom
from vaern.design.formats import local

SCHEMA = "https://schema.org/"
AVAILABILITY = {
    Refusal.NOT_OPEN_YET: "PreSale",
    Refusal.FULL: "SoldOut",
    Refusal.TOO_FEW_SEATS: "SoldOut",
    Refusal.APPROVAL_NEEDED: "LimitedAvailability",
}


def workshop_data(workshop: WorkshopPage, dates: list[Dated], request: HttpRequest) -> SafeString:
    """Return the script element that describes a workshop and the dates that its page shows."""
    written = json.dumps(course(workshop, dates, request), ensure_ascii=False)
    # Whatever an editor writes, the element ends where we end it.
    for char in "<>&":
        written = written.replace(char, f"\\u{ord(char):04x}")
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308


def course(workshop: WorkshopPage, dates: list[Dated], request: HttpRequest) -> dict[str, Any]:
    """Return a Course with a CourseInstance, which is an Event, for each date."""
    url = request.build_absolute_uri(workshop.get_url(request) or request.path)
    facts = {
        "@context": SCHEMA.rstrip("/"),
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": workshop.title,
        "description": workshop.description or workshop.intro or workshop.title,
        "provider": _organisation(workshop.provider.name if workshop.provider else "Københavns Kommune"),
        "inLanguage": workshop.languages,
        "educationalLevel": for_whom(workshop),
        "timeRequired": f"PT{workshop.duration_minutes}M",
        "isAccessibleForFree": True,
        "hasCourseInstance": [_instance(workshop, dated, url, request) for dated in dates],
    }
    return {name: value for name, value in facts.items() if value not in ("", [], None)}


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _instance(workshop: WorkshopPage, dated: Dated, url: str, request: HttpRequest) -> dict[str, Any]:
    session = dated.session
    online = bool(session.online_link) or workshop.place == WorkshopPage.Place.ONLINE
    cancelled = session.status == session.Status.CANCELLED
    facts: dict[str, Any] = {
        "@type": ["CourseInstance", "EducationEvent"],
        "@id": f"urn:uuid:{session.uuid}",
        "name": workshop.title,
        "url": f"{url}#datoer",
        "startDate": local(session.starts_at).isoformat(),
        "endDate": local(session.ends_at).isoformat(),
        "courseMode": "Online" if online else "Onsite",
        "eventAttendanceMode": f"{SCHEMA}{'Online' if online else 'Offline'}EventAttendanceMode",
        "eventStatus": f"{SCHEMA}{'EventCancelled' if cancelled else 'EventScheduled'}",
        "inLanguage": session.language,
        "location": _place(session.place, online=online, url=url),
        "organizer": _organisation("Københavns Kommune"),
    }
    if session.capacity_unit == session.Unit.PEOPLE and session.capacity is not None:
        facts["maximumAttendeeCapacity"] = session.capacity
        facts["remainingAttendeeCapacity"] = 0 if cancelled else session.free
    if not cancelled:
        facts["offers"] = _offer(dated, url, request)
    return facts


def _place(place: str, *, online: bool, url: str) -> dict[str, Any]:
    """Return where it is; the link for taking part is for those who have booked, so the page stands for it."""
    if online:
        return {"@type": "VirtualLocation", "url": url}
    return {
        "@type": "Place",
        "name": place or _("At the school that books"),
        "address": place or {"@type": "PostalAddress", "addressLocality": "København", "addressCountry": "DK"},
    }


def _offer(dated: Dated, url: str, request: HttpRequest) -> dict[str, Any]:
    session = dated.session
    kind = "InStock" if dated.refusal is None else AVAILABILITY.get(dated.refusal, "OutOfStock")
    offer: dict[str, Any] = {
        "@type": "Offer",
        "price": 0,
        "priceCurrency": "DKK",
        "availability": f"{SCHEMA}{kind}",
        "url": f"{url}#datoer",
        "availabilityEnds": local(session.booking_ends_at).isoformat(),
    }
    if dated.bookable:
        offer["url"] = request.build_absolute_uri(reverse("bookings:book", kwargs={"session": session.uuid}))
    if session.opens_at:
        offer["validFrom"] = local(session.opens_at).isoformat()
    return offer
