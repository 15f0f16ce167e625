"""The editors' own screens in the admin: one page's remarks, "reviewed today", and the guide."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from vaern.editors.domain import confirm_review
from vaern.editors.guide import guides_for
from vaern.pages.checks.service import check_page


@require_POST
def confirm(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """Record that the page has been reviewed today, and go back to the list."""
    try:
        page = confirm_review(page_id=page_id, actor=request.user, today=timezone.localdate())
    except Page.DoesNotExist as error:
        raise Http404 from error
    said = _("“%(title)s” is reviewed. Next review: %(day)s.")
    messages.success(
        request, said % {"title": page.title, "day": date_format(page.review_on or timezone.localdate(), "j. F Y")}
    )
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else reverse("editors_reviews"))


class CheckView(WagtailAdminTemplateMixin, TemplateView):
    """What the checks find in a page's newest draft."""

    template_name = "editors/admin/check.html"
    header_icon = "glasses"
    page_title = gettext_lazy("Content check")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Check the draft. Raises PermissionDenied for those who may not edit it."""
        page = get_object_or_404(Page, pk=self.kwargs["page_id"]).get_latest_revision_as_object()
        if not page.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        findings = check_page(page)
        return super().get_context_data(
            page=page,
            errors=[finding for finding in findings if finding.error],
            advice=[finding for finding in findings if not finding.error],
            **kwargs,
        )

    def get_page_subtitle(self) -> str:
        """Return the page's title."""
        return str(get_object_or_404(Page, pk=self.kwargs["page_id"]).title)


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """The guide for every role."""

    template_name = "editors/admin/guide.html"
    header_icon = "help"
    page_title = gettext_lazy("Guide")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the guides, the user's own first."""
        return super().get_context_data(guides=guides_for(self.request.user), **kwargs)
