"""The roll on paper, and as a file that goes out and comes back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.domain.attendance import (
    LineReport,
    MorePresentThanPlanned,
    Overtaken,
    PersonReport,
    Report,
    more_than_planned,
    note_export,
    refused_now,
    report_attendance,
    says_the_same,
)
from bookings.domain.booking import Refused
from bookings.domain.locking import Busy
from bookings.forms.rollfile import RollFileForm
from bookings.models import GroupLine, Session
from bookings.roll import Roll, roll_of
from bookings.rollfile import Checked, UnreadableFile, as_csv, as_xlsx, check, code_of, read_table, rows_of
from bookings.texts import came, saved, sentence, would_be
from bookings.views.attendance import own_session
from vaern.design.controls import problems
from vaern.design.formats import COPENHAGEN
from vaern.pages.navigation import breadcrumbs
from vaern.pdf.press import PdfUnavailable, make_pdfs

SALT = "bookings.rollfile"
PREVIEW_LASTS = 60 * 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EMPTY_ROWS = 6


@never_cache
@login_required
@require_POST
def paper_list(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Return the roll to print: names and classes, no addresses and no telephone numbers. Noted in the audit."""
    row = own_session(request, session)
    context = {
        "session": row,
        "workshop": row.workshop,
        "language": get_language(),
        "rows": _for_paper(roll_of(row)),
        "empty_rows": range(EMPTY_ROWS),
        "printed_at": timezone.now(),
    }
    try:
        [content] = make_pdfs([render_to_string("bookings/print/roll.html", context)])
    except PdfUnavailable:
        return _page(request, row, {"error": _("The list cannot be printed right now. Use the file instead.")}, 503)
    note_export(session=row, kind="pdf", actor_id=request.user.pk)
    return _download(content, "application/pdf", _file_name(row, "pdf"))


def _for_paper(roll: Roll) -> list[dict[str, Any]]:
    return [
        {"code": code_of(subject), "row": row, "is_class": subject[0] == "line"}
        for subject, row in roll.subjects.items()
        if subject[0] != "walk_in"
    ]


@never_cache
@login_required
@require_POST
def template_file(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Return the roll as a file to fill in, as CSV or (with `xlsx`) as a workbook. Noted in the audit."""
    row = own_session(request, session)
    rows = rows_of(roll_of(row), english=get_language() == "en")
    is_workbook = "xlsx" in request.POST
    content = as_xlsx(rows) if is_workbook else as_csv(rows)
    ending = "xlsx" if is_workbook else "csv"
    note_export(session=row, kind=ending, actor_id=request.user.pk)
    kind = XLSX if is_workbook else "text/csv; charset=utf-8"
    return _download(content, kind, _file_name(row, ending))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Take a filled-in list: first it is shown what it would change, then that is saved, all of it or nothing."""
    row = own_session(request, session)
    if request.method != "POST":
        return _page(request, row, {})
    refusal = refused_now(row)
    if refusal:
        return _page(request, row, {"error": sentence(refusal)})
    if "confirm" in request.POST:
        return _confirmed(request, row)
    form = RollFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, {"form": form})
    roll = roll_of(row)
    try:
        checked = check(read_table(form.cleaned_data["file"].read()), roll)
    except UnreadableFile as unreadable:
        form.add_error("file", str(unreadable))
        return _page(request, row, {"form": form})
    return _page(request, row, _preview(row, roll, checked))


def _preview(session: Session, roll: Roll, checked: Checked) -> dict[str, Any]:
    """Return what the page says of a file: its wrong rows, or what it would change."""
    if checked.problems:
        return {"wrong_rows": checked.problems}
    rows, news = [], []
    for report in checked.reports:
        before = roll.last(report.subject)
        if says_the_same(before, report):
            continue
        line = roll.subjects[report.subject]
        rows.append(
            {
                "who": getattr(line, "label", "") or getattr(line, "name", "") or code_of(report.subject),
                "before": came(before) if before else _("not reported"),
                "after": would_be(report),
                "more": bool(more_than_planned(roll, report)),
            }
        )
        news.append(report)
    payload = {"session": str(session.uuid), "key": str(uuid.uuid4()), "reports": [_packed(each) for each in news]}
    return {
        "preview": rows,
        "unchanged": len(checked.reports) - len(rows),
        "empty": checked.empty,
        "has_preview": True,
        "payload": signing.dumps(payload, salt=SALT, compress=True),
    }


def _confirmed(request: HttpRequest, session: Session) -> HttpResponse:
    """Save what a preview has shown; the same one sent again is the same records."""
    try:
        payload = signing.loads(request.POST.get("payload", ""), salt=SALT, max_age=PREVIEW_LASTS)
        reports = [_unpacked(each) for each in payload["reports"]]
        if payload["session"] != str(session.uuid):
            raise signing.BadSignature
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return _page(request, session, {"error": _("Nothing was saved. Send the file again.")})
    try:
        written = report_attendance(
            session_id=session.pk,
            reports=reports,
            client_key=uuid.UUID(payload["key"]),
            actor_id=request.user.pk,
            more_is_right=True,
            source="file",
        )
    except (Overtaken, GroupLine.DoesNotExist, MorePresentThanPlanned):
        error = _("Nothing was saved: the list has changed since you sent the file. Send it again.")
        return _page(request, session, {"error": error})
    except Refused as refused:
        return _page(request, session, {"error": " ".join((_("Nothing was saved."), sentence(refused.why)))})
    except Busy:
        return _page(request, session, {"error": _("The system is busy right now. Send the file again.")}, 409)
    if written:
        messages.success(request, " ".join((_("Attendance is saved. Thank you."), saved(roll_of(session), written))))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("bookings:attendance", session=session.uuid)


def _packed(report: Report) -> list[Any]:
    if isinstance(report, LineReport):
        return ["line", report.line_id, report.pupils, report.adults, report.reason, report.seen_id]
    if isinstance(report, PersonReport):
        return ["person", report.person_id, report.present, report.reason, report.seen_id]
    raise TypeError("a file has no walk-ins")


def _unpacked(said: list[Any]) -> Report:
    kind, pk, *values = said
    if kind == "line":
        pupils, adults, reason, seen = values
        return LineReport(pk, not reason, pupils, adults, reason, seen_id=seen)
    present, reason, seen = values
    return PersonReport(pk, present, reason, seen_id=seen)


def _page(request: HttpRequest, session: Session, context: dict[str, Any], status: int = 200) -> HttpResponse:
    form = context.get("form") or RollFileForm()
    whole = {
        "session": session,
        "workshop": session.workshop,
        **context,
        "form": form,
        "problems": list(problems([form])),
        "has_errors": bool(context.get("error") or context.get("wrong_rows") or form.errors),
        "breadcrumbs": breadcrumbs(
            (_("My sessions"), reverse("bookings:sessions")),
            (session.workshop.title, reverse("bookings:attendance", kwargs={"session": session.uuid})),
            (_("List as a file"), ""),
        ),
    }
    return render(request, "bookings/roll_file.html", whole, status=status)


def _file_name(session: Session, ending: str) -> str:
    word = "attendance" if get_language() == "en" else "fremmoede"
    return f"{word}-{session.starts_at.astimezone(COPENHAGEN):%Y-%m-%d}.{ending}"


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
