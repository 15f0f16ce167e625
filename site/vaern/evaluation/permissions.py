"""Who sees results: coordinators all, facilitators those of their own sessions (domain.md §1)."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from bookings.models import Session
from vaern.people.models import User

ALL = "evaluation.view_results"
OWN = "evaluation.view_own_results"


def may_see_all(user: User | AnonymousUser) -> bool:
    """Say whether the user sees the results of every session, workshop and year."""
    return user.has_perm(ALL)


def may_see_some(user: User | AnonymousUser) -> bool:
    """Say whether the user sees any results."""
    return user.has_perm(ALL) or user.has_perm(OWN)


def sessions_to_see(user: User | AnonymousUser) -> QuerySet[Session]:
    """Return the sessions whose results the user may see."""
    if user.has_perm(ALL):
        return Session.objects.all()
    return Session.objects.filter(facilitators=user.pk) if user.has_perm(OWN) else Session.objects.none()
