"""Synonyms and the report of vain searches, in the Wagtail admin."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from vaern.search.models import Synonym
from vaern.search.queries import misses

SHOWN = 200


class SynonymViewSet(SnippetViewSet):
    """The editors' synonyms."""

    model = Synonym
    icon = "list-ul"
    menu_label = gettext_lazy("Synonyms")
    add_to_admin_menu = False
    list_display = ["word", "others", "language", "both_ways"]
    list_filter = ["language"]
    search_fields = ["word", "others"]


def may_read(user: object) -> bool:
    """Say whether the user works with pages."""
    return bool(PagePermissionPolicy().user_has_any_permission(user, {"add", "change", "publish"}))


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """List what was searched in vain on at least three days."""
    if not may_read(request.user):
        raise PermissionDenied
    return TemplateResponse(
        request,
        "search/admin/report.html",
        {"page_title": _("Searches without a result"), "header_icon": "search", "rows": list(misses()[:SHOWN])},
    )
