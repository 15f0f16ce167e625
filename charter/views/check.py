"""Checking a signature by its code, and a receipt by its bytes. No name of a person, and no list."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charter.codes import read, shown
from charter.forms import CheckForm, FileForm
from charter.models import Term
from charter.queries import current_text
from charter.views.private import private
from vaern.design.controls import problems
from vaern.limits.domain import admit
from vaern.limits.doors import Door, Limit
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence as too_many
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs

CHECKING = Door("charter-check", network=Limit(60))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a code, and lead to what it says."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form)
    denied = admit(CHECKING, network=network_of(request), weight=form.weight)
    if denied:
        form.add_error(None, too_many(denied))
        return marked(_form_page(request, form), denied)
    code = read(form.cleaned_data["code"])
    if code and Term.objects.filter(code=code).exists():
        return redirect("charter:verified", code=code)
    form.add_error("code", _("There is no signature with this code. Check that all 17 characters are right."))
    return _form_page(request, form)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a code stands for; with a file, whether it is the receipt to the last byte."""
    term = Term.objects.select_related("text", "receipt").filter(code=read(code) or None).first()
    if term is None:
        return _form_page(request, CheckForm(), unknown=True)
    if request.method != "POST":
        return _page(request, term, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, term, form)
    denied = admit(CHECKING, network=network_of(request), weight=form.weight)
    if denied:
        form.add_error(None, too_many(denied))
        return marked(_page(request, term, form), denied)
    hashed = hashlib.sha256()
    for chunk in form.cleaned_data["file"].chunks():
        hashed.update(chunk)
    receipt = getattr(term, "receipt", None)
    same = receipt is not None and hashed.hexdigest() == receipt.sha256
    return _page(request, term, FileForm(), result="same" if same else "other")


def state_of(term: Term) -> str:
    """Return the word for how a term stands today."""
    if term.end_kind:
        return term.end_kind
    today = timezone.localdate()
    if term.valid_from > today:
        return "coming"
    if term.until <= today:
        return "lapsed"
    current = current_text()
    return "valid" if current is None or current.pk == term.text_id else "valid_earlier_text"


def _page(request: HttpRequest, term: Term, form: FileForm, *, result: str = "") -> HttpResponse:
    context = {
        "term": term,
        "text": term.text,
        "state": state_of(term),
        "receipt": getattr(term, "receipt", None),
        "code": shown(term.code),
        "form": form,
        "problems": problems([form]),
        "result": result,
        "breadcrumbs": _crumbs(),
    }
    return render(request, "charter/verified.html", context)


def _form_page(request: HttpRequest, form: CheckForm, *, unknown: bool = False) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "problems": problems([form]),
        "unknown": unknown,
        "breadcrumbs": _crumbs(),
    }
    return render(request, "charter/check.html", context, status=404 if unknown else 200)


def _crumbs() -> list[dict[str, str]]:
    return breadcrumbs((_("Charter"), reverse("charter:front")), (_("Check a signature"), ""))
