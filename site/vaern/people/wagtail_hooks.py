"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses.

The screens are put into the menu by `vaern.workspace`, whose list of organisations stands in the place of ours.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from vaern.cms.staff import KeepingPolicy, ReadOnlyPolicy
from vaern.people.models import Administration, Organisation, School, SchoolGroup, User

register_permission_policy(School, ReadOnlyPolicy(School))
for model in (Organisation, SchoolGroup, Administration):
    register_permission_policy(model, KeepingPolicy(model))


@hooks.register("before_bulk_action")
def no_bulk_changes_of_users(request: HttpRequest, action_type: str, objects: Any, action: Any) -> None:
    """Refuse Wagtail's bulk actions on users: they would change an administrator, and record nothing."""
    if User in action.models:
        raise PermissionDenied
