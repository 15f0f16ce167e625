"""Getting one's certificate from the own page, and checking one that somebody shows. A GET changes nothing."""

from __future__ import annotations

import hashlib
import hmac
import logging
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.views.own import own_booking, private
from vaern.certificates.domain.issuing import FileChanged, NotForThem, issue, print_missing, read
from vaern.certificates.forms import CodeForm, FileForm, NameForm
from vaern.certificates.models import Certificate
from vaern.certificates.printout import certificate_html
from vaern.certificates.rules import Standing, folded, plain_code, shown_code
from vaern.design.controls import problems
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs
from vaern.pdf.press import PdfUnavailable, make_pdfs

logger = logging.getLogger(__name__)
# Nobody can try out names by the thousand.
CHECKING = Door("certificate", network=Limit(30))
MAKING = Door("certificate-pdf", network=Limit(60), open_when_broken=True)


# -- the holder -------------------------------------------------------------------------------------------


@private
@require_POST
def make(request: HttpRequest, token: str, holder: str) -> HttpResponse:
    """Make the certificate of somebody of the booking, or find the one there is, and lead to its PDF."""
    booking = own_booking(token)
    denied = admit(MAKING, network=network_of(request))
    if denied:
        messages.error(request, sentence(denied))
        return redirect("bookings:own", token=token)
    try:
        certificate = issue(booking_id=booking.pk, holder=holder)
    except NotForThem:
        raise Http404 from None
    try:
        print_missing(of=[certificate], page=certificate_html, press=make_pdfs)
    except PdfUnavailable as error:
        logger.warning("a certificate is not printed: %s", error)
        messages.info(request, _("The certificate is made, but its PDF is not ready yet. Come back in a while."))
        return redirect("bookings:own", token=token)
    return redirect("certificates:file", token=token, code=certificate.code)


@private
@require_safe
def file(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """Hand out the PDF of a certificate of the booking behind the link."""
    booking = own_booking(token)
    certificate = get_object_or_404(Certificate, booking=booking, code=plain_code(code), ended_at=None)
    if not certificate.file:
        raise Http404
    return pdf_response(certificate)


def pdf_response(certificate: Certificate) -> HttpResponse:
    """Return the PDF as it was made. One that has been changed is not handed out: 404, and an error in the log."""
    try:
        content = read(certificate)
    except FileChanged:
        logger.exception("a certificate's file is not what was made")
        raise Http404 from None
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="deltagerbevis-{certificate.shown_code}.pdf"'
    return response


# -- anybody ----------------------------------------------------------------------------------------------


@private
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for a code, and lead to what is known of it."""
    form = CodeForm(request.GET if "kode" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("certificates:verify", code=shown_code(form.cleaned_data["kode"]))
    return _look_up_page(request, form, status=422 if form.is_bound else 200)


def _look_up_page(request: HttpRequest, form: CodeForm, *, unknown: bool = False, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "unknown": unknown,
        "problems": problems([form]),
        "breadcrumbs": breadcrumbs((_("Check a certificate"), "")),
    }
    return render(request, "certificates/look_up.html", context, status=status)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say how a certificate stands; a POST compares a name or a file with it, and keeps neither."""
    certificate = Certificate.objects.filter(code=plain_code(code)).exclude(sha256="").first()
    if certificate is None:
        return _look_up_page(request, CodeForm(initial={"kode": code[:40]}), unknown=True, status=404)
    if request.method != "POST":
        return _verify_page(request, certificate)
    by_file = "compare_file" in request.POST
    form: forms.Form = FileForm(request.POST, request.FILES) if by_file else NameForm(request.POST)
    if not form.is_valid():
        return _verify_page(request, certificate, form=form, status=422)
    denied = admit(CHECKING, network=network_of(request))
    if denied:
        form.add_error(None, sentence(denied))
        return marked(_verify_page(request, certificate, form=form), denied)
    if by_file:
        same = hmac.compare_digest(_hash_of(form.cleaned_data["pdf"]), certificate.sha256)
        return _verify_page(request, certificate, compared="file", same=same)
    given, printed = folded(form.cleaned_data["name"]), folded(certificate.name)
    same = bool(printed) and hmac.compare_digest(given.encode(), printed.encode())
    return _verify_page(request, certificate, compared="name", same=same)


def _hash_of(uploaded: UploadedFile) -> str:
    digest = hashlib.sha256()
    for part in uploaded.chunks():
        digest.update(part)
    return digest.hexdigest()


def _verify_page(
    request: HttpRequest,
    certificate: Certificate,
    *,
    form: forms.Form | None = None,
    compared: str = "",
    same: bool = False,
    status: int = 200,
) -> HttpResponse:
    standing = certificate.standing_on(timezone.localdate())
    context: dict[str, Any] = {
        "certificate": certificate,
        "standing": standing.value,
        "holds": standing is Standing.VALID,
        "form": form,
        "name_form": form if isinstance(form, NameForm) else NameForm(),
        "file_form": form if isinstance(form, FileForm) else FileForm(),
        "can_compare_name": bool(certificate.name),
        "compared": compared,
        "same": same,
        "breadcrumbs": breadcrumbs((_("Check a certificate"), "")),
    }
    return render(request, "certificates/verify.html", context, status=status)
