"""One administration's people on sessions, for its own coordinator: who and how many, and nobody of another one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.admin import words
from bookings.models import Booking, PersonLine, Session
from bookings.rules import State
from vaern.workspace.permissions import sees_own_administration
from vaern.workspace.views.base import WorkspaceView

LOOK_BACK = dt.timedelta(days=366)
MOST = 500


@dataclass
class Group:
    """A session with those who are on it."""

    session: Session
    when: str
    people: list[PersonLine] = field(default_factory=list)

    @property
    def confirmed(self) -> int:
        """Return how many have a place."""
        return sum(one.booking.state == State.CONFIRMED for one in self.people)


def lines_of(user: Any) -> Any:
    """Return the persons of the user's own administration on sessions of the last year and those to come. A renamed
    administration keeps its code, so its earlier people are among them."""
    if user.administration is None:
        return PersonLine.objects.none()
    rows = PersonLine.objects.filter(
        booking__administration__code=user.administration.code,
        booking__audience="staff",
        active=True,
        session__starts_at__gte=timezone.now() - LOOK_BACK,
    ).exclude(session__status=Session.Status.CANCELLED)
    return rows.select_related("booking", "session__workshop").order_by("session__starts_at", "session_id", "pk")


class AdministrationView(WorkspaceView):
    """The coming sessions with the administration's people, then those that are over."""

    template_name = "workspace/admin/administration.html"
    page_title = gettext_lazy("My administration")
    header_icon = "group"
    trail: ClassVar = []

    def allowed(self, user: Any) -> bool:
        """Let in who has an administration to look at."""
        return sees_own_administration(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sessions with their people, and the counts."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        now = timezone.now()
        user: Any = self.request.user
        lines = list(lines_of(user)[:MOST])
        groups: dict[int, Group] = {}
        for line in lines:
            group = groups.setdefault(line.session_id, Group(line.session, words.when(line.session)))
            group.people.append(line)
        found = list(groups.values())
        return {
            **context,
            "administration": user.administration,
            "coming": [one for one in found if one.session.starts_at > now],
            "past": [one for one in reversed(found) if one.session.starts_at <= now],
            "cut": len(lines) == MOST,
            "states": Booking.State,
        }
