"""What readers search for in vain, on the editors' home page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, ngettext

from vaern.cms.dashboard import DashboardPanel, Listing, Row, first_rows, register_panel
from vaern.search.admin import may_read
from vaern.search.queries import misses


def in_vain(request: HttpRequest) -> Listing:
    """Return this month's phrases that found nothing, the most frequent first. One query, two with many phrases."""
    found = misses().filter(month=timezone.localdate().replace(day=1))
    count, rows = first_rows(found)
    address = reverse("search_report")
    return Listing(
        count,
        [
            Row(
                row.phrase,
                address,
                ngettext("%(count)d time, last on %(day)s", "%(count)d times, last on %(day)s", row.count)
                % {"count": row.count, "day": date_format(row.last_day, "j. F")},
            )
            for row in rows
        ],
        address,
    )


register_panel(
    DashboardPanel(
        "searches",
        gettext_lazy("Searched for in vain this month"),
        gettext_lazy("No word has been searched for in vain on several days this month."),
        may_read,
        in_vain,
        60,
    )
)
