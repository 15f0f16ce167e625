"""What the workspace's own screens share: Wagtail's frame, Danish time, a gate, and our style sheet."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from vaern.cms.staff import LocalTimeMixin


class WorkspaceView(LocalTimeMixin, WagtailAdminTemplateMixin, TemplateView):
    """A screen for those whom `allowed` lets in; Wagtail leads the others to its home page."""

    trail: ClassVar[list[tuple[str, Any]]] = [("workspace_today", gettext_lazy("Today and next week"))]
    index_url_name = ""

    def allowed(self, user: Any) -> bool:
        """Say whether the user may open the screen."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse those who may not."""
        if not self.allowed(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        above = [{"url": reverse(name), "label": label} for name, label in self.trail]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]
