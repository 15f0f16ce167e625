"""The signatory's pages behind a secret link: read, sign, confirm by code, say no, name somebody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from charter.domain.errors import Refused
from charter.domain.requests import decline_request
from charter.domain.signing import Read, Signed, ask_for_code, name_other, sign
from charter.forms import CodeForm, DeclineForm, OtherForm, SignForm
from charter.links import hash_of
from charter.models import CharterText, Invitation, Personal, Signature
from charter.prose import compare
from charter.queries import current_text, open_invitation
from charter.rules import masked
from charter.views.private import private
from charter.views.reading import shown_text
from charter.words import refused, statement
from vaern.design.controls import problems
from vaern.limits.domain import Denied, admit
from vaern.limits.doors import Door, Limit
from vaern.limits.forms import GuardedForm
from vaern.limits.networks import network_of
from vaern.limits.texts import sentence as too_many
from vaern.limits.views import marked
from vaern.pages.navigation import breadcrumbs

# Shut while nobody can count: it sends codes, and takes guesses at them.
SIGNING = Door("charter-sign", network=Limit(60), address=Limit(30))
SALT = "charter.pending"
PENDING_LASTS = 30 * 60
POSTS = ["GET", "HEAD", "POST"]


@private
@require_http_methods(POSTS)
def sign_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the text before anything is asked; a POST sends the code."""
    invitation = _invitation(token)
    text = current_text()
    if invitation is None or text is None:
        return _gone(request)
    said = statement(text, invitation.request.partner.organisation.name)
    if request.method != "POST":
        return _reading_page(request, token, invitation, text, _new_form(invitation, text, said))
    form = SignForm(request.POST, statement=said)
    if not form.is_valid():
        return _reading_page(request, token, invitation, text, form)
    denied = _admit(request, invitation, form)
    if denied:
        return marked(_reading_page(request, token, invitation, text, form), denied)
    try:
        ask_for_code(invitation_id=invitation.pk, text_sha256=form.cleaned_data["text"], origin=_origin(request))
    except Refused as error:
        return _refused_reading(request, token, error, shown=form.cleaned_data["text"])
    values = {name: form.cleaned_data[name] for name in ("text", "name", "title", "on_public_list")}
    pending = signing.dumps({**values, "statement": said, "invitation": str(invitation.uuid)}, salt=SALT)
    return _code_page(request, token, invitation, CodeForm(initial={"pending": pending}))


@private
@require_http_methods(POSTS)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Take the code and sign; the same form again answers the same."""
    invitation = Invitation.objects.with_whole().filter(token_hash=hash_of(token)).first()
    if invitation is None:
        return _gone(request)
    pending = _pending(request.POST.get("pending", ""), invitation)
    if pending is None:
        return redirect("charter:sign", token=token)
    if "again" in request.POST:
        return _again(request, token, invitation, pending)
    return _with_code(request, token, invitation, pending)


def _with_code(request: HttpRequest, token: str, invitation: Invitation, pending: dict[str, Any]) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, token, invitation, form)
    denied = _admit(request, invitation, form)
    if denied:
        return marked(_code_page(request, token, invitation, form), denied)
    read = Read(pending["text"], pending["statement"], pending["name"], pending["title"], pending["on_public_list"])
    try:
        done = sign(invitation_id=invitation.pk, read=read, answer=form.cleaned_data["code"], origin=_origin(request))
    except Refused as error:
        if error.why != Refused.CODE:
            return _refused_reading(request, token, error, shown=pending["text"])
        form.add_error("code", refused(error.why))
        return _code_page(request, token, invitation, form)
    return _done(request, invitation, done)


@private
@require_http_methods(POSTS)
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, and say no on POST."""
    invitation = _invitation(token)
    if invitation is None:
        return _gone(request)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_request(invitation_id=invitation.pk)
        except Refused:
            return _gone(request)
        return render(request, "charter/declined.html", {"breadcrumbs": _crumbs()})
    return _page(request, "charter/decline.html", token, invitation, form)


@private
@require_http_methods(POSTS)
def other(request: HttpRequest, token: str) -> HttpResponse:
    """Name who must sign instead."""
    invitation = _invitation(token)
    if invitation is None:
        return _gone(request)
    form = OtherForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "charter/other.html", token, invitation, form)
    denied = _admit(request, invitation, form)
    if denied:
        return marked(_page(request, "charter/other.html", token, invitation, form), denied)
    values = {name: form.cleaned_data[name] for name in ("name", "title", "email")}
    try:
        name_other(invitation_id=invitation.pk, **values)
    except Refused as error:
        if error.why == Refused.GONE:
            return _gone(request)
        form.add_error("email", refused(error.why))
        return _page(request, "charter/other.html", token, invitation, form)
    return render(request, "charter/named.html", {"breadcrumbs": _crumbs()})


# -- pieces -----------------------------------------------------------------------------------------------


def _invitation(token: str) -> Invitation | None:
    """Return the invitation that a link opens, if there is still something to sign with it."""
    invitation = open_invitation(hash_of(token), timezone.now())
    text = current_text()
    if invitation is None or text is None:
        return None
    signed = Signature.objects.filter(
        request_uuid=invitation.request.uuid, signatory_uuid=invitation.signatory.uuid, text=text
    )
    return None if signed.exists() else invitation


def _gone(request: HttpRequest) -> HttpResponse:
    """Answer for unknown, wrong, expired, used and ended links alike."""
    return render(request, "charter/gone.html", {"breadcrumbs": _crumbs()}, status=404)


def _new_form(invitation: Invitation, text: CharterText, said: str) -> SignForm:
    initial = {"text": text.sha256, "name": "", "title": invitation.signatory.title}
    return SignForm(statement=said, initial=initial)


def _reading_page(
    request: HttpRequest, token: str, invitation: Invitation, text: CharterText, form: SignForm, *, seen: str = ""
) -> HttpResponse:
    """Render the text with the form; what differs from the text that was `seen`, or sent, stands above."""
    before = _seen(seen) if seen else invitation.request.text
    changed = before is not None and before.pk != text.pk
    context = {
        **shown_text(text),
        **_context(token, invitation, form),
        "before": before if changed else None,
        "changes": compare(before.body_da, text.body_da) if before is not None and changed else [],
        "stale": bool(seen),
    }
    return render(request, "charter/sign.html", context, status=409 if seen else 200)


def _seen(sha256: str) -> CharterText | None:
    return CharterText.objects.published().filter(sha256=sha256).first()


def _refused_reading(request: HttpRequest, token: str, error: Refused, *, shown: str) -> HttpResponse:
    """Show the text as it is now, with what has changed, or why it cannot be signed."""
    invitation, text = _invitation(token), current_text()
    if invitation is None or text is None or error.why == Refused.GONE:
        return _gone(request)
    form = _new_form(invitation, text, statement(text, invitation.request.partner.organisation.name))
    if error.why == Refused.STALE:
        return _reading_page(request, token, invitation, text, form, seen=shown)
    return _page(request, "charter/early.html", token, invitation, form)


def _code_page(request: HttpRequest, token: str, invitation: Invitation, form: CodeForm) -> HttpResponse:
    return _page(request, "charter/code.html", token, invitation, form)


def _page(request: HttpRequest, template: str, token: str, invitation: Invitation, form: GuardedForm) -> HttpResponse:
    return render(request, template, _context(token, invitation, form))


def _context(token: str, invitation: Invitation, form: GuardedForm) -> dict[str, Any]:
    return {
        "token": token,
        "invitation": invitation,
        "organisation": invitation.request.partner.organisation.name,
        "address": masked(invitation.signatory.email),
        "form": form,
        "problems": problems([form]),
        "breadcrumbs": _crumbs(),
    }


def _again(request: HttpRequest, token: str, invitation: Invitation, pending: dict[str, Any]) -> HttpResponse:
    """Send another code, unless one has just been sent."""
    form = CodeForm(initial={"pending": request.POST["pending"]})
    denied = admit(SIGNING, network=network_of(request), address=str(invitation.uuid))
    if denied:
        messages.error(request, too_many(denied))
        return marked(_code_page(request, token, invitation, form), denied)
    try:
        ask_for_code(invitation_id=invitation.pk, text_sha256=pending["text"], origin=_origin(request))
    except Refused as error:
        return _refused_reading(request, token, error, shown=pending["text"])
    messages.success(request, _("A code is on its way. If it was asked for within the last minute, use that one."))
    return _code_page(request, token, invitation, form)


def _pending(written: str, invitation: Invitation) -> dict[str, Any] | None:
    """Return what was answered on the reading page, or None for what is not ours, of another link or too old."""
    try:
        values: dict[str, Any] = signing.loads(written, salt=SALT, max_age=PENDING_LASTS)
    except signing.BadSignature:
        return None
    return values if values["invitation"] == str(invitation.uuid) else None


def _done(request: HttpRequest, invitation: Invitation, done: Signed) -> HttpResponse:
    if done.term is None:
        return render(request, "charter/partly.html", {"breadcrumbs": _crumbs()})
    text = _("Thank you, it is signed. We send the receipt to %(address)s.")
    messages.success(request, text % {"address": masked(invitation.signatory.email)})
    return redirect("charter:verified", code=done.term.code)


def _admit(request: HttpRequest, invitation: Invitation, form: GuardedForm) -> Denied | None:
    """Count at the door; a denial is written into the form."""
    denied = admit(SIGNING, network=network_of(request), address=str(invitation.uuid), weight=form.weight)
    if denied:
        form.add_error(None, too_many(denied))
    return denied


def _origin(request: HttpRequest) -> dict[str, str]:
    return {
        Personal.Name.NETWORK: network_of(request),
        Personal.Name.BROWSER: request.META.get("HTTP_USER_AGENT", "")[:300],
    }


def _crumbs() -> list[dict[str, str]]:
    return breadcrumbs((_("Charter"), reverse("charter:front")), (_("Sign"), ""))
