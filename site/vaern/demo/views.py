"""The page "Demo-postkasse": what was sent, with links to follow and files to open."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vaern.demo.models import DemoMail
from vaern.outbox.models import Message
from vaern.pages.navigation import breadcrumbs

MAILS_A_PAGE = 30


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first, those of one recipient when `til` is given."""
    recipient = request.GET.get("til", "")[:254]
    mails = DemoMail.objects.filter(recipient__iexact=recipient) if recipient else DemoMail.objects.all()
    context = {
        "mails": Paginator(mails, MAILS_A_PAGE).get_page(request.GET.get("page")),
        "recipient": recipient,
        "waiting": Message.objects.filter(state=Message.State.PENDING).count(),
        "breadcrumbs": breadcrumbs((_("Demo mailbox"), "")),
    }
    return render(request, "demo/mailbox.html", context)


@never_cache
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail, with its links and files."""
    row = get_object_or_404(DemoMail, pk=pk)
    context = {
        "mail": row,
        "files": [(index, part.get_filename(), part["Content-Type"]) for index, part in enumerate(_files(row))],
        "breadcrumbs": breadcrumbs((_("Demo mailbox"), "../"), (row.subject, "")),
    }
    return render(request, "demo/mail.html", context)


@never_cache
@require_safe
def attachment(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Return one file of a mail, with the type it was sent with."""
    files = _files(get_object_or_404(DemoMail, pk=pk))
    if part >= len(files):
        raise Http404
    file = files[part]
    content = file.get_payload(decode=True)
    response = HttpResponse(content, content_type=str(file["Content-Type"]))
    response["Content-Disposition"] = f'attachment; filename="{file.get_filename()}"'
    return response


def _files(row: DemoMail) -> list[EmailMessage]:
    parsed = email.message_from_bytes(bytes(row.raw), policy=email.policy.default)
    return list(parsed.iter_attachments())
