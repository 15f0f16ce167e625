"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from vaern.search.admin import SynonymViewSet, may_read, report

register_snippet(SynonymViewSet)


class ReportItem(MenuItem):
    """Shown to those who work with pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether it is in this user's menu."""
        return may_read(request.user)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Add the report's address."""
    return [path("reports/searches/", report, name="search_report")]


@hooks.register("register_reports_menu_item")
def menu_item() -> ReportItem:
    """Put the report into the menu."""
    return ReportItem(_("Searches without a result"), reverse("search_report"), icon_name="search", order=810)
