"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import PublishMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from vaern.cms.dashboard import Dashboard
from vaern.cms.staff import KeepingPolicy
from vaern.editors import views
from vaern.editors.admin import UrgentMessageViewSet
from vaern.editors.queries import may_edit_pages
from vaern.editors.reports import CheckReport, ReviewReport
from vaern.pages.approval import NotApprovedError, require_approvals
from vaern.pages.checks.service import check_pages
from vaern.pages.urgent import UrgentMessage

register_permission_policy(UrgentMessage, KeepingPolicy(UrgentMessage))


@hooks.register("register_admin_viewset")
def urgent_messages() -> UrgentMessageViewSet:
    """Put urgent messages into the menu."""
    return UrgentMessageViewSet()


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Return our screens' addresses under /admin/."""
    return [
        path("gennemsyn/", ReviewReport.as_view(), name="editors_reviews"),
        path("gennemsyn/liste/", ReviewReport.as_view(results_only=True), name="editors_reviews_results"),
        path("gennemsyn/<int:page_id>/bekraeft/", views.confirm, name="editors_confirm"),
        path("kontrol/", CheckReport.as_view(), name="editors_checks"),
        path("kontrol/liste/", CheckReport.as_view(results_only=True), name="editors_checks_results"),
        path("kontrol/<int:page_id>/", views.CheckView.as_view(), name="editors_check"),
        path("vejledning/", views.GuideView.as_view(), name="editors_guide"),
    ]


class EditorsMenuItem(MenuItem):
    """A report that those who edit pages see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide it from others."""
        return may_edit_pages(request.user)


@hooks.register("register_reports_menu_item")
def reviews() -> MenuItem:
    """Put the reviews among the reports."""
    return EditorsMenuItem(_("Reviews"), reverse("editors_reviews"), icon_name="calendar-check", order=100)


@hooks.register("register_reports_menu_item")
def checks() -> MenuItem:
    """Put the content check among the reports."""
    return EditorsMenuItem(_("Content check"), reverse("editors_checks"), icon_name="glasses", order=110)


@hooks.register("register_admin_menu_item")
def guide() -> MenuItem:
    """Put the guide into the menu, for everybody."""
    return MenuItem(_("Guide"), reverse("editors_guide"), icon_name="help", order=900)


@hooks.register("construct_homepage_panels")
def our_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Show our panels instead of Wagtail's: they say the same and more, in fewer queries."""
    panels[:] = [Dashboard()]


@hooks.register("construct_homepage_summary_items")
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    """Leave out how many pages, pictures and documents there are."""
    items.clear()


@hooks.register("construct_page_action_menu")
def no_publishing_alone(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Take "Publish" away where a new page takes two approvals; its parent's permissions do not know."""
    model = context["page"].specific_class if context.get("page") else None
    model = model or getattr(context.get("parent_page"), "specific_class", None)
    if getattr(model, "needs_two_approvals", False):
        items[:] = [item for item in items if not isinstance(item, PublishMenuItem)]


@hooks.register("before_publish_page")
def approvals_first(request: HttpRequest, page: Any) -> HttpResponseBase | None:
    """Say in words that a page takes two approvals, where somebody asks to publish it all the same."""
    if not getattr(page, "needs_two_approvals", False):
        return None
    revision = page.get_latest_revision()
    try:
        if revision is None:
            raise NotApprovedError(_("This page is published when two people who did not write it have approved it."))
        require_approvals(page=page, revision=revision)
    except NotApprovedError as error:
        messages.error(request, str(error))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_copy_page")
def no_published_copies(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """Refuse to publish copies, or make aliases, of pages that take two approvals; drafts may be copied."""
    asked = request.method == "POST" and (request.POST.get("publish_copies") or request.POST.get("alias"))
    if not asked:
        return None
    below = page.get_descendants(inclusive=True) if request.POST.get("copy_subpages") else [page]
    if any(getattr(other.specific_class, "needs_two_approvals", False) for other in below):
        messages.error(request, _("Copies of pages that two people approve are drafts. Copy without publishing."))
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


@hooks.register("before_bulk_action")
def checked_before_bulk_publishing(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> HttpResponseBase | None:
    """Refuse to publish pages in bulk whose content has errors, and say which."""
    if action_type != "publish" or Page not in action.models:
        return None
    pages = list(objects)
    form = getattr(action, "cleaned_form", None)
    if form is not None and form.cleaned_data.get("include_descendants"):
        pages += [below for page in objects for below in page.get_descendants().not_live()]
    drafts = [page.get_latest_revision_as_object() for page in pages]
    for draft, findings in zip(drafts, check_pages(drafts), strict=True):
        wrong = [finding for finding in findings if finding.error]
        if wrong:
            said = _("“%(title)s” cannot be published: %(why)s Nothing was published.")
            messages.error(request, said % {"title": draft.title, "why": str(wrong[0])})
            return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_explore_root"))
    return None


@hooks.register("after_edit_page")
def home_after_deciding(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """Lead an approver who has decided home: the page they decided on is not theirs to edit any more."""
    decided = request.POST.get("action-workflow-action") and request.POST.get("workflow-action-name")
    if not decided or page.permissions_for_user(request.user).can_edit():
        return None
    return redirect("wagtailadmin_home")
