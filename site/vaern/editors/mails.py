"""The editors' messages: reviews and approvals. Titles and addresses are read when the message is written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page

from vaern.editors.queries import with_review
from vaern.outbox.registry import Mail, renders


def edit_url(page_id: int) -> str:
    """Return the whole address where a page is edited."""
    return str(settings.VAERN_BASE_URL + reverse("wagtailadmin_pages:edit", args=[page_id]))


@renders("editors.review", name=gettext_lazy("Review of pages"))
def review(context: dict[str, Any]) -> Mail:
    """Return the message about pages to review; `context` is {"pages": [numbers]}."""
    pages = with_review().filter(pk__in=context["pages"]).order_by("review_day", "pk")
    today = timezone.localdate()
    lines = []
    for page in pages:
        said = _("overdue since %(day)s") if page.review_day and page.review_day < today else _("due on %(day)s")
        day = date_format(page.review_day, "j. F Y") if page.review_day else ""
        lines.append(f"{page.title}: {said % {'day': day}}\n{edit_url(page.pk)}")
    body = _(
        "You are responsible for these pages of Værn. Read each of them, mend what is no longer right, and choose "
        "“Reviewed today” in the list:\n\n%(pages)s\n\nThe list: %(list)s"
    )
    return Mail(
        subject=ngettext("A page of yours is due for review", "%(count)d pages of yours are due for review", len(lines))
        % {"count": len(lines)},
        body=body
        % {"pages": "\n\n".join(lines), "list": settings.VAERN_BASE_URL + reverse("editors_reviews") + "?mine=on"},
    )


def _title(context: dict[str, Any]) -> str:
    page = Page.objects.filter(pk=context["page"]).first()
    return str(page.get_latest_revision_as_object().title) if page else _("a page that has been deleted")


@renders("editors.to_approve", name=gettext_lazy("A page to approve"))
def to_approve(context: dict[str, Any]) -> Mail:
    """Return the message to one who may approve a page; `context` is {"page": number}."""
    title = _title(context)
    return Mail(
        subject=_("To approve: %(title)s") % {"title": title},
        body=_(
            "“%(title)s” waits for approval. Two people who did not write it approve it, each by themselves.\n\n"
            "Read it and decide: %(url)s"
        )
        % {"title": title, "url": edit_url(context["page"])},
    )


@renders("editors.approved", name=gettext_lazy("A page is approved"))
def approved(context: dict[str, Any]) -> Mail:
    """Return the message to the one who asked for approval: it is approved and published, or will be at its time."""
    title = _title(context)
    return Mail(
        subject=_("Approved: %(title)s") % {"title": title},
        body=_(
            "“%(title)s” has been approved by two people. It is published, or will be at the time you set.\n\n%(url)s"
        )
        % {"title": title, "url": edit_url(context["page"])},
    )


@renders("editors.rejected", name=gettext_lazy("A page is sent back"))
def rejected(context: dict[str, Any]) -> Mail:
    """Return the message to the one who asked for approval: something is to be changed. The comment is in the admin."""
    title = _title(context)
    return Mail(
        subject=_("To be changed: %(title)s") % {"title": title},
        body=_("Somebody asks you to change “%(title)s” before it is approved. The comment is here:\n\n%(url)s")
        % {"title": title, "url": edit_url(context["page"])},
    )
