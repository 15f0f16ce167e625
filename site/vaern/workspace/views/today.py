"""The screen that a coordinator opens in the morning."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy

from vaern.cms.dashboard import panels_of
from vaern.workspace import agenda
from vaern.workspace.dashboard import KEY, near
from vaern.workspace.flags import DAY
from vaern.workspace.permissions import coordinates, sees_sessions
from vaern.workspace.views.base import WorkspaceView

OWN = f"{KEY}today"
CONTACTS = "contacts"


class TodayView(WorkspaceView):
    """Today and next week, day by day, and beside it what needs a hand."""

    template_name = "workspace/admin/today.html"
    page_title = gettext_lazy("Today and next week")
    header_icon = "date"
    trail: ClassVar = []

    def allowed(self, user: Any) -> bool:
        """Let in whoever has sessions to look at."""
        return sees_sessions(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the days, and the panels but the one that leads here."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        now, user = timezone.now(), self.request.user
        today = timezone.localdate()
        days = agenda.by_day(agenda.entries(near(user, now), now=now), [today])
        panels = [
            panel
            for panel in panels_of(user)
            if panel.key != OWN and (panel.key.startswith(KEY) or panel.key == CONTACTS)
        ]
        listings = [(panel, panel.read(self.request)) for panel in panels]
        return {
            **context,
            "days": days,
            "today": today,
            "tomorrow": today + DAY,
            "coordinates": coordinates(user),
            "panels": [pair for pair in listings if pair[1].count],
            "quiet": [pair[0] for pair in listings if not pair[1].count],
        }


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())
