"""The facilitator's pages: own sessions, and how many came. Made for a phone in a classroom."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.domain.attendance import MorePresentThanPlanned, Overtaken, report_attendance, reportable_lines
from bookings.domain.booking import Refused
from bookings.domain.locking import Busy
from bookings.forms import AttendanceKeyForm, LineAttendanceForm
from bookings.models import AttendanceRecord, GroupLine, Session
from bookings.permissions import may_report, sessions_to_report
from bookings.queries import overviews, unreported
from bookings.rules import reporting
from bookings.texts import sentence
from vaern.design.controls import problems
from vaern.pages.navigation import breadcrumbs

SHOWN = 30
RECENT = dt.timedelta(days=60)


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions that the user reports for: those that miss a report first, then the coming, then the recent."""
    if not may_report(request.user):
        raise PermissionDenied
    now = timezone.now()
    mine = sessions_to_report(request.user)
    missing = unreported(now).filter(pk__in=mine.values("pk"))
    begun = mine.filter(starts_at__lte=now, starts_at__gt=now - RECENT).exclude(pk__in=unreported(now).values("pk"))
    coming = mine.exclude(status=Session.Status.CANCELLED).filter(starts_at__gt=now)
    context = {
        "missing": overviews(missing[:SHOWN]),
        "missing_count": missing.count(),
        "coming": overviews(coming.order_by("starts_at", "pk")[:SHOWN]),
        "done": overviews(begun.order_by("-starts_at", "pk")[:SHOWN]),
        "shown": SHOWN,
        "breadcrumbs": breadcrumbs((_("My sessions"), "")),
    }
    return render(request, "bookings/sessions.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Show the classes of a session, and record how many came."""
    if not may_report(request.user):
        raise PermissionDenied
    # Another facilitator's session looks like one that does not exist.
    row = get_object_or_404(sessions_to_report(request.user).select_related("workshop"), uuid=session)
    data = request.POST if request.method == "POST" else None
    forms = _line_forms(row, data)
    key_form = AttendanceKeyForm(data) if data is not None else AttendanceKeyForm(initial={"key": uuid.uuid4()})
    status, error, more = 200, "", []
    if data is not None and all([key_form.is_valid(), *(form.is_valid() for form in forms)]):
        try:
            written = report_attendance(
                session_id=row.pk,
                reports=[report for form in forms if (report := form.report())],
                client_key=key_form.cleaned_data["key"],
                actor_id=request.user.pk,
                more_is_right=key_form.cleaned_data["more_is_right"],
            )
        except Overtaken as overtaken:
            forms = _shown_anew(row, request.POST, overtaken.line_ids)
        except MorePresentThanPlanned as found:
            more = found.labels
            key_form = AttendanceKeyForm({"key": key_form.cleaned_data["key"], "more_is_right": "on"})
        except Refused as refused:
            error = sentence(refused.why)
        except GroupLine.DoesNotExist:
            # A booking was cancelled after the forms were built: those of the classes that are left keep their numbers.
            forms = _line_forms(row, data)
            error = _("The classes of this session have changed. Look the form through and save again.")
        except Busy:
            status, error = (
                409,
                _("The system is busy right now. Your numbers are kept: press the button again in a moment."),
            )
        else:
            if written:
                messages.success(request, _("Attendance is saved. Thank you."))
            else:
                messages.info(request, _("Nothing was changed."))
            return redirect("bookings:attendance", session=row.uuid)
    elif data is not None and key_form.errors:
        key_form = AttendanceKeyForm(initial={"key": uuid.uuid4()})
        error = _("The form was incomplete. Look it through and send it again.")
    refusal = reporting(starts_at=row.starts_at, cancelled=row.status == Session.Status.CANCELLED, now=timezone.now())
    context = {
        "session": row,
        "workshop": row.workshop,
        "line_forms": forms,
        "place": row.place_for(form.line.booking.school_name for form in forms),
        "key_form": key_form,
        "refusal": sentence(refusal) if refusal else "",
        "error": error,
        "more": more,
        "problems": list(problems(forms)),
        "has_errors": bool(error) or any(form.errors for form in forms),
        "breadcrumbs": breadcrumbs((_("My sessions"), reverse("bookings:sessions")), (row.workshop.title, "")),
    }
    return render(request, "bookings/attendance.html", context, status=status)


def _line_forms(session: Session, data: Any) -> list[LineAttendanceForm]:
    """Return a form for each class of the session; `data` is what was sent, or None."""
    history: dict[int, list[AttendanceRecord]] = defaultdict(list)
    for record in AttendanceRecord.objects.filter(line__session=session).order_by("pk"):
        history[record.line_id].append(record)
    return [LineAttendanceForm(data, line=line, history=history[line.pk]) for line in reportable_lines(session)]


def _shown_anew(session: Session, data: QueryDict, line_ids: list[int]) -> list[LineAttendanceForm]:
    """Return the forms as sent, with an error where somebody else has changed a class; sent again, they correct it."""
    again = data.copy()
    for form in _line_forms(session, None):
        again[form.add_prefix("seen")] = str(form.record.pk) if form.record else ""
    forms = _line_forms(session, again)
    for form in forms:
        if form.is_valid() and form.line.pk in line_ids and form.record:
            text = _("Somebody else has changed this to %(pupils)s. Look at it and save again.")
            known = form.record.get_reason_display() or form.record.pupils_present
            form.add_error("pupils", text % {"pupils": known})
    return forms
