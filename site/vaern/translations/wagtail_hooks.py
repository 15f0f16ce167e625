"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from vaern.translations import views


class ReportItem(MenuItem):
    """Shown to those who work with pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether it is in this user's menu."""
        return views.may_read(request.user)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Add the report's addresses."""
    return [
        path("reports/translations/", views.translations, name="translations_report"),
        path("reports/translations/<int:pk>/", views.still_right, name="translations_still_right"),
    ]


@hooks.register("register_reports_menu_item")
def menu_item() -> ReportItem:
    """Put the report into the menu."""
    return ReportItem(_("Translations"), reverse("translations_report"), icon_name="globe", order=800)
