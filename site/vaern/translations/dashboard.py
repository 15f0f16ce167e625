"""Translations that are missing or behind, on the editors' home page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.cms.dashboard import ROWS, DashboardPanel, Listing, Row, register_panel
from vaern.translations import queries
from vaern.translations.views import may_read


def to_translate(request: HttpRequest) -> Listing:
    """Return the Danish pages whose English page is missing, a draft or behind. One query."""
    found = queries.report()
    return Listing(
        len(found),
        [
            Row(
                row.source.title,
                reverse("wagtailadmin_pages:edit", args=[(row.translation or row.source).pk]),
                _said(row),
            )
            for row in found[:ROWS]
        ],
        reverse("translations_report"),
    )


def _said(row: queries.Row) -> str:
    if row.state == "missing":
        return _("There is no English page")
    if row.state == "draft":
        return _("The English page is a draft")
    changed = timezone.localtime(row.source.last_published_at)
    return _("The Danish page was changed on %(day)s") % {"day": date_format(changed, "j. F Y")}


register_panel(
    DashboardPanel(
        "translations",
        gettext_lazy("English pages to look after"),
        gettext_lazy("Every Danish page has an English one that is up to date."),
        may_read,
        to_translate,
        50,
    )
)
