"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from bookings.admin.viewsets import BookingPolicy, BookingsGroup
from bookings.models import Booking, Session
from vaern.cms.staff import KeepingPolicy

register_permission_policy(Session, KeepingPolicy(Session))
register_permission_policy(Booking, BookingPolicy(Booking))


@hooks.register("register_admin_viewset")
def sessions_and_bookings() -> BookingsGroup:
    """Put sessions and bookings into the menu."""
    return BookingsGroup()
