"""Views that belong to no product: liveness, readiness and the pages for errors."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vaern.pages.navigation import breadcrumbs


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the process can answer at all; touches no database."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and is migrated, otherwise 503 and which of the two is missing."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    if pending:
        return JsonResponse({"status": "unavailable", "migrations": len(pending)}, status=503)
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say in plain words that a request could not be read: 413 when it was too large, otherwise 400."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain in plain words that the form was too old or came from elsewhere (403)."""
    return render(request, "403_csrf.html", status=403)


@dataclass(frozen=True)
class Door:
    """A place that a signed-in user may work in."""

    title: str
    text: str
    url: str


@never_cache
@login_required
@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    """Show the user's doors by permission; with only one, go straight through it."""
    user = request.user
    doors = [
        Door(title, text, reverse(url_name))
        for permission, title, text, url_name in (
            (
                "bookings.report_own_attendance",
                _("My sessions"),
                _("Report how many came."),
                "bookings:sessions",
            ),
            (
                "bookings.report_any_attendance",
                _("Sessions and attendance"),
                _("What is coming, and what has not been reported."),
                "bookings:sessions",
            ),
            (
                "bookings.view_session",
                _("Workspace"),
                _("Today and next week, and what needs a hand."),
                "workspace_today",
            ),
            (
                "workspace.see_own_administration",
                _("My administration"),
                _("Who of your own administration is on which date."),
                "workspace_administration",
            ),
            (
                "evaluation.view_results",
                _("Evaluations"),
                _("What those who took part answered."),
                "evaluation:overview",
            ),
            (
                "goals.view_goal_rows",
                _("The goals"),
                _("The year's figures and the rows behind them."),
                "goals:coordinator",
            ),
            (
                "wagtailadmin.access_admin",
                _("Staff screens"),
                _("Dates and bookings, pages and users: what your role gives you."),
                "wagtailadmin_home",
            ),
        )
        if user.has_perm(permission)
    ]
    # An administrator has every permission; the same place is one door.
    doors = list({door.url: door for door in doors}.values())
    if len(doors) == 1:
        return redirect(doors[0].url)
    return render(request, "workspace.html", {"doors": doors, "breadcrumbs": breadcrumbs((_("My page"), ""))})
