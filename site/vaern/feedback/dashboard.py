"""The inbox on the editors' home page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vaern.cms.dashboard import DashboardPanel, Listing, Row, first_rows, register_panel
from vaern.feedback.models import Feedback


def may_read(user: Any) -> bool:
    """Say whether the user reads what readers wrote."""
    return bool(user.has_perm("feedback.view_feedback"))


def inbox(request: HttpRequest) -> Listing:
    """Return what is new, the newest first."""
    new = Feedback.objects.filter(state=Feedback.State.NEW)
    count, rows = first_rows(new.select_related("page"))
    return Listing(
        count,
        [
            Row(
                Truncator(row.text).chars(80) or (_("Useful") if row.useful else _("Not useful")),
                reverse("feedback:edit", args=[row.pk]),
                row.page.title,
            )
            for row in rows
        ],
        reverse("feedback:index"),
    )


register_panel(
    DashboardPanel("feedback", gettext_lazy("Feedback"), gettext_lazy("Nothing new from readers."), may_read, inbox, 40)
)
