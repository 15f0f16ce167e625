"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from vaern.cms.staff import KeepingPolicy
from vaern.schooldays.admin import SchoolHolidayViewSet
from vaern.schooldays.models import SchoolHoliday

register_permission_policy(SchoolHoliday, KeepingPolicy(SchoolHoliday))


@hooks.register("register_admin_viewset")
def school_holidays() -> SchoolHolidayViewSet:
    """Put school holidays into the menu."""
    return SchoolHolidayViewSet()
