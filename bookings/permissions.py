"""Who may see and report what (domain.md §1)."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from bookings.models import Session
from vaern.people.models import User

ANY = "bookings.report_any_attendance"
OWN = "bookings.report_own_attendance"
MANAGE = "bookings.manage_bookings"


def sessions_to_report(user: User | AnonymousUser) -> QuerySet[Session]:
    """Return the sessions whose attendance the user may report: all, their own, or none."""
    if user.has_perm(ANY):
        return Session.objects.all()
    if user.has_perm(OWN):
        return Session.objects.filter(facilitators=user.pk)
    return Session.objects.none()


def may_report(user: User | AnonymousUser) -> bool:
    """Say whether the user may report anything at all."""
    return user.has_perm(ANY) or user.has_perm(OWN)
