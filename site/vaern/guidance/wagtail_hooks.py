"""Hooks into the Wagtail admin. Wagtail imports this file when it builds the admin's addresses."""

from __future__ import annotations

from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from vaern.cms.staff import KeepingPolicy
from vaern.guidance.admin import GuidanceGroup
from vaern.guidance.models import Contact, Situation

for model in (Contact, Situation):
    register_permission_policy(model, KeepingPolicy(model))
register_snippet(GuidanceGroup)
