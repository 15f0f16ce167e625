"""Wagtail's user screens, with our viewset. A module of its own, since Django reads it before any model."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class StaffUsersConfig(WagtailUsersAppConfig):
    """Stands in INSTALLED_APPS where `wagtail.users` stood."""

    user_viewset = "vaern.people.admin.StaffUserViewSet"
