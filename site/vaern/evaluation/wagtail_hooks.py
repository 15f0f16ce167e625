"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from typing import ClassVar

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from vaern.cms.staff import KeepingPolicy
from vaern.evaluation.admin import EvaluationGroup
from vaern.evaluation.models import EvaluationSettings, Question


class SettingsPolicy(KeepingPolicy):
    """There is one row for good."""

    denied: ClassVar = frozenset({"add", "delete"})


register_permission_policy(Question, KeepingPolicy(Question))
register_permission_policy(EvaluationSettings, SettingsPolicy(EvaluationSettings))


@hooks.register("register_admin_viewset")
def evaluation() -> EvaluationGroup:
    """Put the evaluation into the menu."""
    return EvaluationGroup()
