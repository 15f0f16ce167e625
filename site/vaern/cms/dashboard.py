"""The home page of the admin: panels that apps register, so that the ground imports nobody above.

A panel says how many there are, shows the first of them, and leads to the rest. Keep its `read` at one or two queries,
since all panels are on one page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest
from django.utils.functional import Promise
from wagtail.admin.ui.components import Component

ROWS = 5


@dataclass(frozen=True)
class Row:
    """One thing to do: what it is, where, and a short note (a date, a person)."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Listing:
    """How many there are, the first of them, and where all of them are."""

    count: int
    rows: list[Row] = field(default_factory=list)
    url: str = ""


def first_rows(rows: QuerySet[Any]) -> tuple[int, list[Any]]:
    """Return how many there are, and the first of them. One query."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:ROWS])
    return (found[0].in_all if found else 0), found


@dataclass(frozen=True)
class DashboardPanel:
    """A panel: who sees it (`allowed`, given the user), and how it is read (given the request)."""

    key: str
    title: str | Promise
    nothing: str | Promise
    allowed: Callable[[Any], bool]
    read: Callable[[HttpRequest], Listing]
    order: int = 100


_panels: dict[str, DashboardPanel] = {}


def register_panel(panel: DashboardPanel) -> None:
    """Put a panel on the home page of the admin; a key has one panel (the last that is registered)."""
    _panels[panel.key] = panel


def panels_of(user: Any) -> list[DashboardPanel]:
    """Return the panels that this user sees, in their order."""
    return sorted((panel for panel in _panels.values() if panel.allowed(user)), key=lambda panel: panel.order)


class Dashboard(Component):
    """All panels, as one piece of the home page."""

    name = "vaern_dashboard"
    template_name = "cms/dashboard.html"
    order = 10

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Read the panels of the user."""
        request = parent_context["request"]
        return {"panels": [(panel, panel.read(request)) for panel in panels_of(request.user)]}
