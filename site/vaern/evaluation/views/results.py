"""The results, for coordinators and for facilitators; a file of them by POST, since taking one is recorded."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.models import Session
from bookings.views.booking import in_readers_language
from courses.models import WorkshopPage
from vaern.design.formats import format_date, format_number, local
from vaern.evaluation import results
from vaern.evaluation.domain import record_export
from vaern.evaluation.export import table
from vaern.evaluation.models import Question
from vaern.evaluation.permissions import may_see_all, may_see_some, sessions_to_see
from vaern.evaluation.results import Result
from vaern.evaluation.rules import VARIANT_OF
from vaern.pages.navigation import breadcrumbs

SESSIONS_A_PAGE = 25


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Show the year: all answers and the workshops for those who see all, and the sessions that the user may see."""
    if not may_see_some(request.user):
        raise PermissionDenied
    years = results.years_with_results()
    this_year = timezone.localdate().year
    if year is not None and year not in years and year != this_year:
        raise Http404
    shown = year or this_year
    sees_all = may_see_all(request.user)
    context: dict[str, Any] = {
        "year": shown,
        "years": sorted({*years, this_year}, reverse=True),
        "sees_all": sees_all,
        "breadcrumbs": breadcrumbs((_("Evaluations"), "")),
    }
    if sees_all:
        lines = results.workshops_of(shown)
        context |= {
            "variants": _variants(shown),
            "workshop_headers": [_("Workshop"), _("Answers")],
            "workshops": [
                [
                    format_html(
                        '<a href="{}">{}</a>',
                        reverse(
                            "evaluation:workshop", kwargs={"year": shown, "workshop": line.subject.translation_key}
                        ),
                        line.subject.title,
                    ),
                    format_number(line.number),
                ]
                for line in lines
            ],
        }
    else:
        context |= _sessions(request, sessions_to_see(request.user).filter(starts_at__year=shown))
    return render(request, "evaluation/overview.html", context)


def _variants(year: int) -> list[dict[str, Any]]:
    """Return the year's results by whom was asked."""
    return [
        {"name": label, "results": found}
        for value, label in Question.Variant.choices
        if (found := results.of_year(year, value)) and any(one.number for one in found)
    ]


def _sessions(request: HttpRequest, sessions: Any) -> dict[str, Any]:
    """Return the rows of a list of past sessions, the newest first; those with fewer than five answers say so."""
    past = sessions.filter(ends_at__lte=timezone.now()).exclude(status=Session.Status.CANCELLED)
    page = Paginator(past.select_related("workshop").order_by("-starts_at", "-pk"), SESSIONS_A_PAGE).get_page(
        request.GET.get("page")
    )
    numbers = results.numbers_of(list(page))
    return {
        "session_page": page,
        "session_headers": [_("Date"), _("Workshop"), _("Answers")],
        "sessions": [
            [
                format_html(
                    '<a href="{}">{}</a>',
                    reverse("evaluation:session", kwargs={"session": row.uuid}),
                    format_date(row.starts_at, "plain"),
                ),
                row.workshop.title,
                format_number(numbers[row.pk]) if row.pk in numbers else _("Fewer than five"),
            ]
            for row in page
        ],
    }


@never_cache
@login_required
@require_safe
def workshop(request: HttpRequest, year: int, workshop: uuid.UUID) -> HttpResponse:
    """Show a workshop's results of a year, and its sessions."""
    page = _workshop(request, workshop)
    context = {
        "title": in_readers_language(page).title,
        "year": year,
        "results": results.of_workshop(workshop, year, VARIANT_OF[page.audience]),
        "file_url": reverse("evaluation:workshop_file", kwargs={"year": year, "workshop": workshop}),
        "breadcrumbs": _crumbs(year, page.title),
        "has_sessions": True,
        **_sessions(request, Session.objects.of_workshops([workshop]).filter(starts_at__year=year)),
    }
    return render(request, "evaluation/results.html", context)


@never_cache
@login_required
@require_POST
def workshop_file(request: HttpRequest, year: int, workshop: uuid.UUID) -> HttpResponse:
    """Give a workshop's results of a year as a file, and record who took it."""
    page = _workshop(request, workshop)
    found = results.of_workshop(workshop, year, VARIANT_OF[page.audience], comments=None)
    record_export(scope="workshop", subject_key=f"{workshop}:{year}", actor_id=request.user.pk)
    return _file(found, f"evaluering-{page.slug}-{year}")


@never_cache
@login_required
@require_safe
def session(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Show a session's results."""
    row = _session(request, session)
    context = {
        "title": in_readers_language(row.workshop).title,
        "session": row,
        "results": results.of_session(row, VARIANT_OF[row.workshop.audience]),
        "file_url": reverse("evaluation:session_file", kwargs={"session": session}),
        "breadcrumbs": _crumbs(local(row.starts_at).year, format_date(row.starts_at, "plain")),
    }
    return render(request, "evaluation/results.html", context)


@never_cache
@login_required
@require_POST
def session_file(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Give a session's results as a file, and record who took it."""
    row = _session(request, session)
    found = results.of_session(row, VARIANT_OF[row.workshop.audience], comments=None)
    record_export(scope="session", subject_key=str(row.uuid), actor_id=request.user.pk)
    return _file(found, f"evaluering-{row.workshop.slug}-{local(row.starts_at):%Y-%m-%d}")


def _workshop(request: HttpRequest, workshop: uuid.UUID) -> WorkshopPage:
    """Return the Danish page of a workshop. Raises PermissionDenied for those who see only their own sessions."""
    if not may_see_all(request.user):
        raise PermissionDenied
    found: WorkshopPage = get_object_or_404(
        WorkshopPage.objects.filter(alias_of__isnull=True), translation_key=workshop, locale__language_code="da"
    )
    return found


def _session(request: HttpRequest, session: uuid.UUID) -> Session:
    """Return a session whose results the user may see; another's looks like one that does not exist."""
    if not may_see_some(request.user):
        raise PermissionDenied
    return get_object_or_404(sessions_to_see(request.user).select_related("workshop"), uuid=session)


def _crumbs(year: int, title: str) -> list[dict[str, str]]:
    return breadcrumbs((_("Evaluations"), reverse("evaluation:year", kwargs={"year": year})), (title, ""))


def _file(found: list[Result], name: str) -> HttpResponse:
    response = HttpResponse(table(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
