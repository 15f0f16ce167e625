"""The public page of the goals, and the coordinator's page with the rows behind each figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.permissions import may_report
from vaern.design.formats import format_date, format_number
from vaern.goals.measures import Measurement, Row, measure
from vaern.goals.models import GoalYear
from vaern.goals.rules import shown
from vaern.pages.navigation import breadcrumbs

ROWS_A_PAGE = 50
ROWS = "goals.view_goal_rows"


@dataclass(frozen=True)
class PublicFigure:
    """A measurement as everyone may see it: small numbers of persons hidden (None), no rows."""

    goal_year: GoalYear
    measured: Measurement
    value: int | None
    unique_estimate: int | None
    planned_ahead: int | None


def _year(asked: int | None) -> tuple[int, list[int]]:
    """Return the year to show and all years that have goals, newest first. 404 for a year without goals."""
    years = sorted(set(GoalYear.objects.values_list("year", flat=True)), reverse=True)
    this_year = timezone.localdate().year
    year = asked or next((y for y in years if y <= this_year), this_year)
    if asked and asked not in years:
        raise Http404
    return year, years


def _measured(year: int) -> list[Measurement]:
    goal_years = GoalYear.objects.filter(year=year).select_related("goal").order_by("goal__target_group", "goal_id")
    return [measure(goal_year) for goal_year in goal_years]


@require_safe
def public(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Show how the year's goals stand: figures only, small numbers hidden."""
    year, years = _year(year)
    figures = [
        PublicFigure(
            goal_year=found.goal_year,
            measured=found,
            value=shown(found.value),
            unique_estimate=shown(found.unique_estimate),
            planned_ahead=shown(found.planned_ahead),
        )
        for found in _measured(year)
    ]
    context = {
        "year": year,
        "years": years,
        "figures": figures,
        "breadcrumbs": breadcrumbs((_("Goals and results"), "")),
    }
    return render(request, "goals/public.html", context)


@never_cache
@login_required
@permission_required(ROWS, raise_exception=True)
@require_safe
def coordinator(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Show the goals in full, each leading to its rows."""
    year, years = _year(year)
    context = {
        "year": year,
        "years": years,
        "measurements": _measured(year),
        "breadcrumbs": breadcrumbs((_("The goals"), "")),
    }
    return render(request, "goals/coordinator.html", context)


@never_cache
@login_required
@permission_required(ROWS, raise_exception=True)
@require_safe
def rows(request: HttpRequest, year: int, goal: str) -> HttpResponse:
    """Show the classes behind one goal's figure; `vis` narrows to what is unreported or ahead."""
    goal_year = get_object_or_404(GoalYear.objects.select_related("goal"), year=year, goal__key=goal)
    found = measure(goal_year)
    kind = request.GET.get("vis", "")
    kinds = {
        "mangler": [row for row in found.rows if row.unreported],
        "kommende": [row for row in found.rows if row.ahead],
        "talt": [row for row in found.rows if row.took_place is not None],
    }
    page = Paginator(kinds.get(kind, found.rows), ROWS_A_PAGE).get_page(request.GET.get("page"))
    linked = may_report(request.user)
    context = {
        "year": year,
        "found": found,
        "kind": kind if kind in kinds else "",
        "rows": page,
        "headers": [_("Date"), _("Workshop"), _("School"), _("Class"), _("Booked"), _("Came")],
        "cells": [_cells(row, linked=linked) for row in page],
        "numeric": (4, 5),
        "caption": _("Classes behind the figure"),
        "breadcrumbs": breadcrumbs(
            (_("The goals"), reverse("goals:coordinator_year", kwargs={"year": year})),
            (goal_year.goal.title, ""),
        ),
    }
    return render(request, "goals/rows.html", context)


def _cells(row: Row, *, linked: bool) -> list[Any]:
    """Return a row as the table shows it; what nobody has reported is said in words, never as 0 (domain.md §4).

    Its attendance page is `linked` for those who may open one: an approver sees rows and reports nothing.
    """
    if row.present is not None:
        came = format_number(row.present)
    elif row.took_place is False:
        came = _("Did not take place")
    else:
        came = _("Ahead") if row.ahead else _("Not reported")
    attendance = reverse("bookings:attendance", kwargs={"session": row.session.uuid})
    workshop = format_html('<a href="{}">{}</a>', attendance, row.workshop) if linked else row.workshop
    return [
        format_date(row.starts_at, "plain"),
        workshop,
        row.school,
        row.label,
        format_number(row.planned),
        came,
    ]
