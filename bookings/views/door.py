"""The poster with the QR code, and the page it leads to: one's own check-in at the door."""

from __future__ import annotations

import io
import uuid

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.domain.walkins import check_in as note_arrival
from bookings.domain.walkins import door_is_open
from bookings.forms.walkins import CheckInForm
from bookings.links import door_token, opens_door
from bookings.models import Session
from bookings.views.attendance import own_session
from bookings.views.own import private
from courses.models import WorkshopPage
from vaern.design.controls import problems
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence as too_many
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs
from vaern.pdf.press import PdfUnavailable, make_pdfs

# A hall full of people stands behind one address of the internet; one e-mail address checks in at a few sessions.
ARRIVING = Door("check-in", network=Limit(300), address=Limit(10), open_when_broken=True)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, session: uuid.UUID, token: str) -> HttpResponse:
    """Ask for one's e-mail address, within the session's hours; the answer is the same whoever it is."""
    row = Session.objects.select_related("workshop").filter(uuid=session).first()
    if row is None or not opens_door(session, token) or row.workshop.audience == WorkshopPage.Audience.CLASS:
        raise Http404
    form = CheckInForm(request.POST if request.method == "POST" else None, audience=row.workshop.audience)
    context = {
        "session": row,
        "workshop": row.workshop,
        "form": form,
        "early": timezone.now() < row.starts_at,
        "breadcrumbs": breadcrumbs((_("Check in"), "")),
    }
    if request.method != "POST" or not form.is_valid() or not door_is_open(row):
        return _form(request, context)
    email, administration = form.cleaned_data["email"], form.cleaned_data.get("administration")
    denied = admit(ARRIVING, network=network_of(request), address=email, weight=form.weight)
    if denied:
        form.add_error(None, too_many(denied))
        return marked(_form(request, context), denied)
    done = note_arrival(session_id=row.pk, email=email, administration_id=administration.pk if administration else None)
    return render(request, "bookings/checked_in.html", context) if done else _form(request, context)


def _form(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    session = context["session"]
    is_open = isinstance(session, Session) and door_is_open(session)
    return render(
        request,
        "bookings/check_in.html",
        {**context, "is_open": is_open, "problems": problems([context["form"]])},  # type: ignore[list-item]
    )


@never_cache
@login_required
@require_safe
def poster(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Show the poster of an own session; nobody's name is on it."""
    row = _with_door(request, session)
    context = {
        **_poster_context(row),
        "breadcrumbs": breadcrumbs(
            (_("My sessions"), reverse("bookings:sessions")),
            (row.workshop.title, reverse("bookings:attendance", kwargs={"session": row.uuid})),
            (_("Poster for the door"), ""),
        ),
    }
    return render(request, "bookings/poster.html", context)


@never_cache
@login_required
@require_safe
def poster_pdf(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Return the poster to print; where no PDF can be made, the page that shows it, which says so."""
    row = _with_door(request, session)
    context = _poster_context(row)
    try:
        [content] = make_pdfs([render_to_string("bookings/print/poster.html", context)])
    except PdfUnavailable:
        return render(request, "bookings/poster.html", {**context, "unavailable": True}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="plakat.pdf"'
    return response


def _with_door(request: HttpRequest, session: uuid.UUID) -> Session:
    row = own_session(request, session)
    if row.workshop.audience == WorkshopPage.Audience.CLASS:
        raise Http404
    return row


def _poster_context(session: Session) -> dict[str, object]:
    where = {"session": session.uuid, "token": door_token(session.uuid)}
    url = settings.VAERN_BASE_URL + reverse("bookings:check_in", kwargs=where)
    return {"session": session, "workshop": session.workshop, "url": url, "code": qr_code(url)}


def qr_code(url: str) -> SafeString:
    """Return a QR code as SVG for a page or a print, readable when a corner of the paper is torn (level M)."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        border=4,
        light="#fff",
        title=str(_("QR code: check in")),
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made here of our own address
