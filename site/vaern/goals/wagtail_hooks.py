"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from typing import ClassVar

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from vaern.cms.staff import KeepingPolicy
from vaern.goals.admin import GoalsGroup
from vaern.goals.models import Goal, GoalYear


class GoalPolicy(KeepingPolicy):
    """A goal without the code that counts it would be no goal: nobody adds one here."""

    denied: ClassVar = frozenset({"add", "delete"})


register_permission_policy(Goal, GoalPolicy(Goal))
register_permission_policy(GoalYear, KeepingPolicy(GoalYear))


@hooks.register("register_admin_viewset")
def goals() -> GoalsGroup:
    """Put goals and targets into the menu."""
    return GoalsGroup()
