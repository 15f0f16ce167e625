"""One administration's people on sessions, for its own coordinator: who and how many, and nobody of another one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.admin import words
from bookings.models import PersonLine, Session
from bookings.rules import State
from vaern.workspace.permissions import sees_own_administration
from vaern.workspace.views.base import WorkspaceView

LOOK_BACK = dt.timedelta(days=366)
MOST = 500  # persons on the sessions that are to come, and as many on those that are over
IN_ORDER = ("session__starts_at", "session_id", "pk")


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


def lines_of(user: Any) -> QuerySet[PersonLine]:
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
    return rows.select_related("booking", "session__workshop")


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
        lines = lines_of(user)
        coming, more = groups_of(lines.filter(session__starts_at__gt=now).order_by(*IN_ORDER))
        newest_first = ("-session__starts_at", "-session_id", "pk")
        past, more_past = groups_of(lines.filter(session__starts_at__lte=now).order_by(*newest_first))
        return {
            **context,
            "administration": user.administration,
            "coming": coming,
            "past": past,
            "cut": more or more_past,
        }


def groups_of(lines: QuerySet[PersonLine]) -> tuple[list[Group], bool]:
    """Return the first sessions with their persons, MOST of them, and whether there are more. One query.

    A session that would be cut in two is left out, so that its count is right; the first is always there.
    """
    found = list(lines[: MOST + 1])
    more = len(found) > MOST
    groups: dict[int, Group] = {}
    for line in found[:MOST]:
        group = groups.setdefault(line.session_id, Group(line.session, words.when(line.session)))
        group.people.append(line)
    if more and len(groups) > 1:
        groups.pop(found[MOST].session_id, None)
    return list(groups.values()), more
