"""A facilitator's sessions, by day: today first, then what misses a report, what is coming, and what was."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import CalendarFeed, Session
from bookings.permissions import may_report, sessions_to_report
from bookings.queries import Overview, overviews, unreported
from vaern.design.formats import COPENHAGEN
from vaern.pages.navigation import breadcrumbs

SHOWN = 30
RECENT = dt.timedelta(days=60)
DAY = dt.timedelta(days=1)


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions that the user reports for, each once."""
    if not may_report(request.user):
        raise PermissionDenied
    now = timezone.now()
    today, tomorrow = _day_around(now)
    mine = sessions_to_report(request.user)
    missing = unreported(now).filter(pk__in=mine.values("pk"), starts_at__lt=today)
    past = mine.filter(starts_at__lt=today, starts_at__gt=now - RECENT).exclude(pk__in=missing.values("pk"))
    parts = {
        "today": mine.filter(starts_at__gte=today, starts_at__lt=tomorrow).order_by("starts_at", "pk"),
        "missing": missing,
        "coming": mine.exclude(status=Session.Status.CANCELLED)
        .filter(starts_at__gte=tomorrow)
        .order_by("starts_at", "pk"),
        "done": past.order_by("-starts_at", "pk"),
    }
    found = _overviews(parts)
    context = {
        **found,
        "coming_days": _by_day(found["coming"]),
        "missing_count": missing.count() if len(found["missing"]) == SHOWN else len(found["missing"]),
        "shown": SHOWN,
        "now": now,
        "feed": CalendarFeed.objects.filter(user=request.user.pk).first(),
        "breadcrumbs": breadcrumbs((_("My sessions"), "")),
    }
    return render(request, "bookings/sessions.html", context)


def _day_around(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the beginning of today and of tomorrow by Copenhagen's clock, also where a day has 23 or 25 hours."""
    today = now.astimezone(COPENHAGEN).date()
    begin, end = (dt.datetime.combine(day, dt.time(), tzinfo=COPENHAGEN) for day in (today, today + DAY))
    return begin, end


def _overviews(parts: dict[str, QuerySet[Session]]) -> dict[str, list[Overview]]:
    """Return the first sessions of each part with their rolls, read all at once."""
    ids = {name: list(part.values_list("pk", flat=True)[:SHOWN]) for name, part in parts.items()}
    wanted = [pk for part in ids.values() for pk in part]
    by_id = {row.session.pk: row for row in overviews(Session.objects.filter(pk__in=wanted))}
    return {name: [by_id[pk] for pk in part] for name, part in ids.items()}


def _by_day(rows: list[Overview]) -> list[dict[str, Any]]:
    days = groupby(rows, key=lambda row: row.session.starts_at.astimezone(COPENHAGEN).date())
    return [{"day": day, "rows": list(those)} for day, those in days]
