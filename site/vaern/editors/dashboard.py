"""The panels of those who write and approve pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, TaskState

from vaern.cms.dashboard import ROWS, DashboardPanel, Listing, Row, first_rows, register_panel
from vaern.editors.queries import may_edit_pages, with_review


def _edit(page_id: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def my_drafts(request: HttpRequest) -> Listing:
    """Return the pages whose newest draft is the user's and not public."""
    pages = Page.objects.filter(has_unpublished_changes=True, latest_revision__user=request.user)
    count, rows = first_rows(pages.select_related("latest_revision").order_by("-latest_revision_created_at"))
    return Listing(
        count,
        [
            Row(
                page.draft_title or page.title,
                _edit(page.pk),
                date_format(_local(page.latest_revision_created_at), "j. F Y"),
            )
            for page in rows
        ],
        reverse("wagtailadmin_explore_root"),
    )


def _local(moment: Any) -> Any:
    return timezone.localtime(moment) if moment else timezone.localtime()


def to_approve(request: HttpRequest) -> Listing:
    """Return what waits for the user's decision, the oldest first."""
    states = TaskState.objects.reviewable_by(request.user).select_related("revision", "task").order_by("started_at")
    waiting = list(states)
    return Listing(
        len(waiting),
        [
            Row(
                state.revision.object_str or "",
                _edit(state.revision.object_id),
                _("%(task)s, since %(day)s")
                % {"task": state.task.name, "day": date_format(_local(state.started_at), "j. F Y")},
            )
            for state in waiting[:ROWS]
        ],
        reverse("wagtailadmin_reports:workflow_tasks"),
    )


def overdue(request: HttpRequest) -> Listing:
    """Return the public pages whose review is overdue, the oldest first."""
    pages = with_review().live().filter(review_day__lt=timezone.localdate())
    count, rows = first_rows(pages.order_by("review_day", "pk"))
    return Listing(
        count,
        [Row(page.title, _edit(page.pk), date_format(page.review_day, "j. F Y")) for page in rows],
        reverse("editors_reviews") + "?state=overdue",
    )


def may_approve(user: Any) -> bool:
    """Say whether the user is one of those whom workflows ask; approvers write the year's goals too."""
    return bool(user.has_perm("editors.approve_guidance"))


register_panel(
    DashboardPanel(
        "drafts",
        gettext_lazy("My drafts"),
        gettext_lazy("You have no unfinished drafts."),
        may_edit_pages,
        my_drafts,
        10,
    )
)
register_panel(
    DashboardPanel(
        "to-approve", gettext_lazy("To approve"), gettext_lazy("Nothing waits for you."), may_approve, to_approve, 20
    )
)
register_panel(
    DashboardPanel(
        "overdue",
        gettext_lazy("Reviews overdue"),
        gettext_lazy("Every page has been reviewed in time."),
        may_edit_pages,
        overdue,
        30,
    )
)
