"""Who sees what in the workspace (domain.md §1): coordinators all, facilitators their own sessions, an administration
coordinator the own administration's people."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from bookings.models import Session
from bookings.permissions import MANAGE, OWN

ALL_SESSIONS = "bookings.view_session"
CHANGE_SESSIONS = "bookings.change_session"
PLAN_SESSIONS = "bookings.add_session"
OWN_ADMINISTRATION = "workspace.see_own_administration"
MESSAGES = "outbox.view_message"


def sees_sessions(user: Any) -> bool:
    """Say whether the user has sessions to look at here: all, or the own ones."""
    return bool(user.has_perm(ALL_SESSIONS) or user.has_perm(OWN))


def sessions_of(user: Any) -> QuerySet[Session]:
    """Return the sessions that the user may see here: all, the own ones, or none."""
    if user.has_perm(ALL_SESSIONS):
        return Session.objects.all()
    if user.has_perm(OWN):
        return Session.objects.filter(facilitators=user.pk)
    return Session.objects.none()


def manages(user: Any) -> bool:
    """Say whether the user handles bookings."""
    return bool(user.has_perm(MANAGE))


def coordinates(user: Any) -> bool:
    """Say whether the user sees every session."""
    return bool(user.has_perm(ALL_SESSIONS))


def sees_own_administration(user: Any) -> bool:
    """Say whether the user has an administration whose people to look at."""
    return bool(user.administration_id and user.has_perm(OWN_ADMINISTRATION))
