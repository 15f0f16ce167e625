"""The report of translations, in the Wagtail admin."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from vaern.translations.domain import say_still_right
from vaern.translations.queries import report


def may_read(user: object) -> bool:
    """Say whether the user works with pages."""
    return bool(PagePermissionPolicy().user_has_any_permission(user, {"add", "change", "publish"}))


@require_safe
def translations(request: HttpRequest) -> HttpResponse:
    """List the Danish pages whose translation is missing or behind."""
    if not may_read(request.user):
        raise PermissionDenied
    return TemplateResponse(
        request,
        "translations/admin/report.html",
        {"page_title": _("Translations"), "header_icon": "globe", "rows": report()},
    )


@require_POST
def still_right(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that the translation still fits."""
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if say_still_right(page=page, actor=request.user):
        messages.success(request, _("Noted: the translation is still right."))
    return redirect("translations_report")
